package org.postern.servicerequests.internal.lifecycle;

/** A temporary failure: the document stays unprocessed and is offered again later. */
public final class RetryLaterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RetryLaterException(String message) {
        super(message);
    }
}
