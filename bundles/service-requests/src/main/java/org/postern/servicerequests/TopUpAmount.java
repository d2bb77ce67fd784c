package org.postern.servicerequests;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.regex.Pattern;
import org.postern.catalogue.PosternException;

/**
 * The value of a top-up as a token carries it (GBCS, Unique Transaction Reference Number): thirteen bits, in pence or
 * in whole pounds.
 *
 * @param unit the unit of the value
 * @param value 1 to 8191; zero is not permitted because it would only use up a counter
 */
public record TopUpAmount(Unit unit, int value) {

    /** The unit of a value. */
    public enum Unit {
        /** Value class 0. */
        PENCE,
        /** Value class 1. */
        POUNDS
    }

    /** Highest value of either unit. */
    public static final int HIGHEST = 8191;

    private static final int PENCE_OF_A_POUND = 100;
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");
    private static final Pattern POUNDS_AND_PENCE = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,2})?");

    public TopUpAmount {
        Objects.requireNonNull(unit, "unit");
        if (value < 1 || value > HIGHEST) {
            throw refused(
                    "1 to " + HIGHEST + " pence or whole pounds",
                    value < 1 ? "the amount is zero" : "more than a token carries",
                    value < 1 ? "give at least one penny" : "top up in several tokens, or in whole pounds");
        }
    }

    /** @throws PosternException PST-2250 if the text is not a whole number of pence in range */
    public static TopUpAmount pence(String text) {
        return new TopUpAmount(Unit.PENCE, whole(text));
    }

    /** @throws PosternException PST-2250 if the text is not a whole number of pounds in range */
    public static TopUpAmount pounds(String text) {
        return new TopUpAmount(Unit.POUNDS, whole(text));
    }

    /**
     * Pounds and pence such as {@code 12.50}: in pence up to 81.91, above that in whole pounds.
     *
     * @throws PosternException PST-2250 for anything else, such as 100.50
     */
    public static TopUpAmount of(String text) {
        if (!POUNDS_AND_PENCE.matcher(text).matches()) {
            throw refused(
                    "pounds and pence such as 12.50",
                    "another text",
                    "write it with a point and at most two digits after it");
        }
        long pence = new BigDecimal(text).movePointRight(2).longValueExact();
        if (pence <= HIGHEST) {
            return new TopUpAmount(Unit.PENCE, (int) pence);
        }
        if (pence % PENCE_OF_A_POUND != 0 || pence / PENCE_OF_A_POUND > HIGHEST) {
            throw refused(
                    "at most 81.91, or whole pounds up to " + HIGHEST,
                    "an amount that no single token carries",
                    "top up in two tokens: one of whole pounds, one of the rest");
        }
        return new TopUpAmount(Unit.POUNDS, (int) (pence / PENCE_OF_A_POUND));
    }

    private static int whole(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw refused("a whole number, 1 to " + HIGHEST, "another text", "write it in digits");
        }
        return Integer.parseInt(text);
    }

    private static PosternException refused(String rule, String cause, String action) {
        return new PosternException(ServiceRequestFault.TOP_UP_AMOUNT.fault("topUp", rule, cause, action));
    }

    /** The amount is personal data and is therefore not shown. */
    @Override
    public String toString() {
        return "TopUpAmount";
    }
}
