package org.postern.gbcs;

/**
 * The limits of the decoder for one message. A message beyond a limit is refused with PST-3002.
 *
 * @param maxMessageBytes maximum length of a message in bytes; default 1 MiB, enough for a complete half-hourly profile
 *     log of thirteen months
 * @param maxDepth maximum nesting of arrays, structures, type descriptions and DER nodes; default 24
 * @param maxElements maximum number of elements of one list, and of nodes of one message; default 250,000
 * @param maxSteps maximum number of decoding steps; a step reads one tag, length or fixed field, so a message never
 *     needs more than two steps per byte plus 32; default 2,000,000
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
