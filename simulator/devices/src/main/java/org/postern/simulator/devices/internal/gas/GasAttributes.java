package org.postern.simulator.devices.internal.gas;

/**
 * Attributes of a gas meter that have a meaning of their own here: cluster in the upper half, attribute in the lower.
 */
public final class GasAttributes {

    /** The first of the block thresholds. */
    public static final int FIRST_THRESHOLD = 0x0700_0100;

    static final int STANDING_CHARGE = 0x0700_0301;
    static final int PAYMENT_CONTROL = 0x0705_0000;
    public static final int EMERGENCY_LIMIT = 0x0705_0010;
    public static final int EMERGENCY_THRESHOLD = 0x0705_0011;
    static final int RECOVERY_1 = 0x0705_0217;
    static final int RECOVERY_2 = 0x0705_0227;
    static final int PER_PAYMENT = 0x0705_0239;

    private GasAttributes() {}
}
