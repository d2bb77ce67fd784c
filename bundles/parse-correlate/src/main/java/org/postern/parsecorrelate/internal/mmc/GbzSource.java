package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.ZclFields;

/**
 * The components of a ZigBee payload as one source: {@code 0702/0000} is the value of an attribute, {@code 0702:06} the
 * list of commands of that cluster and number, each with its fields.
 */
final class GbzSource implements Source {

    private static final ZclFields.Maker<Source> MAKER = new ZclFields.Maker<>() {

        @Override
        public Source number(long value, int size) {
            return new Num(value, size);
        }

        @Override
        public Source bytes(Bytes value) {
            return new Octets(value);
        }

        @Override
        public Source list(List<Source> elements) {
            return new Listed(elements);
        }

        @Override
        public Source[] places(int number) {
            return new Source[number];
        }

        @Override
        public Source fields(String[] names, Source[] values) {
            return new Fields(names, values);
        }
    };

    private final Map<String, Source> attributes = new HashMap<>();
    private final Map<String, List<Source>> commands = new HashMap<>();
    private final List<GbzOutcome> outcomes = new ArrayList<>();

    /**
     * The status of one component or attribute of a response.
     *
     * @param attribute true for an attribute, false for a command
     * @param id attribute or command
     * @param status ZigBee status; -1 if the component could not be read
     * @param data true for a command that has data and no status
     */
    record GbzOutcome(int cluster, boolean attribute, int id, int status, boolean data) {}

    GbzSource(List<GbzPayload.Component> components, DecryptedMessage plain, ZclFields zcl) {
        for (int i = 0; i < components.size(); i++) {
            GbzPayload.Component c = components.get(i);
            Bytes payload = plain.zclPayload(c, i).orElse(null);
            if (payload != null) {
                read(c, payload, zcl);
            }
        }
    }

    private void read(GbzPayload.Component c, Bytes payload, ZclFields zcl) {
        int cluster = c.cluster();
        int command = c.frame().command();
        if (c.frame().clusterSpecific()) {
            String name = Digits.command(cluster, command);
            Source fields = fields(c, payload, zcl);
            if (fields != null) {
                commands.computeIfAbsent(name, k -> new ArrayList<>()).add(fields);
            }
            outcomes.add(new GbzOutcome(cluster, false, command, fields == null ? -1 : 0, true));
        } else if (command == 0x01) {
            for (ZclFields.Attribute r : zcl.readableAttributes(cluster, payload)) {
                if (r.success()) {
                    attributes.putIfAbsent(Digits.attribute(cluster, r.id()), value(r));
                }
                outcomes.add(new GbzOutcome(cluster, true, r.id(), r.status(), false));
            }
        } else if (command == 0x0B && payload.length() == 2) {
            outcomes.add(new GbzOutcome(cluster, false, payload.at(0), payload.at(1), false));
        } else {
            outcomes.add(new GbzOutcome(cluster, false, command, -1, true));
        }
    }

    /** The command's fields; null if no table has them or the payload does not fit the table. */
    private static @Nullable Source fields(GbzPayload.Component c, Bytes payload, ZclFields zcl) {
        if (!zcl.knows(c.cluster(), c.frame())) {
            return null;
        }
        try {
            return zcl.fields(c.cluster(), c.frame(), payload, MAKER);
        } catch (GbcsRefusal notOfItsLayout) {
            return null;
        }
    }

    private static Source value(ZclFields.Attribute record) {
        int size = record.value().length();
        return record.isString() || size == 0 || size > Long.BYTES
                ? new Octets(record.value())
                : number(record.value(), record.isSigned());
    }

    /** A little-endian number of one to eight bytes. */
    static Source number(Bytes b, boolean signed) {
        long bits = b.littleEndian(0, b.length());
        if (!signed) {
            return b.length() == Long.BYTES && bits < 0 ? new Unsigned(bits) : new Num(bits, b.length());
        }
        int unused = Long.SIZE - Byte.SIZE * b.length();
        return new Num(bits << unused >> unused, b.length());
    }

    /** Removes an attribute, a command or a field of a command, so that it is not reported as a reading. */
    void drop(List<String> path) {
        if (path.size() == 1) {
            attributes.remove(path.get(0));
            commands.remove(path.get(0));
        } else if (commands.containsKey(path.get(0))) {
            int i = Source.index(path.get(1), commands.get(path.get(0)).size());
            if (i >= 0 && commands.get(path.get(0)).get(i) instanceof Source.Fields fields) {
                fields.drop(path.get(2));
            }
        }
    }

    List<GbzOutcome> outcomes() {
        return outcomes;
    }

    /** True if there is content other than default responses. */
    boolean hasData() {
        return !attributes.isEmpty() || !commands.isEmpty();
    }

    @Override
    public @Nullable Source at(String step) {
        Source attribute = attributes.get(step);
        if (attribute != null) {
            return attribute;
        }
        List<Source> list = commands.get(step);
        return list == null ? null : new Listed(list);
    }
}
