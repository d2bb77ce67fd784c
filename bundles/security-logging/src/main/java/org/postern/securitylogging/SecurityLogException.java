package org.postern.securitylogging;

import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;

/** The security log cannot be written (PST-8001) or read (PST-8002), or its newest segment is damaged (PST-8003). */
public class SecurityLogException extends PosternException {

    private static final long serialVersionUID = 1L;

    public SecurityLogException(Fault fault, @Nullable Throwable cause) {
        super(fault, cause);
    }
}
