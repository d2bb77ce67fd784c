package org.postern.duis;

import org.postern.catalogue.Fault;
import org.postern.catalogue.FaultCode;
import org.postern.catalogue.PosternException;

/**
 * A DUIS document, or the JSON form of one, that is refused. The fault's field is the element's path; the fault never
 * carries the document's text.
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
