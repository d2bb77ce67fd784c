package org.postern.servicerequests.internal.inbound;

/** What may pass by itself: the document stays where it is and is offered again. */
final class NotNow extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotNow(String message) {
        super(message);
    }
}
