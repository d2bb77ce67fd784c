package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;

/**
 * Pre-Commands put together by hand from the rules (GBCS, Grouping Header and Use Cases), byte by byte: the tables
 * serve both ways, so that agreement with themselves would prove little.
 */
class HandAssembledTest {

    private static final RequestId ID =
            new RequestId(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB1234567890A0"), 0x01020304L);
    /** 2015-01-01 in seconds since 2000 is 1C374A80; ZigBee writes the low byte first. */
    private static final Instant BUILT = Instant.parse("2015-01-01T00:00:00Z");

    private static final String T = "804A371C";
    /** Any time from now on: effective at once. */
    private static final String AT_ONCE = "090C 000000000000000000 8000FF";
    /** 2030-01-15 09:30:10, weekday not given, hundredths 0, deviation and status not given. */
    private static final String LATER = "090C 07EE 01 0F FF 09 1E 0A 00 8000 FF";

    private static final String NEVER = "090C FFFFFFFFFFFFFFFFFF 8000FF";
    private final Transformer transformer = Transformer.fromTables();

    // --- DLMS: D9, invoke id 20 and the counter's low 24 bits, no date-time, count, specifications, count, data

    private void dlms(String srv, DuisElement body, String code, int items, String specifications, String data) {
        dlms(srv, body, DeviceFacts.Variant.SINGLE, code, items, specifications, data);
    }

    private void dlms(
            String srv,
            DuisElement body,
            DeviceFacts.Variant variant,
            String code,
            int items,
            String specifications,
            String data) {
        String count = String.format("%02X", items);
        expect(
                srv,
                body,
                new DeviceFacts(ID.target(), Optional.of(DeviceType.ESME), variant, Map.of()),
                code,
                "D9 20020304 00" + count + specifications + count + data);
    }

    private void gas(String srv, DuisElement body, String code, String content) {
        expect(srv, body, DeviceFacts.of(ID.target(), DeviceType.GSME), code, content);
    }

    private void expect(String srv, DuisElement body, DeviceFacts device, String code, String content) {
        ServiceRow service = new ServiceCatalogue().require(srv);
        DuisRequest request = new DuisRequest(ID, CommandVariant.CV4, service.reference(), srv, body);
        byte[] inner = hex(content);
        // DF, transaction id: 09, command 01, counter; originator; target; no date-time; two bytes of other
        // information: the code
        byte[] header = hex("DF 09 01 0000000001020304 08 90B3D51F30010000 08 00DB1234567890A0 00 02" + code);
        byte[] length = hex(
                inner.length < 0x80
                        ? String.format("%02X", inner.length)
                        : inner.length < 0x100
                                ? String.format("81%02X", inner.length)
                                : String.format("82%04X", inner.length));
        String whole = HexFormat.of().formatHex(header)
                + HexFormat.of().formatHex(length)
                + HexFormat.of().formatHex(inner);
        assertThat(HexFormat.of().formatHex(transformer.transform(request, device, BUILT)))
                .isEqualTo(whole);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    private static DuisElement e(String name, DuisElement... children) {
        return DuisElement.of(name, children);
    }

    private static DuisElement v(String name, String text) {
        return DuisElement.leaf(name, text);
    }

    private static DuisElement later() {
        return v("ExecutionDateTime", "2030-01-15T09:30:10.00Z");
    }

    private static DuisElement cancelled() {
        return v("ExecutionDateTime", "3000-12-31T00:00:00.00Z");
    }

    @Test
    void enablingSupplyRunsScript51() {
        // action, class 9, 0-0:10.0.106.255, method 1; u16 0033
        dlms("7.1", e("EnableSupply"), "004F", 1, "03 0009 00000A006AFF 01", "12 0033");
    }

    @Test
    void disablingSupplyRunsScript52() {
        dlms("7.2", e("DisableSupply"), "0050", 1, "03 0009 00000A006AFF 01", "12 0034");
    }

    @Test
    void armingSupplyRunsScript54() {
        dlms("7.3", e("ArmSupply"), "0051", 1, "03 0009 00000A006AFF 01", "12 0036");
    }

    @Test
    void aRandomisedOffsetIsOneWord() {
        // set, class 1, 0-0:94.44.0.1, attribute 2; u16 1799 = 0707
        dlms(
                "7.12",
                e("SetRandomisedOffsetLimit", v("RandomisedOffsetLimit", "1799")),
                "004B",
                1,
                "02 0001 00005E2C0001 02",
                "12 0707");
    }

    @Test
    void aNegativeBalanceAdjustmentIsTwosComplement() {
        dlms(
                "1.5",
                e("UpdateMeterBalance", e("CreditMode", v("AdjustMeterBalance", "-2"))),
                "001C",
                1,
                "03 0070 0000130A00FF 01",
                "05 FFFFFFFE");
    }

    @Test
    void aBalanceResetClearsThreeCredits() {
        dlms(
                "1.5",
                e("UpdateMeterBalance", e("PrepaymentMode", e("ResetMeterBalance"))),
                "00B3",
                3,
                "03 0070 0000130A00FF 02  03 0070 0000130A01FF 02  03 0070 0000130A02FF 02",
                "05 00000000  05 00000000  05 00000000");
    }

    @Test
    void blockCountersAreResetByScript99() {
        dlms("1.7", e("ResetTariffBlockCounterMatrix"), "001D", 1, "03 0009 00000A0064FF 01", "12 0063");
    }

    @Test
    void emergencyCreditIsInvoked() {
        dlms("2.5", e("ActivateEmergencyCredit"), "0020", 1, "03 0070 0000130A01FF 03", "0F 00");
    }

    @Test
    void anUnchangedTamperStateIsFalse() {
        dlms(
                "6.25",
                e("SetElectricitySupplyTamperState", v("SupplyTamperState", "Unchanged")),
                "0068",
                1,
                "02 0001 00005E2C0004 02",
                "03 00");
    }

    @Test
    void loadLimitsForLaterAreFourPassiveValuesAndFourDates() {
        dlms(
                "6.4.1",
                e(
                        "UpdateDeviceConfigurationLoadLimitingGeneralSettings",
                        later(),
                        v("LoadLimitPeriod", "4294967295"),
                        v("LoadLimitPowerThreshold", "6900"),
                        v("LoadLimitRestorationPeriod", "0"),
                        v("LoadLimitSupplyState", "Unchanged")),
                "0043",
                8,
                // passive values (attribute 4) of state, threshold, period, restoration; then when (attribute 6)
                "02 2328 00005E2C0003 04  02 2328 00005E2C8007 04  02 2328 00005E2C8006 04  02 2328 00005E2C8008 04"
                        + "02 2328 00005E2C0003 06  02 2328 00005E2C8007 06  02 2328 00005E2C8006 06  02 2328 00005E2C8008 06",
                "03 00  06 00001AF4  06 FFFFFFFF  06 00000000" + LATER + LATER + LATER + LATER);
    }

    private void billing(DuisElement how, String entries) {
        dlms(
                "6.8",
                e(
                        "UpdateDeviceConfigurationBillingCalendar",
                        e("ElectricityBillingCalendar", v("BillingTime", "23:59:58.00Z"), how)),
                "00D7",
                1,
                "02 0016 00000F0000FF 04",
                entries);
    }

    @Test
    void aQuarterlyCalendarHasFourDatesAndWrapsRoundTheYear() {
        // struct of time and date: year any, months 11, 2, 5, 8, day 28, weekday any
        billing(
                e("Quarterly", v("DayOfMonth", "28"), v("BillingPeriodStartMonth", "11")),
                "01 04  02 02 0904 173B3A00 0905 FFFF0B1CFF  02 02 0904 173B3A00 0905 FFFF021CFF"
                        + "02 02 0904 173B3A00 0905 FFFF051CFF  02 02 0904 173B3A00 0905 FFFF081CFF");
    }

    @Test
    void otherBillingCalendars() {
        billing(e("Daily"), "01 01  02 02 0904 173B3A00 0905 FFFFFFFFFF");
        billing(v("Weekly", "7"), "01 01  02 02 0904 173B3A00 0905 FFFFFFFF07");
        billing(
                e("SixMonthly", v("DayOfMonth", "1"), v("BillingPeriodStartMonth", "6")),
                "01 02  02 02 0904 173B3A00 0905 FFFF0601FF  02 02 0904 173B3A00 0905 FFFF0C01FF");
        billing(
                e("Yearly", v("DayOfMonth", "5"), v("BillingPeriodStartMonth", "4")),
                "01 01  02 02 0904 173B3A00 0905 FFFF0405FF");
    }

    @Test
    void anAuxiliaryLoadIsSwitchedOffForAWhile() {
        // duration to 94.44.(116 + 3).2, then script 3 * 256 + 12 hex
        dlms(
                "7.6",
                e(
                        "DeactivateAuxiliaryLoad",
                        e("DeactivateALCSHCALCS", v("Duration", "65535")).with("index", "3")),
                "0055",
                2,
                "02 0001 00005E2C7702 02  03 0009 00000A0067FF 01",
                "12 FFFF  12 0312");
    }

    @Test
    void anAuxiliaryLoadIsReset() {
        dlms(
                "7.8",
                e("ResetAuxiliaryLoad", e("ResetALCSHCALCS").with("index", "1")),
                "0055",
                1,
                "03 0009 00000A0067FF 01",
                "12 0120");
    }

    private static DuisElement controller(String name) {
        return e(
                        name,
                        v("StartDateTime", "2015-01-03T00:00:00.00Z"),
                        v("EndDateTime", "2015-01-03T01:00:00.00Z"),
                        v("CommandedStateLevel", "37"),
                        e("InputFromControlledLoad"))
                .with("auxiliaryControllerN", "2");
    }

    @Test
    void anAuxiliaryControllerIsCommandedToALevel() {
        // start and end to 94.44.118.1 and .2; selector 2000 (input) + 2 << 8 + 25 hex
        dlms(
                "7.13",
                controller("SetAuxiliaryControllerState"),
                "011E",
                3,
                "02 0001 00005E2C7601 02  02 0001 00005E2C7602 02  03 0009 00000A0067FF 01",
                "090C 07DF 01 03 FF 00 00 00 00 8000 FF  090C 07DF 01 03 FF 01 00 00 00 8000 FF  12 2225");
    }

    @Test
    void anAuxiliaryControllerIsLimitedToALevel() {
        dlms(
                "7.16",
                controller("LimitAPCLevel"),
                "011F",
                3,
                "02 0001 00005E2C7603 02  02 0001 00005E2C7604 02  03 0009 00000A006BFF 01",
                "090C 07DF 01 03 FF 00 00 00 00 8000 FF  090C 07DF 01 03 FF 01 00 00 00 8000 FF  12 2225");
    }

    private static String collects(String credit, String charge, String how) {
        // struct of credit 0-0:19.10.c.255, charge 0-0:19.20.h.255, three bits at the top of one byte
        return "02 03  0906 0000130A" + credit + "FF  0906 00001314" + charge + "FF  04 03 " + how;
    }

    @Test
    void creditModeOfATwinMeterCollectsTheSecondElementToo() {
        dlms(
                "1.6",
                e("UpdatePaymentMode", cancelled(), e("Credit")),
                DeviceFacts.Variant.TWIN,
                "001A",
                3,
                "02 006F 0001130000FF 02  02 006F 0001130000FF 0B  02 006F 0001130000FF 0D",
                "02 02 16 01 16 01" + "01 03" + collects("00", "00", "E0") + collects("00", "04", "E0")
                        + collects("00", "05", "E0") + NEVER);
    }

    @Test
    void prepaymentThatSuspendsDebtInBothCases() {
        // suspended while disabled: 110; suspended in emergency: three more, collected from the accumulated debt
        dlms(
                "1.6",
                e(
                        "UpdatePaymentMode",
                        e(
                                "Prepayment",
                                v("SuspendDebtDisabled", "true"),
                                v("SuspendDebtEmergency", "true"),
                                v("DisablementThreshold", "-1"))),
                "001B",
                5,
                "02 006F 0001130000FF 02  02 2328 00005E2C8016 04  02 006F 0001130000FF 0B  02 2328 00005E2C8016 06  02 006F 0001130000FF 0D",
                "02 02 16 02 16 01  05 FFFFFFFF  01 0D" + collects("00", "00", "E0") + collects("00", "04", "E0")
                        + collects("00", "01", "C0")
                        + collects("00", "02", "C0") + collects("00", "03", "E0") + collects("01", "03", "E0")
                        + collects("01", "00", "E0")
                        + collects("01", "04", "E0") + collects("01", "01", "C0") + collects("01", "02", "C0")
                        + collects("02", "04", "E0")
                        + collects("02", "01", "E0") + collects("02", "02", "E0") + AT_ONCE + AT_ONCE);
    }

    @Test
    void secondaryPricesThatAreNotGivenAreZero() {
        dlms(
                "1.2.2",
                e(
                        "UpdatePriceSecondaryElement",
                        e(
                                "PriceElements",
                                v("PriceScale", "-5"),
                                v("ElectricityPriceElement", "-32768").with("index", "3"))),
                "00C7",
                2,
                "02 0071 0000131405FF 06  02 0071 0000131405FF 07",
                // scale 10^3 and -5, register class 3 1-20:1.8.0.255 attribute 2, four prices by index
                "02 03  02 02 0F 03 0F FB  02 03 12 0003 0906 0114010800FF 0F 02  01 04"
                        + "02 02 0901 01 10 0000  02 02 0901 02 10 0000  02 02 0901 03 10 8000  02 02 0901 04 10 0000"
                        + AT_ONCE);
    }

    @Test
    void debtsAreRatesPeriodsAndRegisters() {
        DuisElement hourly = e(
                "ElecDebtRecovery1",
                v("DebtRecoveryRate", "3"),
                v("DebtRecoveryRatePriceScale", "-1"),
                v("DebtRecoveryRatePeriod", "HOURLY"));
        DuisElement daily = e(
                "ElecDebtRecovery2",
                v("DebtRecoveryRate", "15"),
                v("DebtRecoveryRatePriceScale", "127"),
                v("DebtRecoveryRatePeriod", "DAILY"));
        String nothing = "02 03 12 0000 0906 000000000000 0F 00";
        dlms(
                "2.3",
                e(
                        "UpdateDebt",
                        v("TimeDebtRegister1", "30000"),
                        v("TimeDebtRegister2", "-1"),
                        v("PaymentDebtRegister", "50000"),
                        v("DebtRecoveryPerPayment", "10000"),
                        hourly,
                        daily),
                "001E",
                10,
                "02 0071 0000131401FF 06  02 0071 0000131402FF 06  02 0071 0000131403FF 0D  02 0071 0000131401FF 08  02 0071 0000131402FF 08"
                        + "03 0071 0000131401FF 02  03 0071 0000131402FF 02  03 0071 0000131403FF 04  03 0071 0000131401FF 04  03 0071 0000131402FF 04",
                "02 03 02 02 0F 00 0F FF" + nothing + "01 01 02 02 0900 10 0003   02 03 02 02 0F 00 0F 7F" + nothing
                        + "01 01 02 02 0900 10 000F"
                        + "12 2710  06 00000E10  06 00015180  0F 00  0F 00  05 0000C350  05 00007530  05 FFFFFFFF");
    }

    @Test
    void switchDescriptionsGoInTheOrderOfTheSwitches() {
        dlms(
                "6.14.1",
                e(
                        "UpdateDeviceConfigurationALCDescriptions",
                        e("ALCSHCALCSDescription", v("SwitchDescription", "B")).with("index", "5"),
                        e("ALCSHCALCSDescription", v("SwitchDescription", "A b"))
                                .with("index", "2")),
                "0053",
                2,
                "02 0001 00005E2C000C 02  02 0001 00005E2C000F 02",
                "0A 03 412062  0A 01 42");
    }

    @Test
    void theClockIsSetToATimeNotYetPast() {
        dlms(
                "6.11",
                e("SynchroniseClock", v("CurrentDateTime", "2014-12-31T23:59:10.00Z"), v("TolerancePeriod", "86400")),
                "0062",
                5,
                "02 0008 0000010000FF 09  03 0008 0000010000FF 05  03 0008 0000010000FF 04  01 0008 0000010000FF 02  01 0008 0000010000FF 04",
                // base 5; preset never, valid from and to; adjust; read time and status
                "16 05  02 03" + NEVER
                        + "090C 07DE 0C 1F FF 17 3B 0A 00 8000 FF  090C 07DF 01 01 FF 17 3B 0A 00 8000 FF  0F 00  00  00");
    }

    // --- GBZ: 0109, count; per component control, cluster, length, frame control, sequence, command, payload with the
    // low byte first

    @Test
    void aCreditModeBalanceResetIsAnAdjustmentOfTypeTwo() {
        gas(
                "1.5",
                e("UpdateMeterBalance", e("CreditMode", e("ResetMeterBalance"))),
                "00C2",
                "0109 01  01 0705 0010 01 00 05" + T + "00000000 02 00000000");
    }

    @Test
    void gasPrepaymentControlBits() {
        // 0097, and 0400 as debt is suspended while disabled; emergency suspends, so no 0800
        gas(
                "1.6",
                e(
                        "UpdatePaymentMode",
                        later(),
                        e(
                                "Prepayment",
                                v("SuspendDebtDisabled", "true"),
                                v("SuspendDebtEmergency", "true"),
                                v("DisablementThreshold", "-2"))),
                "006D",
                "0109 01  01 0705 0015 01 00 06 00000000" + T + "A28F8138 9704 FEFFFFFF");
        // 2030-01-15 09:30:10 = 948015010 seconds since 2000 = 38818FA2
    }

    @Test
    void aCancelledGasCreditModeStartsNever() {
        gas(
                "1.6",
                e("UpdatePaymentMode", cancelled(), e("Credit")),
                "006C",
                "0109 01  01 0705 0015 01 00 06 00000000" + T + "FFFFFFFF 940C FFFFFFFF");
    }

    @Test
    void gasFlowWithFourDecimalsIsDividedByTenThousand() {
        gas(
                "6.7",
                e(
                        "UpdateDeviceConfigurationGasFlow",
                        v("UncontrolledGasFlowRateDecimal", "6.5535"),
                        v("SupplyDepletionState", "Locked"),
                        v("SupplyTamperState", "Unchanged"),
                        v("StabilisationPeriod", "255"),
                        v("MeasurementPeriod", "300")),
                "00FC",
                "0109 02  00 0702 0015 01 00 0E 00000000" + T + "FFFF 01 0100 1027 FF 2C01"
                        // tamper unchanged 3, depletion locked 0, uncontrolled flow off 0, load limit unchanged 3
                        + "01 0702 000B 01 01 0D" + T + "03 00 00 03");
    }

    @Test
    void aHalfYearlyGasCalendarIsSixMonthsTwice() {
        // 2015-02-01 = 476064000 seconds since 2000 = 1C602900
        gas(
                "6.8",
                e(
                        "UpdateDeviceConfigurationBillingCalendar",
                        e(
                                "GasBillingCalendar",
                                v("BillingPeriodStart", "2015-02-01T00:00:00.00Z"),
                                v("Periodicity", "SixMonthly"))),
                "00D8",
                "0109 02  00 0700 0014 09 00 09 00000000" + T + "0029601C 060000 23 00"
                        + "01 0700 0016 09 01 01 00000000" + T + "0029601C 060000 02 23 00 01");
    }

    @Test
    void gasConversionIsScaled() {
        // 42949.67295 * 100000 = FFFFFFFF; 39.5 * 10 = 018B
        gas(
                "6.6",
                e(
                        "UpdateDeviceConfigurationGasConversion",
                        v("CalorificValue", "39.5"),
                        v("ConversionFactor", "42949.67295")),
                "007C",
                "0109 02  00 0700 0010 09 00 02" + T + "00000000 FFFFFFFF 50  01 0700 0011 09 01 03" + T
                        + "00000000 8B010000 01 10");
    }

    @Test
    void gasPricesByTimeOfUseInEuro() {
        DuisElement prices = e(
                "GasPriceElements",
                v("CurrencyUnits", "ECB"),
                v("StandingCharge", "1"),
                e(
                        "TOUTariff",
                        v("TOUPrice", "10").with("index", "1"),
                        v("TOUPrice", "4294967295").with("index", "4")));
        gas(
                "1.2.1",
                e("UpdatePricePrimaryElement", e("PriceElements", prices)),
                "00A3",
                "0109 02"
                        // tariff 1, at once, by time of use, no label, two tiers, no thresholds, unit 0, 978, 50,
                        // charge, FF, times 1, by 1000
                        + "00 0700 0026 09 00 04 00000000" + T
                        + "01000000 00000000 00 00 02 00 00 D203 50 01000000 FF 010000 E80300"
                        + "01 0700 0020 09 01 05 00000000" + T + "00000000 01000000 00 01 01 01 0A000000 04 FFFFFFFF");
    }

    @Test
    void gasIsArmed() {
        gas("7.3", e("ArmSupply"), "0085", "0109 01  01 0702 0015 01 00 0B 00000000" + T + "00000000 00000000 01 01");
    }

    // --- ASN.1

    @Test
    void firmwareIsActivatedLaterByItsHashAndTheCounter() {
        expect(
                "11.3",
                e("ActivateFirmware", later(), v("FirmwareHash", "AB".repeat(32))),
                DeviceFacts.unknown(ID.target()),
                "0012",
                // sequence of hash, counter, GeneralizedTime 20300115093010Z
                "30 39  04 20" + "AB".repeat(32) + "02 04 01020304  18 0F 32303330 3031 3135 3039 3330 3130 5A");
    }

    @Test
    void aGasClockIsGivenAsARange() {
        gas(
                "8.1.1",
                e(
                        "CommissionDeviceSynchroniseClock",
                        v("CurrentDateTime", "2014-12-31T23:30:00.00Z"),
                        v("TolerancePeriod", "3600")),
                "007F",
                "30 22  18 0F 32303134313233313233333030305A  18 0F 32303135303130313030333030305A");
    }

    @Test
    void credentialsAreAskedForByKeyUsage() {
        expect(
                "6.17",
                e("IssueSecurityCredentials", v("CredentialType", "Key Agreement")),
                DeviceFacts.unknown(ID.target()),
                "000A",
                "30 04 03 02 0308");
        expect(
                "6.24.2",
                e("RetrieveDeviceSecurityCredentialsDevice", v("CredentialType", "Digital Signature")),
                DeviceFacts.unknown(ID.target()),
                "000C",
                "30 04 03 02 0780");
    }

    @Test
    void aJoinByMethodCCarriesTheOtherDevicesCertificate() {
        expect(
                "8.7.1",
                e("JoinServiceCritical", v("OtherDeviceID", "00-DB-12-34-56-78-90-98")),
                new DeviceFacts(
                        ID.target(),
                        Optional.of(DeviceType.GSME),
                        DeviceFacts.Variant.SINGLE,
                        Map.of("joinMethod", "C", "otherDeviceType", "PPMID", "otherDeviceCertificate", "MAMCAQE=")),
                "00AF",
                "30 15  02 01 03  04 08 00DB123456789098  02 01 05  30 03 02 01 01");
    }

    @Test
    void anUnjoinIsTheOtherDevicesId() {
        expect(
                "8.8.1",
                e("UnjoinServiceCritical", v("OtherDeviceID", "00-DB-12-34-56-78-90-99")),
                DeviceFacts.unknown(ID.target()),
                "000F",
                "04 08 00DB123456789099");
    }

    @Test
    void networkOperatorCredentialsWithoutTimeChecksOrFloor() {
        DuisElement body = e(
                "UpdateSecurityCredentialsKRP",
                cancelled(),
                v("RemotePartyRole", "NetworkOperator"),
                e(
                        "ReplacementCertificates",
                        e("SupplierOrNetworkOperatorCertificates", v("KeyAgreementCertificate", "MAMCAQE="))),
                e("CertificationPathCertificates", v("Certificate", "MAMCAQI="), v("Certificate", "MAMCAQM=")),
                v("ApplyTimeBasedCPVChecks", "false"));
        expect(
                "6.15.1",
                body,
                DeviceFacts.unknown(ID.target()),
                "0103",
                "30 46"
                        // mode 3, time checks disapplied, authorised by the operator's signing cell, counter; no floor
                        + "30 15  02 01 03  81 01 01  A2 07 02 01 03 03 02 0780  83 04 01020304"
                        // one replacement: certificate and cell
                        + "30 10  30 0E  30 03 02 01 01  30 07 02 01 03 03 02 0308"
                        + "30 0A  30 03 02 01 02  30 03 02 01 03"
                        // cancelled
                        + "18 0F 39393939313233313233353935395A");
    }
}
