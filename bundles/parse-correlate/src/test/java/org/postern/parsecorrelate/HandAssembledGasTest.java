package org.postern.parsecorrelate;

import org.junit.jupiter.api.Test;
import org.postern.duis.DuisElement;

/** Messages to gas meters (GBZ). */
class HandAssembledGasTest extends HandAssembled {

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
}
