package org.postern.servicerequests.internal.credentials;

import org.postern.catalogue.Fault;

/** The kinds of rule that a credentials service may break: a number and what to do for each. */
enum Check {
    FORM("PST-2130", "get the certificate from SMKI again"),
    ALGORITHM("PST-2131", "get a certificate for a P-256 key"),
    PROFILE("PST-2132", "get the certificate from SMKI again"),
    ROLE("PST-2133", "put in a certificate of the party whose credentials are replaced"),
    USAGE("PST-2134", "put the certificate into the element that its key usage is for"),
    KEY("PST-2135", "make a key of its own for each purpose and each party"),
    VALIDITY("PST-2136", "get a certificate that is valid now and long enough"),
    PATH("PST-2137", "give the issuing certificates of the replacement certificates, each once, up to below the root"),
    ANCHOR("PST-2138", "put the certificate of the SMKI root (or of the issuing authority) there as root.pem (or issuing.pem)"),
    PARTY("PST-2139", "use certificates of one User ID, the one whose credentials are to be on the device"),
    FLOOR("PST-2140", "take a floor between the two that dcc:check-certificates shows"),
    CONTENT("PST-2141", "correct the request"),
    DEVICE("PST-2142", "correct the Device ID, or list the device in the inventory"),
    REQUEST("PST-2143", "have the device make a key (6.17) and get a certificate for that one"),
    SERVICE("PST-2149", "use it for a credentials service");

    private final String code;
    private final String action;

    Check(String code, String action) {
        this.code = code;
        this.action = action;
    }

    Fault fault(String field, String rule, String cause) {
        return new Fault(code, field, rule, cause, action);
    }
}
