package org.postern.catalogue;

/** The meaning of a response code of the DCC for a request (DUIS, Response Codes). */
public enum ResponseClass {
    /** Carried out; final. */
    DONE,
    /** Carried out, except for exceptions that the response lists; final. */
    DONE_WITH_EXCEPTIONS,
    /** Accepted; the response follows later. */
    WAIT,
    /** The configuration of the User at the DCC is wrong; all such requests are refused until it has been corrected. */
    CONFIG,
    /** The data of the DCC and of the User differ (registration, inventory); refresh the data and decide. */
    BUSINESS,
    /** This request can never succeed unchanged. */
    REJECTED,
    /** The appliance sent the request in the wrong form or to the wrong address. */
    SOFTWARE,
    /** The request had no effect; it may be retried later. */
    RETRY,
    /** The request may have been carried out; check before repeating it. */
    UNKNOWN_OUTCOME,
    /** Unknown meaning; to be decided manually. */
    MANUAL;

    /** True where the DCC states that the request has been carried out, completely or with exceptions. */
    public boolean success() {
        return this == DONE || this == DONE_WITH_EXCEPTIONS;
    }

    /** True where no further response can follow. */
    public boolean isFinal() {
        return this != WAIT;
    }
}
