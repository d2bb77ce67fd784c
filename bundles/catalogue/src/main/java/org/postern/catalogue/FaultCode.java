package org.postern.catalogue;

/**
 * A numbered kind of fault. Each bundle that refuses anything has one enum of these; together they are the registry of
 * faults, from which {@code docs/errors.md} is made. A number has one meaning and is used for nothing else.
 */
public interface FaultCode {

    /** What the registry says of it. */
    FaultEntry entry();

    /** Name of the constant. */
    String name();

    /** {@code PST-} and four digits. */
    default String code() {
        return entry().code();
    }

    /**
     * The one answer to "may it pass by itself?": true where the same call, unchanged, may succeed later, because
     * nothing is wrong with it. The trouble is ours and passes, if need be once the actor has put it right. What meets
     * such a fault is kept and tried again, and its sender is told to do so; any other fault is an answer to what was
     * asked.
     */
    default boolean mayPass() {
        return entry().mayPass();
    }

    /** A fault by the registry's own rule and remedy. */
    default Fault fault(String field, String cause) {
        return new Fault(this, field, entry().rule(), cause, entry().remedy());
    }

    /** A fault by a rule that says more than the registry's, with the registry's remedy. */
    default Fault fault(String field, String rule, String cause) {
        return new Fault(this, field, rule, cause, entry().remedy());
    }

    /** A fault whose rule and action say more than the registry's. */
    default Fault fault(String field, String rule, String cause, String action) {
        return new Fault(this, field, rule, cause, action);
    }

    /** {@link #fault(String, String, String, String)}, to be thrown. */
    default PosternException refusal(String field, String rule, String cause, String action) {
        return new PosternException(fault(field, rule, cause, action));
    }
}
