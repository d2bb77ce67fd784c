package org.postern.ledger.internal;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;

/** Durable ids: a letter, the time in milliseconds, and 64 random bits, in hex. They sort by time. */
final class Ids {

    private static final int TIME_DIGITS = 12;

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;

    Ids(Clock clock) {
        this.clock = clock;
    }

    /** When that id was made, to the millisecond. */
    static Instant time(String id) {
        return Instant.ofEpochMilli(HexFormat.fromHexDigitsToLong(id, 1, 1 + TIME_DIGITS));
    }

    String next(char kind) {
        HexFormat hex = HexFormat.of();
        return kind + hex.toHexDigits(clock.millis(), TIME_DIGITS) + "-" + hex.toHexDigits(random.nextLong());
    }
}
