package org.postern.simulator.devices.internal.electricity.commands;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;
import org.postern.simulator.devices.internal.schedule.Instruction;
import org.postern.simulator.devices.internal.schedule.PendingInstructions;
import org.postern.simulator.devices.internal.schedule.ScheduledCommand;
import org.postern.simulator.devices.internal.schedule.SplitCommand;

/**
 * Splits future-dated electricity commands: each item that says when a prepared value takes effect (column {@code date}
 * of {@code cosem-activations.tsv}) is one instruction. Until then the device works as if that date were a
 * cancellation; when it has come, what the command prepared is set again with immediate effect.
 */
public final class DlmsChanges {

    private static final int ALERT = 0x00CC;

    private record Row(String date, String prepared) {}

    private final List<Row> rows = Activations.table().rows().stream()
            .map(r -> new Row(r.text("date"), r.text("passive")))
            .toList();
    private final Set<String> dates = rows.stream().map(Row::date).collect(Collectors.toSet());

    /** @param apply sets things in the device */
    public SplitCommand<DlmsPayload.AccessRequest> split(
            PendingInstructions pending,
            GroupingHeader header,
            DlmsPayload.AccessRequest request,
            Consumer<DlmsPayload.AccessRequest> apply) {
        List<DlmsPayload.RequestItem> now = new ArrayList<>();
        List<Instruction> later = new ArrayList<>();
        Instant at = null;
        for (DlmsPayload.RequestItem item : request.items()) {
            Optional<DlmsDateTime> date = date(item);
            now.add(item);
            if (date.isEmpty()) {
                continue;
            }
            pending.drop(item.target().toString());
            Optional<Instant> when = date.get().equals(DlmsDateTime.IMMEDIATE)
                    ? Optional.empty()
                    : date.get().instant();
            if (when.isPresent()) {
                at = when.get();
                now.set(now.size() - 1, with(item, DlmsDateTime.CANCEL));
                later.add(new Change(header, item.target(), effect(request, item), apply));
            }
        }
        return new SplitCommand<>(
                new DlmsPayload.AccessRequest(request.longInvokeId(), now),
                later.isEmpty() ? Optional.empty() : Optional.of(new ScheduledCommand(at, header.originator(), later)));
    }

    private Optional<DlmsDateTime> date(DlmsPayload.RequestItem item) {
        return item.operation() == DlmsPayload.Operation.SET
                        && dates.contains(item.target().toString())
                        && item.data() instanceof DlmsData.Octets o
                        && o.bytes().length() == DlmsDateTime.LENGTH
                ? Optional.of(DlmsDateTime.of(o.bytes()))
                : Optional.empty();
    }

    private static DlmsPayload.RequestItem with(DlmsPayload.RequestItem item, DlmsDateTime date) {
        return new DlmsPayload.RequestItem(item.operation(), item.target(), item.selection(), DlmsData.date(date));
    }

    /** What the command prepares for that date, and the date as now. */
    private DlmsPayload.AccessRequest effect(DlmsPayload.AccessRequest request, DlmsPayload.RequestItem date) {
        Set<String> prepared = rows.stream()
                .filter(r -> r.date().equals(date.target().toString()))
                .map(Row::prepared)
                .collect(Collectors.toSet());
        List<DlmsPayload.RequestItem> items = new ArrayList<>(request.items().stream()
                .filter(i -> i.operation() == DlmsPayload.Operation.SET
                        && prepared.contains(i.target().toString()))
                .toList());
        items.add(with(date, DlmsDateTime.IMMEDIATE));
        return new DlmsPayload.AccessRequest(request.longInvokeId(), items);
    }

    /** The instruction of one object. */
    private record Change(
            GroupingHeader command,
            DlmsPayload.Target target,
            DlmsPayload.AccessRequest effect,
            Consumer<DlmsPayload.AccessRequest> apply)
            implements Instruction {

        @Override
        public String object() {
            return target.toString();
        }

        @Override
        public int alertCode() {
            return ALERT;
        }

        @Override
        public Outcome takeEffect(boolean may, Instant now, long counter) {
            if (may) {
                apply.accept(effect);
            }
            Bytes identity = Bytes.ofHex(String.format(
                    "%04X%016X%04X%s%02X",
                    command.messageCode(),
                    command.counter(),
                    target.classId(),
                    target.obis().bytes().hex(),
                    target.index()));
            Payload payload = DlmsPayload.DataNotification.of(
                    counter, Instruction.code(may), DlmsDateTime.of(now, false), List.of(DlmsData.octets(identity)));
            return new Outcome(may, payload);
        }
    }
}
