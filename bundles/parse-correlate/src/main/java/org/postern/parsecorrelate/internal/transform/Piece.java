package org.postern.parsecorrelate.internal.transform;

import java.util.List;

/**
 * A piece of a message before it is written. The same tree is used for all three payload families, since each piece has
 * its own framing.
 */
public sealed interface Piece {

    /** Origin of the piece. */
    Trace trace();

    /** How a piece is framed on the wire. */
    enum Framing {
        /** The value alone. */
        RAW,
        /** A BER length before the parts. */
        BER_COUNTED,
        /** A length of two bytes before the parts. */
        WORD_COUNTED,
        /** DLMS tag and, if the type has one, a length or a count. */
        DLMS,
        /** DER tag and length. */
        DER
    }

    /**
     * A value.
     *
     * @param framing how it is framed
     * @param tag type tag; unused if the framing has none
     * @param value content bytes; for a DLMS bit-string the bit count in one BER length, then the bits
     * @param trace origin
     */
    record Leaf(Framing framing, int tag, byte[] value, Trace trace) implements Piece {}

    /**
     * A sequence of pieces.
     *
     * @param framing how it is framed
     * @param tag type tag; unused if the framing has none
     * @param parts in wire order
     * @param trace origin
     */
    record Branch(Framing framing, int tag, List<Piece> parts, Trace trace) implements Piece {

        /** Copies the list. */
        public Branch {
            parts = List.copyOf(parts);
        }
    }
}
