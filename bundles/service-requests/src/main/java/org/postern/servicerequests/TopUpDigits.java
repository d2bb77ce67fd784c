package org.postern.servicerequests;

import java.util.Objects;

/**
 * The twenty digits of a top-up token (GBCS, Unique Transaction Reference Number) on their way to whoever asked for
 * them.
 *
 * @param value twenty decimal digits, the last a check digit
 */
public record TopUpDigits(String value) {

    private static final int GROUP = 4;

    public TopUpDigits {
        Objects.requireNonNull(value, "value");
    }

    /** The digits in five groups of four, as people read them out and key them in. */
    public String grouped() {
        return value.replaceAll("(.{" + GROUP + "})(?!$)", "$1 ");
    }

    /** A token is money: it does not show itself. */
    @Override
    public String toString() {
        return "UTRN";
    }
}
