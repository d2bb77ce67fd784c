package org.postern.parsecorrelate;

import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;

/**
 * A Service Request that cannot be transformed. Codes: PST-4001 the rule tables are wrong, PST-4002 the request does
 * not fit the rule, PST-4003 there is no rule for this service, PST-4004 the device inventory lacks a fact that the
 * rule needs.
 */
public final class TransformException extends PosternException {

    private static final long serialVersionUID = 1L;

    /** With that fault. */
    public TransformException(Fault fault) {
        super(fault);
    }

    /** With that fault and its cause. */
    public TransformException(Fault fault, Throwable cause) {
        super(fault, cause);
    }
}
