package org.postern.catalogue;

/**
 * A numbered kind of fault. Each bundle that reports faults has one enum of these; together they are the registry of
 * faults, from which {@code docs/errors.md} is generated. A number has exactly one meaning.
 */
public interface FaultCode {

    /** Its entry in the registry. */
    FaultEntry entry();

    /** Name of the constant. */
    String name();

    /** {@code PST-} and four digits. */
    default String code() {
        return entry().code();
    }

    /**
     * Whether the fault is transient: true where the same call, unchanged, may succeed later because the call itself is
     * correct. The cause is within the appliance and disappears, if necessary after the actor has corrected it. An
     * operation with such a fault is stored and retried, and its sender is informed that it may retry. Any other fault
     * is a final answer to the call.
     */
    default boolean mayPass() {
        return entry().mayPass();
    }

    /** A fault with the rule and the remedy of the registry. */
    default Fault fault(String field, String cause) {
        return new Fault(this, field, entry().rule(), cause, entry().remedy());
    }

    /** A fault with a more specific rule and the remedy of the registry. */
    default Fault fault(String field, String rule, String cause) {
        return new Fault(this, field, rule, cause, entry().remedy());
    }

    /** A fault with a more specific rule and action. */
    default Fault fault(String field, String rule, String cause, String action) {
        return new Fault(this, field, rule, cause, action);
    }

    /** {@link #fault(String, String, String, String)}, to be thrown. */
    default PosternException refusal(String field, String rule, String cause, String action) {
        return new PosternException(fault(field, rule, cause, action));
    }
}
