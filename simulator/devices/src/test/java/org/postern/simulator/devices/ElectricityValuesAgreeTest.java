package org.postern.simulator.devices;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.parsecorrelate.MmcElement;
import org.postern.simulator.pki.SimulatedDevice;

/** What one electricity meter says in different answers holds together, for every kind of meter. */
class ElectricityValuesAgreeTest {

    private static final String DAY = period("2026-03-10T00:00:00", "2026-03-10T23:59:59");
    private static final String YEARS = period("2020-01-01T00:00:00", "2026-12-31T00:00:00");

    @TempDir
    static Path folder;

    static Meters meters;

    @BeforeAll
    static void start() throws Exception {
        meters = new Meters(folder, 7);
    }

    @BeforeEach
    void again() {
        meters.at(Meters.BEGIN);
    }

    static String period(String from, String to) {
        return "<ReadLogPeriod><StartDateTime>" + from + ".00Z</StartDateTime><EndDateTime>" + to
                + ".00Z</EndDateTime></ReadLogPeriod>";
    }

    private static long import1(SimulatedDevice meter) throws Exception {
        return meters.ask(meter, "4.1.1", "").number("Electricity/ActiveImportRegister/Value");
    }

    static long sum(List<MmcElement> elements) {
        return elements.stream().mapToLong(e -> Long.parseLong(e.text())).sum();
    }

