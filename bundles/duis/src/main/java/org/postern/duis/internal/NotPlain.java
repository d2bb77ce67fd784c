package org.postern.duis.internal;

/**
 * Thrown where a document has a construct that {@link PlainReader} leaves to {@link DocumentParser}. It has no message
 * and no stack trace.
 */
final class NotPlain extends RuntimeException {

    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace and no suppressed exceptions
    static final NotPlain INSTANCE = new NotPlain();

    private static final long serialVersionUID = 1L;

    private NotPlain() {
        super(null, null, false, false);
    }
}
