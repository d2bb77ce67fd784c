package org.postern.ledger.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Durable ids: a letter, the time in milliseconds, and 64 random bits, in hex. They sort by time. */
final class Ids {

    private static final int TIME_DIGITS = 12;

    private final RandomGenerator random;
    private final Clock clock;

    Ids(Clock clock, RandomGenerator random) {
        this.random = random;
        this.clock = clock;
    }

    /** When that id was created, to the millisecond. */
    static Instant time(String id) {
        return Instant.ofEpochMilli(HexFormat.fromHexDigitsToLong(id, 1, 1 + TIME_DIGITS));
    }

    String next(char kind) {
        HexFormat hex = HexFormat.of();
        return kind + hex.toHexDigits(clock.millis(), TIME_DIGITS) + "-" + hex.toHexDigits(random.nextLong());
    }
}
