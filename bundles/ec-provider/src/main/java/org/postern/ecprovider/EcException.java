package org.postern.ecprovider;

import org.jspecify.annotations.Nullable;

/**
 * A key or signature cannot be used, or a provider failed. An invalid signature does not cause this exception; its
 * verification returns {@code false}.
 */
public class EcException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Kind of failure. */
    public enum Kind {
        /** The bytes are not an EC key, or the key is not on P-256. */
        BAD_KEY,
        /** The provider failed in a valid operation. */
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
