package org.postern.ledger;

import org.postern.catalogue.Eui64;

/**
 * Originator Counters that are never issued twice. They are reserved on disk in blocks before use, so a crash skips
 * numbers but never repeats one. A new block starts above the clock (in milliseconds), above every earlier reservation,
 * above the highest counter of a stored request and above the watermark file, so neither a restored backup nor a clock
 * that was set back repeats a number.
 */
public interface Counters {

    /**
     * The next counter of a User ID; strictly increasing, 1 to 2^63 - 1. Its low 32 bits are never all zero, because
     * such numbers are prepayment counters.
     *
     * @throws LedgerException COUNTER if the series is exhausted, UNAVAILABLE if no block can be reserved
     */
    long next(Eui64 originator);

    /**
     * The next prepayment counter of a supplier for one meter. It is a separate series that increases by one in the
     * high 32 bits while the low 32 bits are zero (DUIS, RequestID): n &lt;&lt; 32 with n from 1 to 2^31 - 1. It is
     * above every counter that was reserved, admitted or set as a floor for that meter, and above the watermark file.
     * It is on disk before it is returned.
     *
     * @throws LedgerException COUNTER if the series is exhausted, UNAVAILABLE if it cannot be reserved
     */
    long nextPrepayment(Eui64 originator, Eui64 device);

    /**
     * Raises the floor of a User ID's series, for example above the counters that an earlier system used. A floor below
     * the current one changes nothing.
     *
     * @param floor the next counter is greater than this
     */
    void raise(Eui64 originator, long floor);

    /**
     * Raises the floor of the prepayment series of one meter, for example a meter that another supplier system served
     * before. A floor below the current one changes nothing.
     *
     * @param floor a counter as in a RequestID, 0 to 2^63 - 1; the next counter is greater than this
     */
    void raisePrepayment(Eui64 originator, Eui64 device, long floor);

    /**
     * The highest counter of a User ID that may have been used: returned by {@link #next}, passed by a raised floor, or
     * stored with a request. After a start it is the end of the last reserved block, because it is not known how many
     * counters of that block were issued; it is never below a counter that was used. 0 if none was used. Does not
     * consume a counter.
     */
    long highest(Eui64 originator);

    /** The highest counter of a stored request to this device; 0 if there is none. Prepayment counters are ignored. */
    long highest(Eui64 originator, Eui64 device);

    /**
     * The highest prepayment counter of a supplier for a meter: returned by {@link #nextPrepayment}, passed by a raised
     * floor, or used by a token that was made elsewhere; n &lt;&lt; 32. 0 if there is none. Does not consume a counter.
     */
    long highestPrepayment(Eui64 originator, Eui64 device);
}
