package org.postern.duis.internal;

/** Says that a document has something that {@link PlainReader} leaves to {@link DocumentParser}; carries nothing. */
final class NotPlain extends RuntimeException {

    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace and no suppressed exceptions
    static final NotPlain INSTANCE = new NotPlain();

    private static final long serialVersionUID = 1L;

    private NotPlain() {
        super(null, null, false, false);
    }
}
