package org.postern.simulator.devices;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.UserRole;
import org.postern.parsecorrelate.MmcElement;
import org.postern.simulator.pki.SimulatedDevice;

/** What one gas meter and its proxy say in different answers holds together. */
class GasValuesAgreeTest {

    private static final String DAY = ElectricityValuesAgreeTest.period("2026-03-10T00:00:00", "2026-03-11T00:00:00");
    private static final String YEARS = ElectricityValuesAgreeTest.period("2020-01-01T00:00:00", "2026-12-31T00:00:00");

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

    private static BigDecimal cubicMetres(List<MmcElement> elements) {
        return elements.stream().map(e -> new BigDecimal(e.text())).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal register(SimulatedDevice meter) throws Exception {
        return new BigDecimal(meters.ask(meter, "4.1.1", "").text("Gas/ConsumptionRegister/Value"));
    }

    @Test
    void registersRiseAndTheProxyShowsThoseOfTheMeter() throws Exception {
        SimulatedDevice meter = meters.device("GSME", 0);
        SimulatedDevice proxy = meters.device("GPF", 0);
        assertThat(proxy.premises()).isEqualTo(meter.premises());
        BigDecimal before = register(meter);
        assertThat(register(proxy)).isEqualByComparingTo(before);
        meters.forward(Duration.ofHours(24));
        assertThat(register(meter)).isGreaterThan(before).isEqualByComparingTo(register(proxy));
        assertThat(register(meters.device("GSME", 1))).isNotEqualByComparingTo(register(meter));
    }

    @Test
    void periodsAndBlocksAddUpToTheTotal() throws Exception {
        for (String kind : new String[] {"GSME", "GPF"}) {
            SimulatedDevice meter = meters.device(kind, 1);
            List<MmcElement> periods =
                    meters.ask(meter, "4.1.2", "").all("Gas/TariffTOURegisterMatrix/TOURegisterMatrixValue");
            List<MmcElement> blocks = meters.ask(meter, "4.1.4", "").all("ImportBlockCounters/TariffBlockCounterValue");
            assertThat(periods).hasSize(4);
            assertThat(blocks).hasSize(4);
            assertThat(cubicMetres(blocks)).as("holidays go to blocks").isPositive();
            assertThat(cubicMetres(periods).add(cubicMetres(blocks))).isEqualByComparingTo(register(meter));
        }
    }

    @Test
    void halfHoursOfADayAreTheDifferenceOfTheReadsOfThatDay() throws Exception {
        SimulatedDevice meter = meters.device("GSME", 0);
        List<MmcElement> halfHours = meters.ask(meter, "4.8.1", DAY).all("LogEntry");
        List<MmcElement> day = halfHours.subList(0, 48);
        assertThat(Meters.text(day.get(47), "Timestamp")).isEqualTo("2026-03-10T23:30:00Z");
        BigDecimal used = day.stream()
                .map(e -> new BigDecimal(Meters.text(e.child("Gas").orElseThrow(), "PrimaryValue")))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        List<MmcElement> reads = meters.ask(meter, "4.6.1", DAY).all("LogEntry");
        assertThat(reads).hasSize(2);
        BigDecimal[] registers = reads.stream()
                .map(e ->
                        new BigDecimal(Meters.text(e.child("Gas").orElseThrow(), "GasActiveImportRegisterConsumption")))
                .toArray(BigDecimal[]::new);
        assertThat(registers[1].subtract(registers[0])).isEqualByComparingTo(used);
        assertThat(new BigDecimal(Meters.text(
                        meters.ask(meter, "4.17", DAY).all("Gas/LogEntry").get(0), "Value")))
                .isEqualByComparingTo(used);
        for (MmcElement read : reads) {
            MmcElement gas = read.child("Gas").orElseThrow();
            assertThat(cubicMetres(gas.children().stream()
                            .filter(c -> c.name().startsWith("Tariff"))
                            .toList()))
                    .isEqualByComparingTo(Meters.text(gas, "GasActiveImportRegisterConsumption"));
        }
    }

    @Test
    void logsKeepTheirNewestEntriesAndGiveThoseOfThePeriod() throws Exception {
        for (String kind : new String[] {"GSME", "GPF"}) {
            SimulatedDevice meter = meters.device(kind, 0);
            assertThat(meters.ask(meter, "4.6.1", YEARS).all("LogEntry")).hasSize(31);
            assertThat(meters.ask(meter, "4.14", YEARS).all("Gas/LogEntry")).hasSize(31);
            assertThat(meters.ask(meter, "4.4.3", YEARS).all("Gas/GSMEBillingDataLogEntry"))
                    .hasSize(12);
            assertThat(meters.ask(meter, "4.4.3", YEARS).all("Gas/GSMEBillingPrepaymentDataLogEntry"))
                    .hasSize(12);
            assertThat(meters.ask(meter, "4.4.2", YEARS).all("Gas/LogEntryConsumptionRegister"))
                    .hasSize(12);
            assertThat(meters.ask(meter, "4.17", YEARS).all("Gas/LogEntry")).hasSize(731);
            assertThat(meters.ask(meter, "4.10", YEARS).all("Gas/NetworkDataLog/LogEntry"))
                    .hasSize(41);
            assertThat(meters.ask(meter, "6.13", YEARS + "<LogToRead>Security</LogToRead>")
                            .all("Log/LogEntry"))
                    .hasSize(100);
            List<MmcElement> part = meters.ask(
                            meter,
                            "4.6.1",
                            ElectricityValuesAgreeTest.period("2026-03-05T10:00:00", "2026-03-08T00:00:00"))
                    .all("LogEntry");
            assertThat(part)
                    .extracting(e -> Meters.text(e, "Timestamp"))
                    .containsExactly("2026-03-06T00:00:00Z", "2026-03-07T00:00:00Z", "2026-03-08T00:00:00Z");
        }
    }

    @Test
    void debtsAddUp() throws Exception {
        int prepaid = 0;
        for (SimulatedDevice meter : meters.devices("GSME")) {
            Meters.Answer now = meters.ask(meter, "4.3", "");
            long debts = now.number("PaymentDebtRegister")
                    + now.number("TimeDebtRegister1")
                    + now.number("TimeDebtRegister2");
            assertThat(now.number("AccumulatedDebtRegister")).isEqualTo(debts);
            boolean prepays = meters.ask(meter, "6.2.9", "").text("PaymentMode").equals("Prepayment");
            assertThat(debts > 0).isEqualTo(prepays);
            prepaid += prepays ? 1 : 0;
            for (MmcElement entry : meters.ask(meter, "4.14", YEARS).all("Gas/LogEntry")) {
                assertThat(Meters.number(entry, "AccumulatedDebtRegister"))
                        .isEqualTo(Meters.number(entry, "PaymentDebtRegister")
                                + Meters.number(entry, "TimeDebtRegisters1")
                                + Meters.number(entry, "TimeDebtRegisters2"));
            }
            if (prepays) {
                assertThat(meters.ask(meter, "4.4.5", YEARS).all("PrepaymentCredits/LogEntry"))
                        .hasSize(5);
                assertThat(meters.ask(meter, "4.4.4", YEARS).all("PaymentBasedDebtRepayment/LogEntry"))
                        .hasSize(10);
            } else {
                assertThat(meters.ask(meter, "4.4.5", YEARS).parsed().items())
                        .as("no credit customer tops up")
                        .extracting(i -> i.code())
                        .containsExactly(0x8B);
            }
        }
        assertThat(prepaid).isBetween(1, meters.devices("GSME").size() - 1);
    }

    @Test
    void aNetworkLogThatWasBegunFillsUpAndItsSamplesAreTheGasUsed() throws Exception {
        SimulatedDevice meter = meters.device("GSME", 2);
        meters.at(Instant.parse("2026-03-19T06:00:00Z"));
        BigDecimal before = register(meter);
        meters.ask(meter, "14.1", "");
        meters.forward(Duration.ofMinutes(60));
        List<MmcElement> samples = meters.ask(meter, "4.10", YEARS).all("Gas/NetworkDataLog/LogEntry");
        assertThat(samples).hasSize(10);
        assertThat(Meters.text(samples.get(0), "Timestamp")).isEqualTo("2026-03-19T06:00:00Z");
        BigDecimal used = samples.stream()
                .map(e -> new BigDecimal(Meters.text(e, "Value")))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(register(meter).subtract(before)).isEqualByComparingTo(used);
    }

    @Test
    void theProxyHasLogsOfItsOwnAndACopyOfTheMeters() throws Exception {
        for (String log : new String[] {"Event", "Security"}) {
            List<String> own = log(meters.device("GSME", 0), log);
            assertThat(own).hasSize(100);
            assertThat(log(meters.device("GPF", 0), "GSME" + log)).isEqualTo(own);
            assertThat(log(meters.device("GPF", 0), log)).hasSize(100).isNotEqualTo(own);
        }
    }

    private static List<String> log(SimulatedDevice device, String log) throws Exception {
        return meters.ask(device, "6.13", YEARS + "<LogToRead>" + log + "</LogToRead>").all("Log/LogEntry").stream()
                .map(e -> Meters.text(e, "Timestamp") + Meters.text(e, "LogCode"))
                .toList();
    }

    @Test
    void theHeaderOfTheMeterIsRelayedAndThatOfTheProxyIsItsOwn() throws Exception {
        String relayed = new String(
                meters.ask(meters.device("GSME", 0), "4.1.1", "")
                        .parsed()
                        .mmc()
                        .orElseThrow()
                        .xml(),
                StandardCharsets.UTF_8);
        String own = new String(
                meters.ask(meters.device("GPF", 0), "4.1.1", "")
                        .parsed()
                        .mmc()
                        .orElseThrow()
                        .xml(),
                StandardCharsets.UTF_8);
        assertThat(relayed).contains("isFromGSME=\"true\"");
        assertThat(own).contains("ClockStatus=\"reliable\"").doesNotContain("isFromGSME");
    }

    /** A device that does not know the User: the ACB sends, and the answer is for the certificate given. */
    @Test
    void aUserThatTheDeviceDoesNotKnowReadsByItsCertificate() throws Exception {
        SimulatedDevice proxy = meters.device("GPF", 0);
        String certificate = meters.agreementCertificate(UserRole.GS);
        for (String service : new String[] {"4.17", "4.8.1", "4.14"}) {
            Meters.Answer answer = meters.ask(
                    proxy,
                    service,
                    DAY + "<KAPublicSecurityCredentials>" + certificate + "</KAPublicSecurityCredentials>");
            assertThat(answer.command().acb()).as(service).isTrue();
            assertThat(answer.parsed().success()).as(service).contains(true);
            assertThat(new String(answer.parsed().mmc().orElseThrow().xml(), StandardCharsets.UTF_8))
                    .as(service)
                    .contains("LogEntry");
        }
    }
}
