package org.postern.gbcs;

/**
 * What the decoder spends on one message at most. Anything beyond is refused with PST-3002, never tried.
 *
 * @param maxMessageBytes longest message, in bytes; default 1 MiB, room for a full half-hourly profile log of thirteen
 *     months
 * @param maxDepth deepest nesting of arrays, structures, type descriptions and DER nodes; default 24
 * @param maxElements most elements of one list, and most nodes of one message; default 250,000
 * @param maxSteps most decoding steps; a step is the reading of one tag, length or fixed field, so a message never
 *     takes more than two a byte and 32 over; default 2,000,000
 */
public record DecodeLimits(int maxMessageBytes, int maxDepth, int maxElements, long maxSteps) {

    /** The documented defaults. */
    public static final DecodeLimits DEFAULT = new DecodeLimits(1 << 20, 24, 250_000, 2_000_000);

    public DecodeLimits {
        if (maxMessageBytes < 1 || maxDepth < 1 || maxElements < 1 || maxSteps < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
    }
}
