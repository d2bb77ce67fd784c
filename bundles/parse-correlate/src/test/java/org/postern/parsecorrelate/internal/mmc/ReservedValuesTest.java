package org.postern.parsecorrelate.internal.mmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.ZclFields;
import org.postern.parsecorrelate.internal.mmc.ValidAnswers.Answer;
import org.postern.parsecorrelate.internal.mmc.ValidAnswers.Item;
import org.postern.parsecorrelate.internal.mmc.ValidAnswers.Part;

/**
 * Replaces every number of every valid response by the numbers that the standards reserve for its type, and every scale
 * by another: none of them becomes a reading, and every missing value is reported.
 */
class ReservedValuesTest {

    /** Numbers reserved by type (DLMS at the limits of the type; ZCL section 2.6.2), apart from the product's table. */
    private static final Map<DlmsTag, List<Long>> DLMS = Map.of(
            DlmsTag.UINT32,
            List.of(0xFFFFFFFFL, 0xFFFFFFFEL, 0xFFFFFF00L),
            DlmsTag.INT32,
            List.of(0x7FFFFFFFL, -0x80000000L));

    private static final Map<String, List<Long>> ZCL = Map.of(
            "u24",
            List.of(0xFFFFFFL, 0xFFFFFEL, 0xFFFF00L),
            "u32",
            List.of(0xFFFFFFFFL),
            "u48",
            List.of(0xFFFFFFFFFFFFL, 0xFFFFFFFFFFFEL),
            "i32",
            List.of(-0x80000000L, 0x7FFFFFFFL),
            "utc32",
            List.of(0xFFFFFFFFL));
    private static final Map<Integer, String> ATTRIBUTES =
            Map.of(0x20, "FF", 0x21, "FFFF", 0x22, "FFFFFF", 0x23, "FFFFFFFF", 0x25, "FFFFFFFFFFFF", 0x2B, "00000080");
    private static final Pattern RESERVED = Pattern.compile("<ra:(\\w+)[^>]*>("
            + "4294967295|4294967294|4294967040|2147483647|-2147483648"
            + "|281474976710655|281474976710\\.65[45]|16777\\.21[45]|16776\\.96|255|65535|2136-[^<]*)</");
    /** Settings that a supplier or network operator may set to any value of the type (DUIS types of the same names). */
    private static final Set<String> SETTINGS = Set.of(
            "BlockThreshold",
            "DebtRecoveryPerPayment",
            "DebtRecoveryRateCap",
            "DisablementThreshold",
            "EmergencyCreditLimit",
            "EmergencyCreditThreshold",
            "LowCreditThreshold",
            "CreditMaxCreditThreshold",
            "MaxCreditMaxMeterBalance",
            "AverageRMSOverVoltageThreshold",
            "AverageRMSUnderVoltageThreshold",
            "RMSExtremeOverVoltageMeasurementPeriod",
            "RMSExtremeOverVoltageThreshold",
            "RMSExtremeUnderVoltageMeasurementPeriod",
            "RMSExtremeUnderVoltageThreshold",
            "RMSVoltageSagMeasurementPeriod",
            "RMSVoltageSagThreshold",
            "RMSVoltageSwellMeasurementPeriod",
            "RMSVoltageSwellThreshold",
            "MeasurementPeriod",
            "LoadLimitPowerThreshold",
            "LoadLimitPeriod",
            "LoadLimitRestorationPeriod",
            "LowMediumPowerThreshold",
            "MediumHighPowerThreshold",
            "HANCommandID");

    private final ZclFields fields = ZclFields.load();
    private final List<String> wrong = new ArrayList<>();
    private final Set<String> readings = new TreeSet<>();
    private int tried;

    private record Seen(String xml, boolean flagged) {}

    private static Seen see(Answer answer) {
        MmcBuilder.Outcome outcome = AnswerMutantsTest.build(answer, java.util.Optional.empty());
        return new Seen(
                outcome.document()
                        .map(d -> new String(d.xml(), StandardCharsets.UTF_8))
                        .orElse(""),
                !outcome.deviations().isEmpty() || outcome.remarks().stream().anyMatch(r -> r.contains("left out")));
    }

