package org.postern.simulator.devices;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.parsecorrelate.MmcElement;
import org.postern.simulator.pki.SimulatedDevice;

/** What commands set is read back as it was set, from when on it counts. */
class SettingsAreReadBackTest {

    private static final String YEARS = ElectricityValuesAgreeTest.period("2020-01-01T00:00:00", "2026-12-31T00:00:00");

    record Case(String kind, String set, String body, String read, String readBody, String expected) {

        @Override
        public String toString() {
            return set + " then " + read + " " + kind;
        }
    }

    @TempDir
    static Path folder;

    static Meters meters;

    @BeforeAll
    static void start() throws Exception {
        meters = new Meters(folder, 14);
    }

    static List<Case> cases() throws Exception {
        List<Case> cases = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                SettingsAreReadBackTest.class.getResourceAsStream("settings.tsv"), StandardCharsets.UTF_8))) {
            for (String line : in.lines()
                    .filter(l -> !l.startsWith("#") && !l.isBlank())
                    .skip(1)
                    .toList()) {
                String[] row = line.split("\t", -1);
                for (String kind : row[0].split(",")) {
                    cases.add(new Case(kind, row[1], row[2], row[3], row[4], row[5]));
                }
            }
        }
        return cases;
    }

    private static String text(MmcElement root, String path) {
        MmcElement at = root;
        for (String step : path.split("/")) {
            int bracket = step.indexOf('[');
            String name = bracket < 0 ? step : step.substring(0, bracket);
            int n = bracket < 0 ? 1 : Integer.parseInt(step.substring(bracket + 1, step.length() - 1));
            List<MmcElement> found =
                    at.children().stream().filter(c -> c.name().equals(name)).toList();
            assertThat(found).as(step + " of " + path).hasSizeGreaterThanOrEqualTo(n);
            at = found.get(n - 1);
        }
        return at.text();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isReadBack(Case one) throws Exception {
        SimulatedDevice device = meters.device(one.kind(), 0);
        meters.forward(Duration.ofSeconds(1));
        Meters.Answer set = meters.ask(device, one.set(), one.body());
        assertThat(set.parsed().success()).as(set.parsed().reason()).contains(true);
        assertThat(set.parsed().proven()).isTrue();
        String readBody = one.readBody()
                .replace("{week}", ElectricityValuesAgreeTest.period("2026-03-10T00:00:00", "2026-03-16T23:59:59"))
                .replace("{years}", YEARS);
        Meters.Answer read = meters.ask(device, one.read(), readBody);
        meters.validate(read.parsed());
        for (String expected :
                one.expected().replace("{now}", meters.now().toString()).split("\\|")) {
            String[] parts = expected.split("=", 2);
            assertThat(text(read.root(), parts[0])).as(parts[0]).isEqualTo(parts[1]);
        }
    }

    private static String electricityTariff(String execution, int price) {
        StringBuilder thresholds = new StringBuilder();
        for (int i = 1; i <= 8; i++) {
            thresholds.append("<Thresholds index=\"" + i + "\"><BlockThreshold index=\"1\">" + (7000 + i)
                    + "</BlockThreshold></Thresholds>");
        }
        StringBuilder week = new StringBuilder();
        for (int i = 1; i <= 7; i++) {
            week.append("<ReferencedDayName index=\"" + i + "\">1</ReferencedDayName>");
        }
        return execution
                + "<ElecTariffElements><CurrencyUnits>GBP</CurrencyUnits><SwitchingTable><DayProfiles><DayProfile><DayName>1</DayName>"
                + "<ProfileSchedule><StartTime>00:00:00.00Z</StartTime><TOUTariffAction>7</TOUTariffAction></ProfileSchedule></DayProfile></DayProfiles>"
                + "<WeekProfiles><WeekProfile><WeekName>1</WeekName>" + week
                + "</WeekProfile></WeekProfiles><Seasons><Season><SeasonName>always</SeasonName>"
                + "<SeasonStartDate><Year><NonSpecifiedYear/></Year><Month><SpecifiedMonth>1</SpecifiedMonth></Month><DayOfMonth><SpecifiedDayOfMonth>1"
                + "</SpecifiedDayOfMonth></DayOfMonth><DayOfWeek><NonSpecifiedDayOfWeek/></DayOfWeek></SeasonStartDate><ReferencedWeekName>1"
                + "</ReferencedWeekName></Season></Seasons></SwitchingTable><SpecialDays/><ThresholdMatrix>"
                + thresholds
                + "</ThresholdMatrix></ElecTariffElements>"
                + "<PriceElements><ElectricityPriceElements><StandingCharge>12345</StandingCharge><StandingChargeScale>-5</StandingChargeScale><PriceScale>-5"
                + "</PriceScale><TOUTariff><TOUPrice index=\"7\">" + price
                + "</TOUPrice></TOUTariff></ElectricityPriceElements></PriceElements>";
    }

    private static long period7(SimulatedDevice meter) throws Exception {
        return Long.parseLong(meters.ask(meter, "4.1.2", "")
                .all("Electricity/TariffTOURegisterCollection/TOUPrimaryRegisterValue")
                .get(6)
                .text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SINGLE", "TWIN", "POLYPHASE"})
    void anElectricityTariffCountsFromItsTimeOn(String kind) throws Exception {
        SimulatedDevice meter = meters.device(kind, 1);
        Instant begin = Instant.parse("2027-02-03T10:00:00Z");
        meters.at(begin);
        String execution = "<ExecutionDateTime>2027-02-03T16:00:00.00Z</ExecutionDateTime>";
        assertThat(meters.ask(meter, "1.1.1", electricityTariff(execution, 15_000))
                        .parsed()
                        .success())
                .contains(true);
        Meters.Answer before = meters.ask(meter, "4.11.1", "");
        assertThat(before.all("Electricity/TariffSwitchingTable/DayProfiles/DayProfile"))
                .as("not yet")
                .hasSize(4);
        assertThat(period7(meter)).isZero();
        meters.at(Instant.parse("2027-02-03T16:00:00Z"));
        long atTheTime = meters.ask(meter, "4.1.1", "").number("Electricity/ActiveImportRegister/Value");
        meters.at(Instant.parse("2027-02-04T09:00:00Z"));
        Meters.Answer after = meters.ask(meter, "4.11.1", "");
        meters.validate(after.parsed());
        assertThat(after.all("Electricity/TariffSwitchingTable/DayProfiles/DayProfile"))
                .hasSize(1);
        assertThat(after.number("Electricity/PrimaryActiveTariffPrice")).isEqualTo(15_000);
        assertThat(after.number("Electricity/StandingCharge")).isEqualTo(12_345);
        assertThat(text(after.root(), "Electricity/TariffThresholdMatrix/ElecTariffThresholds[8]/BlockThreshold"))
                .isEqualTo("7008");
        assertThat(period7(meter))
                .as("all energy since")
                .isEqualTo(meters.ask(meter, "4.1.1", "").number("Electricity/ActiveImportRegister/Value") - atTheTime);
        List<MmcElement> changes = meters.ask(
                        meter, "4.4.2", ElectricityValuesAgreeTest.period("2027-02-01T00:00:00", "2027-02-28T00:00:00"))
                .all("Electricity/LogEntryConsumptionAndTariffRegistersData");
        assertThat(changes).extracting(e -> Meters.text(e, "Timestamp")).containsExactly("2027-02-03T16:00:00Z");
    }

    @Test
    void aTariffThatIsCancelledNeverCounts() throws Exception {
        SimulatedDevice meter = meters.device("SINGLE", 2);
        meters.at(Instant.parse("2027-03-03T10:00:00Z"));
        meters.ask(
                meter,
                "1.1.1",
                electricityTariff("<ExecutionDateTime>2027-03-04T00:00:00.00Z</ExecutionDateTime>", 15_000));
        meters.ask(
                meter,
                "1.1.1",
                electricityTariff("<ExecutionDateTime>3000-12-31T00:00:00.00Z</ExecutionDateTime>", 15_000));
        meters.at(Instant.parse("2027-03-05T10:00:00Z"));
        assertThat(meters.ask(meter, "4.11.1", "").all("Electricity/TariffSwitchingTable/DayProfiles/DayProfile"))
                .hasSize(4);
        assertThat(period7(meter)).isZero();
    }

    private static String gasTariff(String execution) {
        StringBuilder week = new StringBuilder();
        for (int i = 1; i <= 7; i++) {
            week.append("<ReferencedDayName index=\"" + i + "\">1</ReferencedDayName>");
        }
        return execution
                + "<GasTariffElements><SwitchingTable><DayProfiles><DayProfile><DayName>1</DayName><BlockTariff/></DayProfile></DayProfiles><WeekProfiles>"
                + "<WeekProfile><WeekName>1</WeekName>" + week
                + "</WeekProfile></WeekProfiles><Seasons><Season><SeasonStartDate><GasYearWithWildcards>"
                + "<NonSpecifiedYear/></GasYearWithWildcards><GasMonthWithWildcards><SpecifiedMonth>1</SpecifiedMonth></GasMonthWithWildcards>"
                + "<GasDayOfMonthWithWildcards><SpecifiedDayOfMonth>1</SpecifiedDayOfMonth></GasDayOfMonthWithWildcards><GasDayOfWeekWithWildcards>"
                + "<NonSpecifiedDayOfWeek/></GasDayOfWeekWithWildcards></SeasonStartDate><ReferencedWeekName>1</ReferencedWeekName></Season></Seasons>"
                + "</SwitchingTable><SpecialDays/><ThresholdMatrix><BlockThreshold index=\"1\">5000</BlockThreshold><BlockThreshold index=\"2\">9000</BlockThreshold>"
                + "<BlockThreshold index=\"3\">20000</BlockThreshold></ThresholdMatrix></GasTariffElements><PriceElements><GasPriceElements>"
                + "<CurrencyUnits>GBP</CurrencyUnits><StandingCharge>23456</StandingCharge><BlockTariff><BlockPrice index=\"1\">9100</BlockPrice>"
                + "<BlockPrice index=\"2\">9200</BlockPrice><BlockPrice index=\"3\">9300</BlockPrice><BlockPrice index=\"4\">9400</BlockPrice>"
                + "<NumberOfThresholds>3</NumberOfThresholds></BlockTariff></GasPriceElements></PriceElements>";
    }

    @Test
    void aGasTariffCountsFromItsTimeOnAndTheProxyShowsItToo() throws Exception {
        SimulatedDevice meter = meters.device("GSME", 1);
        SimulatedDevice proxy = meters.device("GPF", 1);
        meters.at(Instant.parse("2027-04-06T10:00:00Z"));
        meters.ask(meter, "1.1.1", gasTariff("<ExecutionDateTime>2027-04-06T12:00:00.00Z</ExecutionDateTime>"));
        assertThat(meters.ask(proxy, "4.11.1", "").all("Gas/TariffSwitchingTable/DayProfiles/DayProfile"))
                .as("not yet")
                .hasSize(4);
        List<MmcElement> before = meters.ask(meter, "4.1.4", "").all("ImportBlockCounters/TariffBlockCounterValue");
        meters.at(Instant.parse("2027-04-20T12:00:00Z"));
        for (SimulatedDevice device : List.of(meter, proxy)) {
            Meters.Answer after = meters.ask(device, "4.11.1", "");
            meters.validate(after.parsed());
            assertThat(after.all("Gas/TariffSwitchingTable/DayProfiles/DayProfile"))
                    .hasSize(1);
            assertThat(after.text("Gas/StandingCharge")).isEqualTo("23456");
            assertThat(text(after.root(), "Gas/TariffThresholds/BlockThreshold[2]"))
                    .isEqualTo("9000");
            assertThat(text(after.root(), "Gas/BlockTariff/BlockPrice[4]")).isEqualTo("9400");
        }
        List<MmcElement> blocks = meters.ask(proxy, "4.1.4", "").all("ImportBlockCounters/TariffBlockCounterValue");
        for (int i = 0; i < 3; i++) {
            assertThat(new BigDecimal(blocks.get(i).text()))
                    .as("block " + (i + 1))
                    .isGreaterThan(new BigDecimal(before.get(i).text()));
        }
        assertThat(new BigDecimal(blocks.get(0).text())
                        .subtract(new BigDecimal(before.get(0).text())))
                .as("up to the threshold, by half-hours")
                .isBetween(new BigDecimal("5"), new BigDecimal("5.5"));
    }

    @Test
    void anEmptiedLogHoldsThatItWasEmptied() throws Exception {
        for (String kind : new String[] {"SINGLE", "GSME", "CHF"}) {
            SimulatedDevice device = meters.device(kind, 3);
            meters.ask(device, "3.3", kind.equals("GSME") ? "" : "<ESMEEventLogType>ESME</ESMEEventLogType>");
            List<MmcElement> entries = meters.ask(
                            device,
                            "6.13",
                            ElectricityValuesAgreeTest.period("2020-01-01T00:00:00", "2028-01-01T00:00:00")
                                    + "<LogToRead>Event</LogToRead>")
                    .all("Log/LogEntry");
            assertThat(entries)
                    .as(kind)
                    .extracting(e -> Meters.text(e, "LogCode"))
                    .containsExactly("8F52");
        }
    }

    @Test
    void dataOfAnotherFormIsRefusedItemByItemAndTheMeterGoesOn() throws Exception {
        SimulatedDevice meter = meters.device("SINGLE", 4);
        meters.carry(
                meter,
                0x0019,
                List.of(
                        DlmsPayload.RequestItem.set(20, "0-0:13.0.0.255", 7, DlmsData.array(DlmsData.u8(1))),
                        DlmsPayload.RequestItem.set(20, "0-0:13.0.0.255", 10, DlmsData.date(DlmsDateTime.IMMEDIATE))));
        assertThat(meters.ask(meter, "4.1.2", "").parsed().success())
                .as("by the calendar it had")
                .contains(true);
        meters.carry(
                meter,
                0x004A,
                List.of(DlmsPayload.RequestItem.set(10, "0-0:12.0.0.255", 2, DlmsData.array(DlmsData.u8(1)))));
        Meters.Answer demand = meters.ask(meter, "4.12.1", "");
        assertThat(demand.parsed().success()).contains(false);
        assertThat(demand.parsed().items()).extracting(i -> i.code()).containsExactly(0, 0, 0, 0, 0, 12, 0, 12, 0);
    }

    @Test
    void aTopUpIsOnTheBalanceAndInBothLogs() throws Exception {
        for (String kind : new String[] {"SINGLE", "GSME"}) {
            SimulatedDevice meter = meters.devices(kind).stream()
                    .filter(d -> d.premises() % 2 == 1)
                    .skip(1)
                    .findFirst()
                    .orElseThrow();
            meters.forward(Duration.ofMinutes(1));
            long before = meters.ask(meter, "4.3", "").number("MeterBalance");
            long debt = meters.ask(meter, "4.3", "").number("PaymentDebtRegister");
            Meters.Answer topUp = meters.ask(meter, "2.2", "<UTRN>" + meters.token(meter, 20) + "</UTRN>");
            assertThat(topUp.parsed().success()).contains(true);
            Meters.Answer after = meters.ask(meter, "4.3", "");
            assertThat(after.number("MeterBalance") - before)
                    .as("a tenth goes to the debt")
                    .isEqualTo(1_800_000);
            assertThat(debt - after.number("PaymentDebtRegister")).isEqualTo(200_000);
            String always = ElectricityValuesAgreeTest.period("2020-01-01T00:00:00", "2030-01-01T00:00:00");
            List<MmcElement> credits = meters.ask(meter, "4.4.5", always).all("PrepaymentCredits/LogEntry");
            assertThat(Meters.number(credits.get(credits.size() - 1), "Amount")).isEqualTo(2_000_000);
            List<MmcElement> repaid = meters.ask(meter, "4.4.4", always).all("PaymentBasedDebtRepayment/LogEntry");
            assertThat(Meters.number(repaid.get(repaid.size() - 1), "Amount")).isEqualTo(200_000);
            assertThat(Meters.text(repaid.get(repaid.size() - 1), "Timestamp"))
                    .isEqualTo(meters.now().toString());
        }
    }

    @Test
    void debtsAndBalanceCountFromTheCommandOn() throws Exception {
        for (String kind : new String[] {"SINGLE", "GSME"}) {
            SimulatedDevice meter = meters.devices(kind).stream()
                    .filter(d -> d.premises() % 2 == 1)
                    .findFirst()
                    .orElseThrow();
            Meters.Answer before = meters.ask(meter, "4.3", "");
            String rates = kind.equals("GSME")
                    ? "<GasDebtRecovery1><DebtRecoveryRate>500</DebtRecoveryRate><DebtRecoveryRatePeriod>DAILY</DebtRecoveryRatePeriod>"
                            + "</GasDebtRecovery1><GasDebtRecovery2><DebtRecoveryRate>600</DebtRecoveryRate><DebtRecoveryRatePeriod>HOURLY</DebtRecoveryRatePeriod></GasDebtRecovery2>"
                    : "<ElecDebtRecovery1><DebtRecoveryRate>500</DebtRecoveryRate><DebtRecoveryRatePriceScale>-5</DebtRecoveryRatePriceScale><DebtRecoveryRatePeriod>DAILY"
                            + "</DebtRecoveryRatePeriod></ElecDebtRecovery1><ElecDebtRecovery2><DebtRecoveryRate>600</DebtRecoveryRate><DebtRecoveryRatePriceScale>-5"
                            + "</DebtRecoveryRatePriceScale><DebtRecoveryRatePeriod>HOURLY</DebtRecoveryRatePeriod></ElecDebtRecovery2>";
            meters.ask(
                    meter,
                    "2.3",
                    "<TimeDebtRegister1>1000</TimeDebtRegister1><TimeDebtRegister2>2000</TimeDebtRegister2><PaymentDebtRegister>4000"
                            + "</PaymentDebtRegister><DebtRecoveryPerPayment>1000</DebtRecoveryPerPayment>" + rates);
            meters.ask(meter, "1.5", "<PrepaymentMode><AdjustMeterBalance>70000</AdjustMeterBalance></PrepaymentMode>");
            Meters.Answer after = meters.ask(meter, "4.3", "");
            assertThat(after.number("TimeDebtRegister1") - before.number("TimeDebtRegister1"))
                    .isEqualTo(1000);
            assertThat(after.number("TimeDebtRegister2") - before.number("TimeDebtRegister2"))
                    .isEqualTo(2000);
            assertThat(after.number("PaymentDebtRegister") - before.number("PaymentDebtRegister"))
                    .isEqualTo(4000);
            assertThat(after.number("AccumulatedDebtRegister") - before.number("AccumulatedDebtRegister"))
                    .isEqualTo(7000);
            assertThat(after.number("MeterBalance") - before.number("MeterBalance"))
                    .isEqualTo(70_000);
            Meters.Answer settings = meters.ask(meter, "4.13", "");
            String fuel = kind.equals("GSME") ? "Gas" : "Electricity";
            assertThat(settings.number(fuel + "/DebtRecovery1/DebtRecoveryRate"))
                    .isEqualTo(500);
            assertThat(settings.text(fuel + "/DebtRecovery2/DebtRecoveryRatePeriod"))
                    .isEqualTo("HOURLY");
        }
    }
}
