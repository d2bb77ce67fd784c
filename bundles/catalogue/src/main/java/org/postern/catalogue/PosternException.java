package org.postern.catalogue;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The common superclass of exceptions: every refusal contains a {@link Fault} with its code. */
public class PosternException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    public PosternException(Fault fault) {
        this(fault, null);
    }

    public PosternException(Fault fault, @Nullable Throwable cause) {
        super(Objects.requireNonNull(fault, "fault").toString(), cause);
        this.fault = fault;
    }

    /** The fault as text. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** The fault with its code. */
    public Fault fault() {
        return fault;
    }
}
