package org.postern.servicerequests;

import java.util.Objects;

/**
 * The twenty digits of a top-up token (GBCS, Unique Transaction Reference Number), to be returned to the caller.
 *
 * @param value twenty decimal digits, the last a check digit
 */
public record TopUpDigits(String value) {

    private static final int GROUP = 4;

    public TopUpDigits {
        Objects.requireNonNull(value, "value");
    }

    /** The digits in five groups of four, for reading out and keying in. */
    public String grouped() {
        return value.replaceAll("(.{" + GROUP + "})(?!$)", "$1 ");
    }

    /** A token has monetary value and is therefore not shown. */
    @Override
    public String toString() {
        return "UTRN";
    }
}
