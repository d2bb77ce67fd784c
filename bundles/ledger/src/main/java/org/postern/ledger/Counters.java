package org.postern.ledger;

import org.postern.catalogue.Eui64;

/**
 * Counters that are never given twice: reserved on disk in blocks before use, so a crash skips numbers and repeats
 * none. A new block begins above the clock (milliseconds), above everything reserved before, above the highest one
 * journalled and above the watermark file, so that neither a restored backup nor a clock that stepped back brings a
 * number again.
 */
public interface Counters {

    /**
     * The next counter of a User ID; strictly rising, 1 to 2^63 - 1. Its low 32 bits are never all zero: those are the
     * prepayment counters.
     *
     * @throws LedgerException COUNTER where the series is at its end, UNAVAILABLE where no block can be reserved
     */
    long next(Eui64 originator);

    /**
     * The next prepayment counter of a supplier with a meter: a series of its own that rises by one in the high 32
     * bits; the low 32 bits are zero (DUIS, RequestID); n &lt;&lt; 32 with n 1 to 2^31 - 1. Above everything reserved,
     * admitted or raised before for that meter, and above the watermark file. On disk before it is returned.
     *
     * @throws LedgerException COUNTER where the series is at its end, UNAVAILABLE where it cannot be reserved
     */
    long nextPrepayment(Eui64 originator, Eui64 device);

    /**
     * Raises the floor of a User ID's series, for example above what an older system used; lower floors change nothing.
     *
     * @param floor the next counter is above it
     */
    void raise(Eui64 originator, long floor);

    /**
     * Raises the floor of the prepayment series of one meter, for example one that came from another supplier system;
     * lower floors change nothing.
     *
     * @param floor a counter as RequestIDs carry it, 0 to 2^63 - 1; the next one is above it
     */
    void raisePrepayment(Eui64 originator, Eui64 device, long floor);

    /**
     * The highest counter of a User ID that may have been used: given away by {@link #next}, raised over, or
     * journalled. After a start it is the end of the last block, since what was given of it is not known; never less
     * than what was used. 0 where none was. Spends nothing.
     */
    long highest(Eui64 originator);

    /**
     * The highest counter that a request to this device was journalled under; 0 where none was. Prepayment counters do
     * not count.
     */
    long highest(Eui64 originator, Eui64 device);

    /**
     * The highest prepayment counter of a supplier with a meter: given by {@link #nextPrepayment}, raised over, or
     * taken by a token made elsewhere; n &lt;&lt; 32. 0 where there is none. Spends nothing.
     */
    long highestPrepayment(Eui64 originator, Eui64 device);
}
