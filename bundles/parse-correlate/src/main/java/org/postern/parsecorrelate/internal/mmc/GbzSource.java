package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.GbzPayload;

/**
 * Components of a ZigBee payload as one source: {@code 0702/0000} is the value of an attribute that was read,
 * {@code 0702:06} the list of commands of that cluster and number, each with its fields.
 */
final class GbzSource implements Source {

    private final Map<String, Source> attributes = new HashMap<>();
    private final Map<String, List<Source>> commands = new HashMap<>();
    private final List<GbzOutcome> outcomes = new ArrayList<>();

    /**
     * What one component or attribute of a response ended with.
     *
     * @param attribute true for an attribute, false for a command
     * @param id attribute or command
     * @param status ZigBee status; -1 where the component could not be read
     * @param data true for a command that carries data and no status
     */
    record GbzOutcome(int cluster, boolean attribute, int id, int status, boolean data) {}

    GbzSource(List<GbzPayload.Component> components, DecryptedMessage plain, ZclLayouts layouts) {
        for (int i = 0; i < components.size(); i++) {
            GbzPayload.Component c = components.get(i);
            Bytes payload = plain.zclPayload(c, i).orElse(null);
            if (payload != null) {
                read(c, payload, layouts);
            }
        }
    }

    private void read(GbzPayload.Component c, Bytes payload, ZclLayouts layouts) {
        int cluster = c.cluster();
        int command = c.frame().command();
        if (c.frame().clusterSpecific()) {
            String name = Digits.command(cluster, command);
            Source fields = layouts.read(name, payload);
            if (fields != null) {
                commands.computeIfAbsent(name, k -> new ArrayList<>()).add(fields);
            }
            outcomes.add(new GbzOutcome(cluster, false, command, fields == null ? -1 : 0, true));
        } else if (command == 0x01) {
            for (ZclAttributes.Record r : ZclAttributes.read(payload)) {
                if (r.status() == 0 && r.value() != null) {
                    attributes.putIfAbsent(Digits.attribute(cluster, r.id()), r.value());
                }
                outcomes.add(new GbzOutcome(cluster, true, r.id(), r.status(), false));
            }
        } else if (command == 0x0B && payload.length() == 2) {
            outcomes.add(new GbzOutcome(cluster, false, payload.at(0), payload.at(1), false));
        } else {
            outcomes.add(new GbzOutcome(cluster, false, command, -1, true));
        }
    }

    /** Takes out an attribute, a command or a field of one, so that it is not given as a reading. */
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

    /** True where something was read beside default responses. */
    boolean hasData() {
        return !attributes.isEmpty() || !commands.isEmpty();
    }

    @Override
    public Source at(String step) {
        Source attribute = attributes.get(step);
        if (attribute != null) {
            return attribute;
        }
        List<Source> list = commands.get(step);
        return list == null ? null : new Listed(list);
    }
}
