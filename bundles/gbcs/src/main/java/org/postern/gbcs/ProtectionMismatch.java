package org.postern.gbcs;

import org.postern.catalogue.PosternException;

/**
 * The MAC wrapper or signature of a message is not what its message code demands (GBCS, Message Categories). PST-3040.
 */
public class ProtectionMismatch extends PosternException {

    private static final long serialVersionUID = 1L;

    public ProtectionMismatch(String field, String rule, String cause) {
        super(GbcsFault.PROTECTION_MISMATCH.fault(field, rule, cause));
    }
}
