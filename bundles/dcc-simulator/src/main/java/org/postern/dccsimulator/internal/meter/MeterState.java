package org.postern.dccsimulator.internal.meter;

import java.util.EnumMap;
import java.util.Map;
import org.postern.gbcs.DlmsData;

/**
 * Money and supply of one meter. Amounts are thousandths of a penny, as balances travel in GBCS, held to what 32 bits
 * carry. What changes here is put where reads of either kind of meter find it.
 */
public final class MeterState {

    /** What the supply is. The number is the one that an electricity meter reports. */
    public enum Supply {
        DISABLED, ENABLED, ARMED
    }

    /** Registers that count money. */
    enum Amount {
        BALANCE, EMERGENCY_CREDIT, ACCUMULATED_DEBT, TIME_DEBT_1, TIME_DEBT_2, PAYMENT_DEBT
    }

    private static final String BALANCE_OBJECT = "112/0-0:19.10.0.255/2";
    private static final String EMERGENCY_CREDIT_LIMIT = "112/0-0:19.10.1.255/9";
    private static final String ALL_AMOUNTS = "1/0-0:94.44.34.30.255/2";
    private static final String SUPPLY_OBJECT = "70/0-0:96.3.10.255/3";
    private static final Map<Amount, Integer> ATTRIBUTES = Map.of(Amount.BALANCE, 0x0705_0001, Amount.EMERGENCY_CREDIT, 0x0705_0002,
            Amount.ACCUMULATED_DEBT, 0x0705_0005, Amount.TIME_DEBT_1, 0x0705_0211, Amount.TIME_DEBT_2, 0x0705_0221,
            Amount.PAYMENT_DEBT, 0x0705_0231);
    private static final int SUPPLY_ATTRIBUTE = 0x0702_0014;
    private static final int EMERGENCY_LIMIT_ATTRIBUTE = 0x0705_0010;
    private static final long EMERGENCY_CREDIT = 500_000;

    private final Meter meter;
    private final Map<Amount, Long> amounts = new EnumMap<>(Amount.class);
    private Supply supply = Supply.ENABLED;

    MeterState(Meter meter, long balance) {
        this.meter = meter;
        for (Amount amount : Amount.values()) {
            amounts.put(amount, 0L);
        }
        amounts.put(Amount.BALANCE, balance);
        publish();
    }

    /** The meter balance. */
    public synchronized long balance() {
        return amounts.get(Amount.BALANCE);
    }

    /** Emergency credit in use. */
    public synchronized long emergencyCredit() {
        return amounts.get(Amount.EMERGENCY_CREDIT);
    }

    /** The debt in one of the three registers: 1 and 2 by time, 3 by payment. */
    public synchronized long debt(int register) {
        return amounts.get(switch (register) {
            case 1 -> Amount.TIME_DEBT_1;
            case 2 -> Amount.TIME_DEBT_2;
            default -> Amount.PAYMENT_DEBT;
        });
    }

    /** The supply. */
    public synchronized Supply supply() {
        return supply;
    }

    synchronized void supply(Supply now) {
        supply = now;
        publish();
    }

    synchronized void set(Amount amount, long value) {
        amounts.put(amount, Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value)));
        amounts.put(Amount.ACCUMULATED_DEBT, Math.min(Integer.MAX_VALUE, amounts.get(Amount.TIME_DEBT_1) + amounts.get(Amount.TIME_DEBT_2)
                + amounts.get(Amount.PAYMENT_DEBT)));
        publish();
    }

    synchronized void add(Amount amount, long value) {
        set(amount, amounts.get(amount) + value);
    }

    /** Gives the whole emergency credit: up to the limit that was last set. */
    synchronized void activateEmergencyCredit() {
        DlmsData limit = meter.stored(EMERGENCY_CREDIT_LIMIT);
        Long gas = meter.attribute(EMERGENCY_LIMIT_ATTRIBUTE);
        set(Amount.EMERGENCY_CREDIT, limit != null ? limit.asLong() : gas != null ? gas : EMERGENCY_CREDIT);
    }

    private void publish() {
        meter.store(BALANCE_OBJECT, DlmsData.i32(amounts.get(Amount.BALANCE)));
        meter.store(ALL_AMOUNTS, new DlmsData.Structure(amounts.values().stream().map(DlmsData::i32).toList()));
        meter.store(SUPPLY_OBJECT, DlmsData.enumeration(supply.ordinal()));
        ATTRIBUTES.forEach((amount, attribute) -> meter.hold(attribute, amounts.get(amount)));
        // ZigBee numbers the states the other way round: 0 off, 1 armed, 2 on
        meter.hold(SUPPLY_ATTRIBUTE, supply == Supply.DISABLED ? 0L : supply == Supply.ARMED ? 1L : 2L);
    }
}
