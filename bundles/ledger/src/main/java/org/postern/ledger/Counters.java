package org.postern.ledger;

import org.postern.catalogue.Eui64;

/**
 * Counters that are never given twice: reserved on disk in blocks before use, so a crash skips numbers and repeats none. A
 * new block begins above the clock (milliseconds), above everything reserved before, above the highest one journalled and
 * above the watermark file, so that neither a restored backup nor a clock that stepped back brings a number again.
 */
public interface Counters {

    /**
     * The next counter of a User ID; strictly rising, 1 to 2^63 - 1.
     *
     * @throws LedgerException COUNTER where the series is at its end, UNAVAILABLE where no block can be reserved
     */
    long next(Eui64 originator);

    /**
     * The next prepayment counter of a supplier with a meter: a series of its own that rises by one in the high 32 bits; the
     * low 32 bits are zero. On disk before it is returned.
     */
    long nextPrepayment(Eui64 originator, Eui64 device);

    /** Raises the floor of a series, for example above what an older system used; lower floors change nothing. */
    void raise(Eui64 originator, long floor);

    /** Raises the floor of a prepayment series; {@code floor} as {@link #nextPrepayment} gives them. Lower floors change nothing. */
    void raisePrepayment(Eui64 originator, Eui64 device, long floor);

    /**
     * The highest counter of a User ID that may have been used: given away by {@link #next}, raised over, or journalled. After a
     * start it is the end of the last block, since what was given of it is not known; never less than what was used. 0 where none
     * was. Spends nothing.
     */
    long highest(Eui64 originator);

    /** The highest counter that a request to this device was journalled under; 0 where none was. Prepayment counters do not count. */
    long highest(Eui64 originator, Eui64 device);

    /**
     * The highest prepayment counter of a supplier with a meter, given by {@link #nextPrepayment} or journalled; the low 32 bits are
     * zero. 0 where there is none.
     */
    long highestPrepayment(Eui64 originator, Eui64 device);
}