    private void reserved(Seen base, Answer changed, String what) {
        tried++;
        Seen seen = see(changed);
        Matcher m = RESERVED.matcher(seen.xml());
        while (m.find()) {
            if (!SETTINGS.contains(m.group(1)) && !base.xml().contains(m.group())) {
                wrong.add(changed.name() + " " + what + " gives " + m.group());
            }
        }
        if (!seen.xml().equals(base.xml())) {
            readings.add(changed.name());
            // further information of an event is in hex and unchanged
            boolean hex = seen.xml().matches(".*<ra:OtherInformation>FFFFFF(FF|FE|00)</.*");
            if (!seen.flagged() && !hex && !RESERVED.matcher(seen.xml()).find()) {
                wrong.add(changed.name() + " " + what + " leaves something out and does not say so");
            }
        }
    }

    @Test
    void noReservedNumberIsAReading() throws Exception {
        for (Answer answer : AnswerMutantsTest.all()) {
            Seen base = see(answer);
            for (int i = 0; i < answer.items().size(); i++) {
                Item item = answer.items().get(i);
                List<DlmsData> changed = new ArrayList<>();
                numbers(item.data(), changed);
                for (DlmsData data : changed) {
                    List<Item> items = new ArrayList<>(answer.items());
                    items.set(i, item.with(data));
                    reserved(base, answer.items(items), "result " + i);
                }
            }
            for (int i = 0; i < answer.parts().size(); i++) {
                for (Bytes payload : payloads(answer.parts().get(i))) {
                    List<Part> parts = new ArrayList<>(answer.parts());
                    parts.set(i, answer.parts().get(i).with(payload));
                    reserved(base, answer.parts(parts), "component " + i);
                }
            }
        }
        System.out.println("reserved numbers put: " + tried + " into answers of " + readings.size()
                + " that give them out; wrong: " + wrong.size());
        assertThat(wrong.subList(0, Math.min(30, wrong.size()))).isEmpty();
        assertThat(readings).hasSizeGreaterThan(60);
        assertThat(tried).isGreaterThan(2000);
    }

    /** The data with one number after the other replaced; of long lists the first, second and last element. */
    private static void numbers(DlmsData data, List<DlmsData> changed) {
        for (long reserved : DLMS.getOrDefault(data.tag(), List.of())) {
            changed.add(new DlmsData.Whole(data.tag(), reserved));
        }
        List<DlmsData> elements = data.elements();
        for (int i = 0; i < elements.size(); i++) {
            if (i > 1 && i < elements.size() - 1 && !(data instanceof DlmsData.Structure)) {
                continue;
            }
            List<DlmsData> inner = new ArrayList<>();
            numbers(elements.get(i), inner);
            if (!(data instanceof DlmsData.Structure)) {
                inner.add(DlmsData.Null.VALUE);
            }
            for (DlmsData one : inner) {
                List<DlmsData> all = new ArrayList<>(elements);
                all.set(i, one);
                changed.add(data instanceof DlmsData.Structure ? new DlmsData.Structure(all) : new DlmsData.Array(all));
            }
        }
    }

    private List<Bytes> payloads(Part part) {
        List<Bytes> all = new ArrayList<>();
        if (!part.component().frame().clusterSpecific()) {
            if (part.component().frame().command() == 0x01) {
                List<Bytes> records = Mutants.records(part.payload());
                for (int r = 0; r < records.size(); r++) {
                    String reserved = records.get(r).at(2) == 0
                            ? ATTRIBUTES.get(records.get(r).at(3))
                            : null;
                    if (reserved != null) {
                        all.add(replaced(
                                records, r, Bytes.ofHex(records.get(r).hex().substring(0, 8) + reserved)));
                    }
                }
            }
            return all;
        }
        List<ZclFields.Field> values =
                fields.fields(part.component().cluster(), part.component().frame(), part.payload());
        for (int f = 0; f < values.size(); f++) {
            for (long reserved : ZCL.getOrDefault(values.get(f).type(), List.of())) {
                List<ZclFields.Field> changed = new ArrayList<>(values);
                changed.set(f, ZclFields.number(values.get(f).name(), reserved));
                try {
                    all.add(fields.payload(
                            part.component().cluster(), part.component().frame(), changed));
                } catch (GbcsRefusal counted) {
                    // a number of entries cannot be changed without them
                }
            }
        }
        return all;
    }

