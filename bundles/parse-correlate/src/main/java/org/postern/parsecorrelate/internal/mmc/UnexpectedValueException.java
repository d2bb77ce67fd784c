package org.postern.parsecorrelate.internal.mmc;

/**
 * A value is not of the kind or range that its row expects. The mapper catches it: it becomes a remark, and the row
 * yields nothing.
 */
final class UnexpectedValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnexpectedValueException(String message) {
        super(message, null, false, false);
    }
}
