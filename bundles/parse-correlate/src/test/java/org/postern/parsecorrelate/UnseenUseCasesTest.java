package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;

/**
 * Responses to reads for which the reference data has no response with content. They are made from the standard's item
 * lists, with a different value for each item.
 */
class UnseenUseCasesTest {

    private final OwnMessages own = new OwnMessages();

    private static Payload got(DlmsData... data) {
        List<DlmsPayload.ResponseItem> items = new ArrayList<>();
        for (DlmsData d : data) {
            items.add(new DlmsPayload.ResponseItem(DlmsPayload.Operation.GET, 0, d));
        }
        return DlmsPayload.AccessResponse.of(7, items);
    }

    private String json(int code, Payload payload) {
        boolean gas = payload instanceof GbzPayload;
        ParsedMessage parsed = own.parser()
                .parse(own.wrapped(
                        OwnMessages.response(code, gas ? OwnMessages.GPF : OwnMessages.ESME, OwnMessages.SUPPLIER, 7),
                        payload));
        assertThat(parsed.proven()).as(parsed.reason()).isTrue();
        assertThat(parsed.remarks()).noneMatch(r -> r.contains("left out"));
        return parsed.mmc().orElseThrow().json();
    }

    private String protectedJson(int code, DlmsData plain) {
        GroupingHeader header = OwnMessages.response(code, OwnMessages.ESME, OwnMessages.SUPPLIER, 7);
        ParsedMessage parsed = own.parser()
                .parse(own.wrapped(
                        header, DlmsPayload.AccessResponse.of(7, List.of(own.protectedItem(header, plain)))));
        assertThat(parsed.allDecrypted()).as(parsed.reason()).isTrue();
        return parsed.mmc().orElseThrow().json();
    }

    private static DlmsData scale(int unit) {
        return DlmsData.structure(DlmsData.i8(0), DlmsData.enumeration(unit));
    }

    private static DlmsData row(long... values) {
        DlmsData[] all = new DlmsData[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = DlmsData.u32(values[i]);
        }
        return DlmsData.structure(all);
    }

    private static DlmsData numbers(int from, int count) {
        DlmsData[] all = new DlmsData[count];
        for (int i = 0; i < count; i++) {
            all[i] = DlmsData.u32(from + i);
        }
        return DlmsData.array(all);
    }

    @Test
    void ecs18a_maximum_demand_export() {
        assertThat(json(
                        0x002B,
                        got(
                                DlmsData.octetsHex("07E80101FF000000008000FF"),
                                DlmsData.u32(321),
                                scale(27),
                                DlmsData.octetsHex("07E80102FF0A1E00008000FF"))))
                .contains("\"MaxDemandActiveEnergyExport\":{\"Value\":\"321\","
                        + "\"CaptureTime\":\"2024-01-02T10:30:00Z\",\"LastResetDateTime\":\"2024-01-01T00:00:00Z\"}");
    }

    @Test
    void ecs20a_and_ecs22c_logs() {
        assertThat(json(0x002E, got(DlmsData.array(row(60, 41), row(120, 42)))))
                .contains("{\"Amount\":\"41\",\"Timestamp\":\"2000-01-01T00:01:00Z\"},{\"Amount\":\"42\"");
        assertThat(json(0x0038, got(DlmsData.array(row(1800, 43)))))
                .contains(
                        "\"LogEntry\":{\"ReactiveEnergyImportedValue\":\"43\",\"Timestamp\":\"2000-01-01T00:30:00Z\"}");
    }

    @Test
    void ecs20c_billing_log_of_a_twin_element_meter_with_its_prepayment_log() {
        DlmsData registers = DlmsData.structure(
                DlmsData.u32(60),
                DlmsData.u32(1),
                DlmsData.u32(2),
                numbers(100, 48),
                numbers(200, 4),
                numbers(300, 8),
                numbers(310, 8),
                numbers(320, 8),
                numbers(330, 8));
        DlmsData prepayment = DlmsData.structure(
                DlmsData.u32(60),
                DlmsData.i32(-1),
                DlmsData.i32(-2),
                DlmsData.i32(3),
                DlmsData.i32(4),
                DlmsData.i32(5),
                DlmsData.i32(12));
        String json = protectedJson(0x0030, DlmsData.structure(DlmsData.array(registers), DlmsData.array(prepayment)));
        assertThat(json)
                .contains(
                        "\"ActiveImportRegisterValueConsumption\":\"1\",\"SecondaryActiveImportRegisterValueConsumption\":\"2\"")
                .contains("{\"@index\":\"48\",\"#\":\"147\"}")
                .contains("{\"@index\":\"4\",\"#\":\"203\"}")
                .contains("\"TariffTOUBlock4RegisterMatrixValue\":[{\"@index\":\"1\",\"#\":\"330\"}")
                .contains(
                        "{\"AccumulatedDebtRegister\":\"12\",\"EmergencyCreditBalance\":\"-1\",\"MeterBalance\":\"-2\","
                                + "\"PaymentDebtRegister\":\"3\",\"TimeDebtRegisters1\":\"4\",\"TimeDebtRegisters2\":\"5\"");
    }