    private static Bytes replaced(List<Bytes> records, int index, Bytes record) {
        List<Bytes> all = new ArrayList<>(records);
        all.set(index, record);
        return Mutants.joined(all);
    }

    @Test
    void aReadingInAnotherScaleIsAppliedOrFlagged() throws Exception {
        for (Answer answer : AnswerMutantsTest.all()) {
            Seen base = see(answer);
            for (int i = 0; i < answer.items().size(); i++) {
                List<DlmsData> changed = new ArrayList<>();
                scales(answer.items().get(i).data(), changed);
                for (DlmsData data : changed) {
                    List<Item> items = new ArrayList<>(answer.items());
                    items.set(i, answer.items().get(i).with(data));
                    scaled(base, answer.items(items), "result " + i);
                }
            }
            for (int i = 0; i < answer.parts().size(); i++) {
                Part part = answer.parts().get(i);
                boolean attributes = !part.component().frame().clusterSpecific()
                        && part.component().frame().command() == 0x01;
                List<Bytes> records = attributes ? Mutants.records(part.payload()) : List.of();
                for (int r = 0; r < records.size(); r++) {
                    int id = (int) records.get(r).littleEndian(0, 2);
                    if (ScaleOracle.zcl(part.component().cluster(), id) != null
                            && records.get(r).at(2) == 0) {
                        byte[] bytes = records.get(r).toArray();
                        bytes[4] ^= 0x30;
                        List<Part> parts = new ArrayList<>(answer.parts());
                        parts.set(i, part.with(replaced(records, r, Bytes.of(bytes))));
                        scaled(
                                base,
                                answer.parts(parts),
                                String.format("%04X/%04X", part.component().cluster(), id));
                    }
                }
            }
        }
        System.out.println("scales changed: " + tried + ", wrong: " + wrong.size());
        assertThat(wrong).isEmpty();
        assertThat(tried).isGreaterThan(100);
    }

    private void scaled(Seen base, Answer changed, String what) {
        tried++;
        Seen seen = see(changed);
        if (!seen.flagged() && seen.xml().equals(base.xml())) {
            wrong.add(changed.name() + " " + what);
        }
    }

    /** The data with one scaler or unit after the other changed. */
    private static void scales(DlmsData data, List<DlmsData> changed) {
        List<DlmsData> e = data.elements();
        if (data instanceof DlmsData.Structure
                && e.size() == 2
                && e.get(0).tag() == DlmsTag.INT8
                && (e.get(1).tag() == DlmsTag.ENUM || e.get(1).tag() == DlmsTag.INT8)) {
            changed.add(DlmsData.structure(DlmsData.i8(e.get(0).asLong() + 3), e.get(1)));
            changed.add(DlmsData.structure(
                    e.get(0),
                    e.get(1).tag() == DlmsTag.ENUM
                            ? DlmsData.enumeration(e.get(1).asLong() ^ 1)
                            : DlmsData.i8(e.get(1).asLong() + 1)));
            return;
        }
        for (int i = 0; i < e.size() && i < 8; i++) {
            List<DlmsData> inner = new ArrayList<>();
            scales(e.get(i), inner);
            for (DlmsData one : inner) {
                List<DlmsData> all = new ArrayList<>(e);
                all.set(i, one);
                changed.add(data instanceof DlmsData.Structure ? new DlmsData.Structure(all) : new DlmsData.Array(all));
            }
        }
    }
}
