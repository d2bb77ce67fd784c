package org.postern.gbcs;

import org.postern.catalogue.PosternException;

/**
 * The message does not have the MAC wrapper or signature that its message code requires (GBCS, Message Categories);
 * PST-3040.
 */
public class ProtectionMismatch extends PosternException {

    private static final long serialVersionUID = 1L;

    public ProtectionMismatch(String field, String rule, String cause) {
        super(GbcsFault.PROTECTION_MISMATCH.fault(field, rule, cause));
    }
}
