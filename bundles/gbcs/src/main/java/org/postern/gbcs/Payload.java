package org.postern.gbcs;

import java.util.function.Function;

/** Content of a GBCS message: one of the three payload families (GBCS: DLMS COSEM, GBZ, ASN.1). */
public sealed interface Payload permits DlmsPayload, GbzPayload, Asn1Payload {

    /** The family by which message codes are sorted in the use-case table. */
    enum Family { DLMS, GBZ, ASN1 }

    /** The payload's family. */
    Family family();

    /** One case per family. */
    default <R> R fold(Function<DlmsPayload, R> dlms, Function<GbzPayload, R> gbz, Function<Asn1Payload, R> asn1) {
        if (this instanceof DlmsPayload d) {
            return dlms.apply(d);
        }
        return this instanceof GbzPayload g ? gbz.apply(g) : asn1.apply((Asn1Payload) this);
    }
}
