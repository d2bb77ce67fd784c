package org.postern.simulator.devices.internal.gas.commands;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.postern.catalogue.Table;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.ZclFields;
import org.postern.simulator.devices.internal.schedule.Instruction;
import org.postern.simulator.devices.internal.schedule.PendingInstructions;
import org.postern.simulator.devices.internal.schedule.ScheduledCommand;
import org.postern.simulator.devices.internal.schedule.SplitCommand;

/**
 * Splits future-dated gas commands: each component with a start time of its own (table {@code gbz-activations.tsv}) is
 * one instruction, and the components without one that follow it belong to it (the days, weeks and seasons of a
 * calendar). Until then the device works as if that time were a cancellation; when it has come, the components are done
 * again with immediate effect.
 */
public final class GbzChanges {

    private static final int ALERT = 0x00CD;
    private static final String FROM_DATE = "from-date";
    private static final String CALENDAR_TYPE = "calendarType";
    private static final int IDENTITY_LENGTH = 14;
    private static final int TIME = 4;

    private record Activation(String field, long cancel) {}

    private final ZclFields layouts = ZclFields.load();
    private final Map<Integer, Activation> activations = new HashMap<>();

    public GbzChanges() {
        for (Table.Row row : Table.resource(
                        GbzChanges.class, "gbz-activations.tsv", "cluster", "command", "field", "cancel")
                .rows()) {
            activations.put(
                    row.hex("cluster", 4) << 8 | row.hex("command", 2),
                    new Activation(
                            row.text("field"),
                            row.parsed("cancel", "a time in hex digits", text -> Long.parseLong(text, 16))));
        }
    }

    /** @param apply does things in the device */
    public SplitCommand<GbzPayload.Components> split(
            PendingInstructions pending,
            GroupingHeader header,
            GbzPayload.Components request,
            Consumer<GbzPayload.Components> apply) {
        List<GbzPayload.Component> now = new ArrayList<>();
        List<Change> later = new ArrayList<>();
        Instant at = null;
        Change open = null;
        for (GbzPayload.Component component : request.components()) {
            Activation activation = component.frame().clusterSpecific() ? activations.get(key(component)) : null;
            if (activation == null) {
                now.add(component);
                if (open != null && open.first.cluster() == component.cluster()) {
                    open.effect.add(component);
                }
                continue;
            }
            long start = start(component, activation);
            String object = String.format(Locale.ROOT, "%06X/%d", key(component), number(component, CALENDAR_TYPE));
            pending.drop(object);
            open = null;
            if (start == 0 || start == activation.cancel()) {
                now.add(component);
                continue;
            }
            at = Instant.ofEpochSecond(start + DlmsDateTime.EPOCH_2000);
            open = new Change(header, object, component, new ArrayList<>(List.of(at(component, activation, 0))), apply);
            later.add(open);
            now.add(at(component, activation, activation.cancel()));
        }
        return new SplitCommand<>(
                new GbzPayload.Components(now),
                later.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ScheduledCommand(at, header.originator(), List.copyOf(later))));
    }

    private static int key(GbzPayload.Component component) {
        return component.cluster() << 8 | component.frame().command();
    }

    private long start(GbzPayload.Component component, Activation activation) {
        return activation.field().equals(FROM_DATE)
                ? component.fromDate().orElse(0)
                : number(component, activation.field());
    }

    private long number(GbzPayload.Component component, String field) {
        return find(component, field).map(ZclFields.Field::number).orElse(0L);
    }

    private Optional<ZclFields.Field> find(GbzPayload.Component component, String field) {
        try {
            return layouts.fields(component.cluster(), component.frame(), component.payload()).stream()
                    .filter(f -> f.name().equals(field))
                    .findFirst();
        } catch (GbcsRefusal unknown) {
            // a payload that is not of its layout has no start time
            return Optional.empty();
        }
    }

    /** The component with another start time. */
    private GbzPayload.Component at(GbzPayload.Component component, Activation activation, long start) {
        if (activation.field().equals(FROM_DATE)) {
            return new GbzPayload.Component(
                    component.control(),
                    component.cluster(),
                    component.encryption(),
                    OptionalLong.of(start),
                    component.frame(),
                    component.payload());
        }
        byte[] payload = component.payload().toArray();
        int offset = find(component, activation.field()).orElseThrow().offset();
        for (int i = 0; i < TIME; i++) {
            payload[offset + i] = (byte) (start >> 8 * i);
        }
        return component.withPayload(Bytes.of(payload));
    }

    /** The instruction of one component with a time of its own. */
    private static final class Change implements Instruction {

        private final GroupingHeader command;
        private final String object;
        private final GbzPayload.Component first;
        private final List<GbzPayload.Component> effect;
        private final Consumer<GbzPayload.Components> apply;

        private Change(
                GroupingHeader command,
                String object,
                GbzPayload.Component first,
                List<GbzPayload.Component> effect,
                Consumer<GbzPayload.Components> apply) {
            this.command = command;
            this.object = object;
            this.first = first;
            this.effect = effect;
            this.apply = apply;
        }

        @Override
        public String object() {
            return object;
        }

        @Override
        public int alertCode() {
            return ALERT;
        }

        @Override
        public Outcome takeEffect(boolean may, Instant now, long counter) {
            if (may) {
                apply.accept(GbzPayload.components(effect));
            }
            Bytes identity = Bytes.ofHex(String.format(
                    "%02X%04X%016X%04X%02X%02X",
                    IDENTITY_LENGTH,
                    command.messageCode(),
                    command.counter(),
                    first.cluster(),
                    first.frame().control(),
                    first.frame().command()));
            return new Outcome(
                    may,
                    new GbzPayload.Alert(
                            1,
                            Instruction.code(may),
                            now.getEpochSecond() - DlmsDateTime.EPOCH_2000,
                            identity,
                            List.of()));
        }
    }
}
