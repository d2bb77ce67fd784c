package org.postern.dccsimulator.internal.meter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.ZclFields;

/**
 * What a command changes in a ZigBee device: attributes, money and supply by the table {@code gbz-effects.tsv}, and all
 * that was published as it stands. A component with a time of its own (table {@code gbz-activations.tsv}) takes effect
 * then, and with it the components without one that follow it.
 */
final class GbzChanges {

    private static final int ALERT = 0x00CD;
    private static final String FROM_DATE = "from-date";
    private static final String CALENDAR_TYPE = "calendarType";
    private static final int IDENTITY_LENGTH = 14;

    private record Activation(String field, long cancel) {
    }

    private record Effect(String field, String condition, String what, String target) {
    }

    /** A component that takes effect by itself, and those that go with it. */
    private record Group(String object, long start, boolean cancels, List<GbzPayload.Component> components) {
    }

    private final ZclFields layouts = ZclFields.load();
    private final Map<Integer, Activation> activations = new HashMap<>();
    private final Map<Integer, List<Effect>> effects = new HashMap<>();

    GbzChanges() {
        for (String[] row : Table.rows("gbz-activations.tsv")) {
            activations.put(Integer.parseInt(row[0] + row[1], 16), new Activation(row[2], Long.parseLong(row[3], 16)));
        }
        for (String[] row : Table.rows("gbz-effects.tsv")) {
            effects.computeIfAbsent(Integer.parseInt(row[0] + row[1], 16), k -> new ArrayList<>())
                    .add(new Effect(row[2], row[3], row[4], row[5]));
        }
    }

    /** Carries the command out, but for what is dated; gives that. */
    Done carryOut(Meter meter, GroupingHeader header, GbzPayload.Components request) {
        List<Instruction> later = new ArrayList<>();
        Instant at = null;
        for (Group group : groups(request)) {
            if (group.object().isEmpty()) {
                apply(meter, group);
                continue;
            }
            meter.drop(group.object());
            if (group.start() == 0) {
                apply(meter, group);
            } else if (!group.cancels()) {
                at = Instant.ofEpochSecond(group.start() + DlmsDateTime.EPOCH_2000);
                later.add(new Change(meter, header, group));
            }
        }
        return later.isEmpty() ? Done.PLAIN : Done.dated(new Dated(at, header.originator(), later));
    }

    private List<Group> groups(GbzPayload.Components request) {
        List<Group> groups = new ArrayList<>();
        for (GbzPayload.Component component : request.components()) {
            Activation activation = component.frame().clusterSpecific() ? activations.get(key(component)) : null;
            if (activation != null) {
                Map<String, Long> fields = numbers(component);
                long start = activation.field().equals(FROM_DATE) ? component.fromDate().orElse(0) : fields.getOrDefault(activation.field(), 0L);
                groups.add(new Group(String.format("%06X", key(component)) + fields.getOrDefault(CALENDAR_TYPE, 0L), start,
                        start == activation.cancel(), new ArrayList<>(List.of(component))));
            } else if (!groups.isEmpty() && groups.get(groups.size() - 1).components().get(0).cluster() == component.cluster()) {
                groups.get(groups.size() - 1).components().add(component);
            } else {
                groups.add(new Group("", 0, false, new ArrayList<>(List.of(component))));
            }
        }
        return groups;
    }

    private static int key(GbzPayload.Component component) {
        return component.cluster() << 8 | component.frame().command();
    }

    private Map<String, Long> numbers(GbzPayload.Component component) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        try {
            layouts.fields(component.cluster(), component.frame(), component.payload()).forEach(f -> numbers.putIfAbsent(f.name(), f.number()));
        } catch (GbcsRefusal unknown) {
            // a command without a layout is kept as it stands and changes nothing else
            return Map.of();
        }
        return numbers;
    }

    private void apply(Meter meter, Group group) {
        meter.publish(group.object().isEmpty() ? String.format("%06X", key(group.components().get(0))) : group.object(), group.components());
        for (GbzPayload.Component component : group.components()) {
            if (!component.frame().clusterSpecific()) {
                continue;
            }
            Map<String, Long> fields = numbers(component);
            for (Effect effect : effects.getOrDefault(key(component), List.of())) {
                if (fields.containsKey(effect.field()) && fits(effect.condition(), fields)) {
                    apply(meter, effect, fields.get(effect.field()));
                }
            }
        }
    }

    private static boolean fits(String condition, Map<String, Long> fields) {
        int equals = condition.indexOf('=');
        return equals < 0 || Long.valueOf(condition.substring(equals + 1)).equals(fields.get(condition.substring(0, equals)));
    }

    private static void apply(Meter meter, Effect effect, long value) {
        switch (effect.what()) {
            case "hold" -> meter.hold(Integer.parseInt(effect.target(), 16), value);
            case "set" -> meter.state().set(MeterState.Amount.valueOf(effect.target()), value);
            case "add" -> meter.state().add(MeterState.Amount.valueOf(effect.target()), value);
            case "reset" -> meter.state().set(MeterState.Amount.valueOf(effect.target()), 0);
            case "emergency" -> meter.state().activateEmergencyCredit();
            default -> meter.state().supply(MeterState.Supply.valueOf(effect.target()));
        }
    }

    /** The instruction of one component with a time of its own. */
    private final class Change implements Instruction {

        private final Meter meter;
        private final GroupingHeader command;
        private final Group group;

        private Change(Meter meter, GroupingHeader command, Group group) {
            this.meter = meter;
            this.command = command;
            this.group = group;
        }

        @Override
        public String object() {
            return group.object();
        }

        @Override
        public int alertCode() {
            return ALERT;
        }

        @Override
        public Outcome takeEffect(boolean may, Instant now, long counter) {
            if (may) {
                apply(meter, group);
            }
            GbzPayload.Component first = group.components().get(0);
            Bytes identity = Bytes.ofHex(String.format("%02X%04X%016X%04X%02X%02X", IDENTITY_LENGTH, command.messageCode(), command.counter(),
                    first.cluster(), first.frame().control(), first.frame().command()));
            return new Outcome(may, new GbzPayload.Alert(1, Instruction.code(may), now.getEpochSecond() - DlmsDateTime.EPOCH_2000, identity,
                    List.of()));
        }
    }
}
