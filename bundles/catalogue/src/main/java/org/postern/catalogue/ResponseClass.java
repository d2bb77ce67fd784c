package org.postern.catalogue;

/** What a response code of the DCC means for the life of a request (DUIS, Response Codes). */
public enum ResponseClass {
    /** Carried out; final. */
    DONE,
    /** Carried out but for exceptions that the answer lists; final. */
    DONE_WITH_EXCEPTIONS,
    /** Taken in; the answer comes later. */
    WAIT,
    /** Our set-up with the DCC is at fault; every request alike will be refused until a person has put it right. */
    CONFIG,
    /** The data at the DCC and ours differ (registration, inventory); refresh and decide. */
    BUSINESS,
    /** This request can never succeed as it is. */
    REJECTED,
    /** We sent it in the wrong form or to the wrong place. */
    SOFTWARE,
    /** Nothing happened; the same may be tried later. */
    RETRY,
    /** It may have happened; read back before repeating. */
    UNKNOWN_OUTCOME,
    /** Meaning unknown; a person decides. */
    MANUAL;

    /** True where the DCC says that the request has been carried out, wholly or but for exceptions. */
    public boolean success() {
        return this == DONE || this == DONE_WITH_EXCEPTIONS;
    }

    /** True where no answer can follow. */
    public boolean isFinal() {
        return this != WAIT;
    }
}
