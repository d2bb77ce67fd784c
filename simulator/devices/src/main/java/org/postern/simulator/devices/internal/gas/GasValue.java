package org.postern.simulator.devices.internal.gas;

import org.postern.gbcs.Bytes;

/**
 * The value of an attribute of a gas meter.
 *
 * @param number the number, 0 where it is a text
 * @param text the bytes of a text; null where it is a number
 */
public record GasValue(long number, Bytes text) {

    public static GasValue number(long value) {
        return new GasValue(value, null);
    }

    static GasValue text(String value) {
        return new GasValue(0, Bytes.ofText(value));
    }
}
