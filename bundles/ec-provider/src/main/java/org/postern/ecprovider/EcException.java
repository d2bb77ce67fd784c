package org.postern.ecprovider;

import org.jspecify.annotations.Nullable;

/**
 * A key or signature that cannot be used, or a provider that failed. A signature that merely does not verify is not an
 * exception but {@code false}.
 */
public class EcException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** The bytes are not an EC key, or the key is not on P-256. */
        BAD_KEY,
        /** The provider refused an operation that should have worked. */
        PROVIDER_FAILED
    }

    private final Kind kind;

    public EcException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
