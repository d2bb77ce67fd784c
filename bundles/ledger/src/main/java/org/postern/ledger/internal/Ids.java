package org.postern.ledger.internal;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;

/** Durable ids: a letter, the time in milliseconds, and 64 random bits, in hex. They sort by time. */
final class Ids {

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;

    Ids(Clock clock) {
        this.clock = clock;
    }

    String next(char kind) {
        HexFormat hex = HexFormat.of();
        return kind + hex.toHexDigits(clock.millis(), 12) + "-" + hex.toHexDigits(random.nextLong());
    }
}
