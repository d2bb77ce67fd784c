package org.postern.duis;

import org.postern.catalogue.Fault;
import org.postern.catalogue.FaultCode;
import org.postern.catalogue.PosternException;

/**
 * A DUIS document, or the JSON form of one, is refused. The field of the fault is the path of the element; the fault
 * never contains text of the document.
 */
public final class DuisException extends PosternException {

    private static final long serialVersionUID = 1L;

    public DuisException(Fault fault) {
        super(fault);
    }

    public DuisException(Fault fault, Throwable cause) {
        super(fault, cause);
    }

    static DuisException of(FaultCode kind, String field, String rule, String cause, String action) {
        return new DuisException(kind.fault(field, rule, cause, action));
    }
}
