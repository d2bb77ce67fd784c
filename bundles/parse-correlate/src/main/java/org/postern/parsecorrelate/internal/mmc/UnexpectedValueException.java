package org.postern.parsecorrelate.internal.mmc;

/** A value is not what its row says it is. Never leaves the mapper: it becomes a remark, and the row yields nothing. */
final class Mismatch extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Mismatch(String message) {
        super(message, null, false, false);
    }
}