    @Test
    void ecs23b_voltage_of_three_phases() {
        List<DlmsData> items = new ArrayList<>();
        for (int phase = 1; phase <= 3; phase++) {
            items.addAll(List.of(
                    DlmsData.u32(phase * 10L),
                    scale(255),
                    DlmsData.u32(phase * 10L + 1),
                    scale(255),
                    DlmsData.array(row(0, 230 + phase)),
                    DlmsData.u32(1800)));
        }
        assertThat(json(0x00BC, got(items.toArray(new DlmsData[0]))))
                .contains("\"AvgRMSOverVoltageCounter\":{\"Value\":\"21\"},"
                        + "\"AvgRMSUnderVoltageCounter\":{\"Value\":\"20\"},\"AvgRMSVoltageProfileDataLog\":{\"LogEntry\":{\"Value\":\"232\","
                        + "\"Timestamp\":\"2000-01-01T00:00:00Z\"},\"MeasurementPeriod\":\"1800\"}},\"Phase\":\"2\"}");
    }

    @Test
    void ecs26k_thresholds_whose_order_turns_after_the_first_phase() {
        DlmsData[] items = new DlmsData[14];
        for (int i = 0; i < 14; i++) {
            items[i] = DlmsData.u32(i);
        }
        assertThat(json(0x00C6, got(items)))
                .contains(
                        "\"Phase\":\"1\",\"PhaseVoltageSettings\":{\"AverageRMSOverVoltageThreshold\":\"8\",\"AverageRMSUnderVoltageThreshold\":\"9\"}")
                .contains(
                        "\"Phase\":\"2\",\"PhaseVoltageSettings\":{\"AverageRMSOverVoltageThreshold\":\"11\",\"AverageRMSUnderVoltageThreshold\":\"10\"}")
                .contains(
                        "\"Phase\":\"3\",\"PhaseVoltageSettings\":{\"AverageRMSOverVoltageThreshold\":\"13\",\"AverageRMSUnderVoltageThreshold\":\"12\"}");
    }

    @Test
    void ecs26l_billing_calendars_of_every_periodicity() {
        assertThat(json(0x00D9, got(calendar("FFFFFFFFFF")))).contains("\"BillingTime\":\"06:30:00\",\"Daily\":\"\"");
        assertThat(json(0x00D9, got(calendar("FFFFFFFF03")))).contains("\"Weekly\":\"3\"");
        assertThat(json(0x00D9, got(calendar("FFFFFF1CFF")))).contains("\"Monthly\":\"28\"");
        assertThat(json(0x00D9, got(calendar("FFFF0205FF", "FFFF0505FF", "FFFF0805FF", "FFFF0B05FF"))))
                .contains("\"Quarterly\":{\"DayOfMonth\":\"5\",\"BillingPeriodStartMonth\":\"2\"}");
        assertThat(json(0x00D9, got(calendar("FFFF0407FF", "FFFF0A07FF"))))
                .contains("\"SixMonthly\":{\"DayOfMonth\":\"7\"");
        assertThat(json(0x00D9, got(calendar("FFFF0609FF"))))
                .contains("\"Yearly\":{\"DayOfMonth\":\"9\",\"BillingPeriodStartMonth\":\"6\"}");
    }

