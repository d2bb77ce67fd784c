package org.postern.simulator.devices.internal.electricity;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.simulator.devices.internal.electricity.values.CosemValues;
import org.postern.simulator.devices.internal.prepayment.Account;
import org.postern.simulator.devices.internal.tariff.SwitchingTable;
import org.postern.simulator.devices.internal.tariff.TariffRegisters;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * What a COSEM device is set to: what a command set, else what the table has written out. What is worked out from
 * settings, measurement and time is no setting and is in {@link CosemValues}.
 */
public final class CosemSettings {

    public static final String PAYMENT_MODE = "111/0-0:19.0.0.255/2";
    /** Payment modes. */
    public static final int CREDIT = 1;

    public static final int PREPAYMENT = 2;

    private static final long SECONDS_OF_DAY = 86_400;
    /** Millipence are 10 to the power of -5 pounds. */
    private static final int MILLIPENCE = -5;

    private static final long PER_KILOWATT_HOUR = 27_500;
    private static final int SECONDARY_ACTION = 200;
    /** Where the objects of phases 1 to 3 begin to count. */
    private static final int[] FIRST_FIELD = {32, 52, 72};

    private final CosemTable table;
    private final StoredObjects held;
    private final SimulatedDevice device;
    private final int messageCode;

    /** @param messageCode of the command that is answered; some rows go for one code only */
    public CosemSettings(CosemTable table, StoredObjects held, SimulatedDevice device, int messageCode) {
        this.table = table;
        this.held = held;
        this.device = device;
        this.messageCode = messageCode;
    }

    /** What a command set there. */
    public Optional<DlmsData> set(String target) {
        return held.find(target);
    }

    /** The row of the table, whatever a command set. */
    public Optional<CosemTable.Row> row(String target) {
        return table.find(device, messageCode, target);
    }

    /** What is set there, by a command or by the table. */
    public DlmsData get(String target) {
        return set(target)
                .or(() -> row(target).flatMap(CosemTable.Row::constant))
                .orElseThrow(() -> CosemTable.missing(target));
    }

    private DlmsData initial(String target) {
        return row(target).flatMap(CosemTable.Row::constant).orElseThrow(() -> CosemTable.missing(target));
    }

    private List<DlmsData> list(String target) {
        return get(target).elements();
    }

    /** Whether the customer pays in advance: as a command set it, else as from the start. */
    public boolean prepays() {
        return set(PAYMENT_MODE)
                .map(mode -> mode.at(0).asLong() == PREPAYMENT)
                .orElseGet(() -> Account.prepaidFromStart(device));
    }

    /** Emergency credit, in millipence. */
    public long emergencyCredit() {
        return get("112/0-0:19.10.1.255/9").asLong();
    }

    /** Prices and rates that the meter came with: past years are not recalculated when a command sets other ones. */
    Account.Terms terms() {
        return new Account.Terms(
                PER_KILOWATT_HOUR,
                charge(initial("113/0-0:19.20.4.255/5")),
                recovery(1),
                recovery(2),
                initial("113/0-0:19.20.3.255/13").asLong());
    }

    private long recovery(int debt) {
        String object = "113/0-0:19.20." + debt + ".255/";
        return charge(initial(object + 5))
                * (SECONDS_OF_DAY / initial(object + 8).asLong());
    }

    /** The one charge of an object, in millipence. */
    private static long charge(DlmsData value) {
        long charge = value.at(2, 0, 1).asLong();
        for (long scale = value.at(0, 1).asLong(); scale > MILLIPENCE; scale--) {
            charge *= 10;
        }
        return charge;
    }

    /** The table of charges of the primary element (0) or the secondary (1). */
    public List<DlmsData> charges(int element) {
        return get("113/0-0:19.20." + (element == 0 ? 0 : 5) + ".255/5").at(2).elements();
    }

    /**
     * The tariff of the primary element (0) or the secondary (1).
     *
     * @param from from when on it is in force
     */
    TariffRegisters.Tariff tariff(int element, Instant from) {
        String calendar = "20/0-0:13.0." + element + ".255/";
        SwitchingTable switching = CosemCalendar.read(
                get(calendar + 3),
                get(calendar + 4),
                get(calendar + 5),
                get("11/0-0:11.0." + element + ".255/2"),
                element * SECONDARY_ACTION);
        long[][] thresholds = new long[TariffRegisters.COLUMNS][];
        for (int i = 0; i < thresholds.length; i++) {
            thresholds[i] = list("21/0-0:16.0." + (11 + i) + ".255/2").stream()
                    .mapToLong(DlmsData::asLong)
                    .toArray();
        }
        return new TariffRegisters.Tariff(from, switching, thresholds);
    }

    /** Dates on which a billing period begins; the same object until another is set. */
    DlmsData billingCalendar() {
        return get("22/0-0:15.0.0.255/4");
    }

    /** Not empty where the block counters go to zero every day; the same object until another is set. */
    DlmsData dailyReset() {
        return get("22/0-0:15.1.0.255/4");
    }

    /** Days on which a billing period begins. */
    public Predicate<LocalDate> billingDay() {
        List<SwitchingTable.Date> dates = billingCalendar().elements().stream()
                .map(e -> CosemCalendar.date(e.at(1).asBytes()))
                .toList();
        return date -> dates.stream().anyMatch(d -> d.matches(date));
    }

    /** The highest random offset, in seconds. */
    public long randomisationLimit() {
        return get("1/0-0:94.44.0.1/2").asLong();
    }

    /** Switching times of the window in which maximum demand counts. */
    public List<DlmsData> demandWindow() {
        return list("10/0-0:12.0.0.255/2");
    }

    /** Switching times of the auxiliary load switches. */
    public List<DlmsData> switchCalendar() {
        return list("10/0-0:12.0.2.255/2");
    }

    /** True for an auxiliary controller that can be anywhere between on and off. */
    public boolean proportional(int controller) {
        String target = "1/0-0:94.44.0." + (20 + controller) + "/2";
        return set(target)
                .or(() -> row(target).flatMap(CosemTable.Row::constant))
                .map(DlmsData::asBytes)
                .map(Bytes::length)
                .filter(length -> length == 1)
                .isPresent();
    }

    /** Seconds over which an average voltage of the phase (1 to 3) is taken. */
    public long voltagePeriod(int phase) {
        return Math.max(60, get("7/1-0:" + field(phase) + ".24.0.255/4").asLong());
    }

    /** Averages of the phase below this count as too low, in V. */
    public long underVoltage(int phase) {
        return get("1/1-0:" + field(phase) + ".31.0.4/2").asLong();
    }

    /** Averages of the phase above this count as too high, in V. */
    public long overVoltage(int phase) {
        return get("1/1-0:" + field(phase) + ".35.0.4/2").asLong();
    }

    /** The field of an OBIS code that stands for quantities of the phase (1 to 3). */
    public static int field(int phase) {
        return FIRST_FIELD[phase - 1];
    }
}
