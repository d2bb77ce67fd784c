package org.postern.dccsimulator.internal.meter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;

/**
 * What a command changes in a COSEM device. What is set is kept under its target; an item that says when a change takes
 * effect (table {@code activations.tsv}) moves what was prepared to where it counts: at once, later, or never. Methods
 * change money and supply by the table {@code actions.tsv}.
 */
final class DlmsChanges {

    private static final int ALERT = 0x00CC;

    private record Row(Pattern date, Pattern set, Pattern active) {
    }

    private final List<Row> rows = Table.rows("activations.tsv").stream()
            .map(r -> new Row(Pattern.of(r[0]), Pattern.of(r[1]), Pattern.of(r[2]))).toList();
    private final MoneyActions actions = new MoneyActions();

    /** Carries the command out, but for what is dated; gives that. */
    Done carryOut(Meter meter, GroupingHeader header, DlmsPayload.AccessRequest request) {
        Map<String, DlmsData> prepared = new LinkedHashMap<>();
        List<Instruction> later = new ArrayList<>();
        Instant at = null;
        for (DlmsPayload.RequestItem item : request.items()) {
            DlmsPayload.Target target = item.target();
            if (item.operation() == DlmsPayload.Operation.ACTION) {
                actions.act(meter, target.toString(), item.data());
                continue;
            }
            if (item.operation() != DlmsPayload.Operation.SET) {
                continue;
            }
            meter.store(target.toString(), item.data());
            prepared.put(target.toString(), item.data());
            Map<String, DlmsData> moves = moves(meter, target, prepared, request);
            Optional<DlmsDateTime> date = rows.stream().anyMatch(r -> r.date().matches(target)) ? date(item.data()) : Optional.empty();
            if (date.isEmpty()) {
                continue;
            }
            meter.drop(target.toString());
            Optional<Instant> when = date.get().instant();
            if (date.get().equals(DlmsDateTime.IMMEDIATE)) {
                moves.forEach(meter::store);
            } else if (when.isPresent()) {
                at = when.get();
                later.add(new Change(meter, header, target, moves));
            }
        }
        return later.isEmpty() ? Done.PLAIN : Done.dated(new Dated(at, header.originator(), later));
    }

    private static Optional<DlmsDateTime> date(DlmsData data) {
        return data instanceof DlmsData.Octets o && o.bytes().length() == DlmsDateTime.LENGTH ? Optional.of(DlmsDateTime.of(o.bytes()))
                : Optional.empty();
    }

    /** What goes where when the date of this target comes: from this command, even from an item after the date, or as held. */
    private Map<String, DlmsData> moves(Meter meter, DlmsPayload.Target date, Map<String, DlmsData> prepared,
            DlmsPayload.AccessRequest request) {
        Map<String, DlmsData> moves = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.date().matches(date)) {
                String from = row.set().with(date);
                DlmsData data = prepared.containsKey(from) ? prepared.get(from) : request.items().stream()
                        .filter(i -> i.operation() == DlmsPayload.Operation.SET && i.target().toString().equals(from)).findFirst()
                        .map(DlmsPayload.RequestItem::data).orElse(meter.stored(from));
                if (data != null) {
                    moves.put(row.active().with(date), data);
                }
            }
        }
        return moves;
    }

    /** The instruction of one object. */
    private record Change(Meter meter, GroupingHeader command, DlmsPayload.Target target, Map<String, DlmsData> moves) implements Instruction {

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
                moves.forEach(meter::store);
            }
            Bytes identity = Bytes.ofHex(String.format("%04X%016X%04X%s%02X", command.messageCode(), command.counter(), target.classId(),
                    target.obis().bytes().hex(), target.index()));
            Payload payload = DlmsPayload.DataNotification.of(counter, Instruction.code(may), DlmsDateTime.of(now, false),
                    List.of(DlmsData.octets(identity)));
            return new Outcome(may, payload);
        }
    }

    /** Class, OBIS and attribute of a table; {@code *} for any OBIS. */
    private record Pattern(String classId, String obis, String index) {

        static Pattern of(String text) {
            String[] parts = text.split("/");
            return new Pattern(parts[0], parts[1].equals("*") ? "" : org.postern.gbcs.Obis.parse(parts[1]).toString(), parts[2]);
        }

        boolean matches(DlmsPayload.Target target) {
            return classId.equals(Integer.toString(target.classId())) && index.equals(Integer.toString(target.index()))
                    && (obis.isEmpty() || obis.equals(target.obis().toString()));
        }

        /** The target, with the OBIS of the other where any fits. */
        String with(DlmsPayload.Target other) {
            return classId + "/" + (obis.isEmpty() ? other.obis().toString() : obis) + "/" + index;
        }
    }
}