    private static List<Instant> times(List<MmcElement> entries) {
        return entries.stream()
                .map(e -> Instant.parse(Meters.text(e, "Timestamp")))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void registersRise(String kind) throws Exception {
        SimulatedDevice meter = meters.device(kind, 0);
        List<String> paths = new ArrayList<>(
                List.of("Electricity/ActiveImportRegister/Value", "Electricity/ReactiveImportRegister/Value"));
        if (kind.equals("TWIN")) {
            paths.add("Electricity/SecondaryActiveImportRegister/Value");
        }
        Meters.Answer before = meters.ask(meter, "4.1.1", "");
        long exported = meters.ask(meter, "4.2", "").number("ActiveExportRegister/Value");
        meters.forward(Duration.ofHours(24));
        Meters.Answer after = meters.ask(meter, "4.1.1", "");
        for (String path : paths) {
            assertThat(after.number(path)).as(path).isBetween(before.number(path) + 100, before.number(path) + 40_000);
        }
        assertThat(meters.ask(meter, "4.2", "").number("ActiveExportRegister/Value"))
                .isGreaterThan(exported);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void tariffRegistersAddUpToTheTotal(String kind) throws Exception {
        SimulatedDevice meter = meters.device(kind, 0);
        for (int i = 0; i < 5; i++) {
            Meters.Answer registers = meters.ask(meter, "4.1.1", "");
            List<MmcElement> blocks =
                    meters.ask(meter, "4.1.3", "").all("TariffBlockTOURegisterCollection/TariffBlock");
            assertThat(blocks).hasSize(4);
            long inBlocks = blocks.stream()
                    .flatMap(b -> b.children().stream())
                    .filter(e -> e.name().equals("RegisterMatrixTOUValue"))
                    .mapToLong(e -> Long.parseLong(e.text()))
                    .sum();
            Meters.Answer periods = meters.ask(meter, "4.1.2", "");
            List<MmcElement> primary = periods.all("Electricity/TariffTOURegisterCollection/TOUPrimaryRegisterValue");
            assertThat(primary)
                    .hasSize(48)
                    .filteredOn(e -> !e.text().equals("0"))
                    .as("periods in use")
                    .hasSize(4);
            assertThat(inBlocks).as("holidays go to blocks").isPositive();
            assertThat(sum(primary) + inBlocks).isEqualTo(registers.number("Electricity/ActiveImportRegister/Value"));
            if (kind.equals("TWIN")) {
                List<MmcElement> second = periods.all("Electricity/TariffTOURegisterCollection/TOUSecondRegisterValue");
                assertThat(second).hasSize(4);
                assertThat(sum(second)).isEqualTo(registers.number("Electricity/SecondaryActiveImportRegister/Value"));
            }
            meters.forward(Duration.ofMinutes(407));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void halfHoursOfADayAreTheDifferenceOfTheReadsOfThatDay(String kind) throws Exception {
        SimulatedDevice meter = meters.device(kind, 0);
        List<MmcElement> halfHours = meters.ask(meter, "4.8.1", DAY).all("LogEntry");
        assertThat(halfHours).hasSize(48);
        List<Instant> times = times(halfHours);
        for (int i = 0; i < 48; i++) {
            assertThat(times.get(i))
                    .isEqualTo(Instant.parse("2026-03-10T00:00:00Z").plusSeconds(1800L * i));
        }
        long day = halfHours.stream()
                .mapToLong(e -> Meters.number(
                        e.children().stream()
                                .filter(c -> c.name().equals("Electricity"))
                                .findFirst()
                                .orElseThrow(),
                        "PrimaryValue"))
                .sum();
        List<MmcElement> consumption = meters.ask(meter, "4.17", DAY).all("Electricity/LogEntry");
        assertThat(consumption).hasSize(1);
        assertThat(Meters.number(consumption.get(0), "Value")).isEqualTo(day);
        List<MmcElement> reads = meters.ask(meter, "4.6.1", period("2026-03-10T00:00:00", "2026-03-11T00:00:00"))
                .all("LogEntry");
        assertThat(times(reads))
                .containsExactly(Instant.parse("2026-03-10T00:00:00Z"), Instant.parse("2026-03-11T00:00:00Z"));
        long[] registers = reads.stream()
                .mapToLong(
                        e -> Meters.number(e.child("Electricity").orElseThrow(), "ElecActiveImportRegisterConsumption"))
                .toArray();
        assertThat(registers[1] - registers[0]).isEqualTo(day);
        if (kind.equals("TWIN")) {
            long second = halfHours.stream()
                    .mapToLong(e -> Meters.number(e.child("Electricity").orElseThrow(), "SecondaryValue"))
                    .sum();
            long[] all = reads.stream()
                    .mapToLong(e -> Meters.number(
                            e.child("Electricity").orElseThrow(), "SecondaryActiveImportRegisterConsumption"))
                    .toArray();
            assertThat(all[1] - all[0]).isEqualTo(second);
        }
        meters.at(Instant.parse("2026-03-11T00:00:00Z"));
        assertThat(import1(meter)).isEqualTo(registers[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void everyDailyReadAddsUpAndThereAreThirtyOne(String kind) throws Exception {
        List<MmcElement> reads =
                meters.ask(meters.device(kind, 0), "4.6.1", YEARS).all("LogEntry");
        assertThat(reads).hasSize(31);
        long before = 0;
        for (MmcElement read : reads) {
            MmcElement e = read.child("Electricity").orElseThrow();
            long parts = e.children().stream()
                    .filter(c -> c.name().startsWith("TariffTOU"))
                    .mapToLong(c -> Long.parseLong(c.text()))
                    .sum();
            long total = Meters.number(e, "ElecActiveImportRegisterConsumption");
            assertThat(parts).isEqualTo(total).isGreaterThan(before);
            before = total;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void logsKeepTheirNewestEntriesAndGiveThoseOfThePeriod(String kind) throws Exception {
        SimulatedDevice meter = meters.device(kind, 0);
        List<MmcElement> all = meters.ask(meter, "4.8.1", YEARS).all("LogEntry");
        assertThat(all).hasSize(19_056);
        assertThat(times(all)).isSorted().last().isEqualTo(Instant.parse("2026-03-19T14:30:00Z"));
        assertThat(meters.ask(meter, "4.8.2", YEARS).all("LogEntry")).hasSize(4_464);
        assertThat(meters.ask(meter, "4.8.3", YEARS).all("LogEntry")).hasSize(4_464);
        assertThat(meters.ask(meter, "4.17", YEARS).all("Electricity/LogEntry")).hasSize(731);
        assertThat(meters.ask(meter, "4.6.2", YEARS).all("LogEntry")).hasSize(31);
        assertThat(meters.ask(meter, "4.4.3", YEARS).all("Electricity/ESMEBillingDataLogEntry"))
                .hasSize(12);
        assertThat(meters.ask(meter, "4.4.2", YEARS).all("Electricity/LogEntryConsumptionAndTariffRegistersData"))
                .hasSize(12);
        assertThat(meters.ask(meter, "6.13", YEARS + "<LogToRead>Event</LogToRead>")
                        .all("Log/LogEntry"))
                .hasSize(100);
        assertThat(meters.ask(meter, "4.8.1", period("2019-01-01T00:00:00", "2019-02-01T00:00:00"))
                        .parsed()
                        .success())
                .contains(true);
        assertThat(meters.ask(meter, "4.8.2", period("2026-03-12T10:15:00", "2026-03-12T11:30:00"))
                        .all("LogEntry"))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void maximumDemandIsTheHighestHalfHourSinceTheReset(String kind) throws Exception {
        SimulatedDevice meter = meters.device(kind, 0);
        meters.ask(meter, "6.18.2", "<MaxDemandActivePowerImportValue/><MaxDemandConfigTimeActivePowerImportValue/>");
        Instant reset = meters.now();
        meters.forward(Duration.ofDays(9));
        List<MmcElement> halfHours = meters.ask(meter, "4.8.1", period("2026-03-19T15:30:00", "2026-03-28T14:30:00"))
                .all("LogEntry");
        MmcElement most = halfHours.stream()
                .max(Comparator.comparingLong(
                        e -> Meters.number(e.child("Electricity").orElseThrow(), "PrimaryValue")))
                .orElseThrow();
        Meters.Answer demand = meters.ask(meter, "4.12.1", "");
        assertThat(demand.number("MaxDemandActiveEnergyImport/Value"))
                .isEqualTo(2 * Meters.number(most.child("Electricity").orElseThrow(), "PrimaryValue"));
        assertThat(Instant.parse(demand.text("MaxDemandActiveEnergyImport/LastResetDateTime")))
                .isEqualTo(reset);
        long window = demand.number("MaxDemandConfigurableTimeActivePowerImport/Value");
        assertThat(window).isPositive().isLessThanOrEqualTo(demand.number("MaxDemandActiveEnergyImport/Value"));
        Instant captured = Instant.parse(demand.text("MaxDemandConfigurableTimeActivePowerImport/CaptureTime"));
        assertThat(captured.atZone(java.time.ZoneOffset.UTC).getHour())
                .as("inside the window from 16 to 19")
                .isBetween(16, 19);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void voltageCountersCountWhatTheLogShows(String kind) throws Exception {
        SimulatedDevice meter = meters.device(kind, 0);
        meters.at(Instant.parse("2026-03-20T00:00:00Z"));
        meters.ask(meter, "6.27", "");
        meters.forward(Duration.ofDays(80));
        Meters.Answer network = meters.ask(meter, "4.10", period("2026-03-20T00:00:00", "2026-06-30T00:00:00"));
        List<MmcElement> phases = kind.equals("POLYPHASE")
                ? network.all("Electricity/PolyPhaseESME/PhaseVoltageOperationalData").stream()
                        .map(p -> p.child("VoltageOperationalData").orElseThrow())
                        .toList()
                : List.of(network.element("Electricity/SinglePhaseESME"));
        assertThat(phases).hasSize(kind.equals("POLYPHASE") ? 3 : 1);
        for (MmcElement phase : phases) {
            List<MmcElement> log = phase.child("AvgRMSVoltageProfileDataLog").orElseThrow().children().stream()
                    .filter(e -> e.name().equals("LogEntry"))
                    .toList();
            assertThat(log).hasSize(80 * 48);
            long over =
                    log.stream().filter(e -> Meters.number(e, "Value") > 253).count();
            long under =
                    log.stream().filter(e -> Meters.number(e, "Value") < 216).count();
            assertThat(over + under).as("voltages beyond the limits").isPositive();
            assertThat(Meters.number(phase.child("AvgRMSOverVoltageCounter").orElseThrow(), "Value"))
                    .isEqualTo(over);
            assertThat(Meters.number(phase.child("AvgRMSUnderVoltageCounter").orElseThrow(), "Value"))
                    .isEqualTo(under);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void debtsAddUpAndPaymentsExplainTheBalance(String kind) throws Exception {
        for (SimulatedDevice meter : meters.devices(kind)) {
            boolean prepaid = meters.ask(meter, "6.2.9", "").text("PaymentMode").equals("Prepayment");
            Meters.Answer now = meters.ask(meter, "4.3", "");
            long debts = now.number("PaymentDebtRegister")
                    + now.number("TimeDebtRegister1")
                    + now.number("TimeDebtRegister2");
            assertThat(now.number("AccumulatedDebtRegister")).isEqualTo(debts);
            assertThat(debts > 0).isEqualTo(prepaid);
            assertThat(now.number("MeterBalance"))
                    .isEqualTo(meters.ask(meter, "4.18", "").number("MeterBalance"));
            for (MmcElement entry : meters.ask(meter, "4.14", YEARS).all("Electricity/LogEntry")) {
                assertThat(Meters.number(entry, "AccumulatedDebtRegister"))
                        .isEqualTo(Meters.number(entry, "PaymentDebtRegister")
                                + Meters.number(entry, "TimeDebtRegisters1")
                                + Meters.number(entry, "TimeDebtRegisters2"));
            }
            List<MmcElement> credits = meters.ask(meter, "4.4.5", YEARS).all("PrepaymentCredits/LogEntry");
            assertThat(credits).hasSize(prepaid ? 5 : 0);
            List<MmcElement> repaid = meters.ask(meter, "4.4.4", YEARS).all("PaymentBasedDebtRepayment/LogEntry");
            assertThat(repaid).hasSize(prepaid ? 10 : 0);
            if (prepaid) {
                assertThat(Meters.number(repaid.get(9), "Amount"))
                        .as("a tenth of the top-up")
                        .isEqualTo(Meters.number(credits.get(4), "Amount") / 10);
            }
        }
    }

    private static long counters(SimulatedDevice meter) throws Exception {
        return meters.ask(meter, "4.1.3", "").all("TariffBlockTOURegisterCollection/TariffBlock").stream()
                .flatMap(b -> b.children().stream())
                .filter(e -> e.name().equals("CounterMatrixTOUValue"))
                .mapToLong(e -> Long.parseLong(e.text()))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void blockCountersCountThePeriodAndBeginAnewWhenTold(String kind) throws Exception {
        SimulatedDevice meter = meters.device(kind, 0);
        meters.at(Instant.parse("2026-12-25T00:00:00Z"));
        assertThat(counters(meter))
                .as("no holiday in December before Christmas")
                .isZero();
        long before = import1(meter);
        meters.at(Instant.parse("2026-12-25T18:00:00Z"));
        assertThat(counters(meter)).isEqualTo(import1(meter) - before).isPositive();
        meters.ask(meter, "1.7", "");
        assertThat(counters(meter)).isZero();
        meters.forward(Duration.ofHours(3));
        assertThat(counters(meter)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void powerIsThatOfTheHalfHour(String kind) throws Exception {
        SimulatedDevice meter = meters.device(kind, 0);
        Meters.Answer power = meters.ask(meter, "4.16", "");
        meters.forward(Duration.ofMinutes(30));
        MmcElement halfHour = meters.ask(meter, "4.8.1", period("2026-03-19T15:00:00", "2026-03-19T15:00:00"))
                .all("LogEntry")
                .get(0)
                .child("Electricity")
                .orElseThrow();
        assertThat(power.number("PrimaryActivePowerImportValue"))
                .isEqualTo(2 * Meters.number(halfHour, "PrimaryValue"));
        assertThat(power.number("ActivePowerImport/Value"))
                .isEqualTo(power.number("PrimaryActivePowerImportValue")
                        + (kind.equals("TWIN") ? 2 * Meters.number(halfHour, "SecondaryValue") : 0));
    }
}
