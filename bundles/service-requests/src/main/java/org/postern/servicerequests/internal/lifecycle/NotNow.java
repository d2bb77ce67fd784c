package org.postern.servicerequests.internal.lifecycle;

/** What may pass by itself: the document stays where it is and is offered again. */
public final class NotNow extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotNow(String message) {
        super(message);
    }
}
