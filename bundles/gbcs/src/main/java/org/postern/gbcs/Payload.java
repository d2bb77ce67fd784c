package org.postern.gbcs;

import java.util.function.Function;

/**
 * Content of a GBCS message: one of the three payload families (GBCS: DLMS COSEM, GBZ, ASN.1), or bytes of an unknown
 * family.
 */
public sealed interface Payload permits DlmsPayload, GbzPayload, Asn1Payload, OpaquePayload {

    /** The family of a message code in the use-case table, which never contains {@code OPAQUE}. */
    enum Family {
        DLMS,
        GBZ,
        ASN1,
        OPAQUE
    }

    /** The family of the payload. */
    Family family();

    /** Applies the function for the family. */
    default <R> R fold(
            Function<DlmsPayload, R> dlms,
            Function<GbzPayload, R> gbz,
            Function<Asn1Payload, R> asn1,
            Function<OpaquePayload, R> opaque) {
        if (this instanceof DlmsPayload d) {
            return dlms.apply(d);
        }
        if (this instanceof GbzPayload g) {
            return gbz.apply(g);
        }
        return this instanceof Asn1Payload a ? asn1.apply(a) : opaque.apply((OpaquePayload) this);
    }
}
