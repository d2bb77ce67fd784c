package org.postern.parsecorrelate;

import org.junit.jupiter.api.Test;
import org.postern.duis.DuisElement;
import org.postern.inventory.DeviceFacts;

/** Messages to electricity meters (DLMS COSEM). */
class HandAssembledElectricityTest extends HandAssembled {

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
}
