package org.postern.catalogue;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The one exception root: every refusal of bad input carries a numbered {@link Fault}. */
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

    /** The fault in words. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** What was wrong, typed and numbered. */
    public Fault fault() {
        return fault;
    }
}