    private static DlmsData calendar(String... dates) {
        DlmsData[] entries = new DlmsData[dates.length];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = DlmsData.structure(DlmsData.octetsHex("061E0000"), DlmsData.octetsHex(dates[i]));
        }
        return DlmsData.array(entries);
    }

    @Test
    void ecs26m_ecs45_and_ecs35d() {
        assertThat(json(
                        0x00F9,
                        got(
                                DlmsData.octetsHex("43"),
                                DlmsData.octetsHex("4D4F44454C2D3031"),
                                DlmsData.octetsHex("41434D45"),
                                DlmsData.bool(false))))
                .contains("\"ModelType\":\"MODEL-01\",\"ManufacturerIdentifier\":\"ACME\","
                        + "\"Electricity\":{\"SupplyTamperState\":\"Unchanged\",\"MeterVariant\":\"C\"}");
        assertThat(json(0x0052, got(DlmsData.enumeration(2)))).contains("\"SupplyState\":\"Armed\"");
        assertThat(json(0x0094, got(DlmsData.array(DlmsData.structure(DlmsData.u32(1), DlmsData.u16(0x8F48))))))
                .contains("\"LogCode\":\"8F48\",\"LogMeaning\":");
    }

    private static GbzPayload.Component component(int cluster, int control, int command, String hex) {
        return GbzPayload.Component.of(cluster, new GbzPayload.ZclFrame(control, 0, command), Bytes.ofHex(hex));
    }

    @Test
    void gcs13b_block_counters() {
        assertThat(
                        json(
                                0x00B8,
                                GbzPayload.components(
                                        List.of(
                                                component(
                                                        0x0702,
                                                        0x18,
                                                        1,
                                                        "0203 00 22 E80300 0103 00 22 010000 0003 00 30 01"
                                                                + "0007 00 25 D20400000000 0107 00 25 020000000000 0207 00 25 030000000000 0307 00 25 040000000000")))))
                .contains("{\"@index\":\"1\",\"#\":\"1.234\"},{\"@index\":\"2\",\"#\":\"0.002\"}");
    }

    @Test
    void gcs15c_snapshots_without_an_answer_for_the_rest() {
        String snapshot =
                "01000000 3C000000 02 00 01 08000000 06 E80300000000 04 010000000000 020000000000 030000000000 040000000000"
                        + "14 050000000000 060000000000 070000000000 080000000000";
        List<GbzPayload.Component> answers = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            GbzPayload.ZclFrame frame = new GbzPayload.ZclFrame(i == 0 ? 0x19 : 0x08, i, i == 0 ? 0x06 : 0x0B);
            answers.add(
                    i == 0
                            ? own.protectedComponent(
                                    OwnMessages.response(0x0076, OwnMessages.GPF, OwnMessages.SUPPLIER, 7),
                                    0x0702,
                                    frame,
                                    Bytes.ofHex(snapshot))
                            : GbzPayload.Component.of(
                                    i < 12 ? 0x0702 : 0x0705, frame, Bytes.ofHex(i < 12 ? "068B" : "078B")));
        }
        String json = json(0x0076, GbzPayload.components(answers));
        assertThat(json)
                .contains("\"@MessageSuccess\":\"true\"")
                .contains(
                        "\"Timestamp\":\"2000-01-01T00:01:00Z\",\"ActiveImportRegisterValueConsumption\":\"1\",\"BlockRegisterMatrixValue\":"
                                + "[{\"@index\":\"1\",\"#\":\"0.005\"}")
                .contains("\"TariffTOURegisterMatrixValue\":[{\"@index\":\"1\",\"#\":\"0.001\"}");
    }

    @Test
    void gcs61_daily_samples_and_gcs18_half_hours() {
        assertThat(json(
                        0x00A0,
                        GbzPayload.components(List.of(
                                component(0x0702, 0x19, 7, "0100 00000000 00 FFFF 0300 010000 FFFFFF 030000")))))
                .contains(
                        "{\"Value\":\"0.001\",\"Timestamp\":\"2000-01-01T00:00:00Z\"},{\"Timestamp\":\"2000-01-02T00:00:00Z\"},{\"Value\":\"0.003\"");
        assertThat(json(
                        0x0079,
                        GbzPayload.components(
                                List.of(component(0x0702, 0x19, 7, "0200 00000000 00 6801 0200 010000 020000")))))
                .contains("{\"Value\":\"0.002\",\"Timestamp\":\"2000-01-01T00:06:00Z\"}");
    }

    @Test
    void gcs21k_periodicity_gcs38_version_and_gcs60_balances() {
        assertThat(json(
                        0x00DA,
                        GbzPayload.components(
                                List.of(component(0x0700, 0x09, 9, "00000000 00000000 3C000000 060000 23 00")))))
                .contains("\"BillingPeriodStart\":\"2000-01-01T00:01:00Z\",\"Periodicity\":\"SixMonthly\"");
        assertThat(json(0x0084, GbzPayload.components(List.of(component(0x0702, 0x08, 1, "0602 00 41 04 89ABCDEF")))))
                .contains("\"FirmwareVersion\":\"89ABCDEF\"");
        assertThat(json(
                        0x008D,
                        GbzPayload.components(List.of(
                                component(0x0702, 0x08, 1, "000A 00 23 05000000"),
                                component(0x0705, 0x08, 1, "0100 00 2B FBFFFFFF")))))
                .contains("\"MeterBalance\":\"5\",\"Gas\":{\"MeterBalancePrepaymentMode\":\"-5\"}");
    }

    @Test
    void cs08_firmware_version_by_the_acb() {
        String json = json(
                0x0129, new Asn1Payload(DerNode.sequence(DerNode.octets(Bytes.ofHex("01020304")), DerNode.integer(0))));
        assertThat(json).contains("{\"@MessageSuccess\":\"true\",\"FirmwareVersion\":\"01020304\"}");
    }
}
