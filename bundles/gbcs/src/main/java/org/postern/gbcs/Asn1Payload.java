package org.postern.gbcs;

import java.util.Objects;

/**
 * ASN.1 content in DER (GBCS): exactly one node.
 *
 * @param root the outermost node
 */
public record Asn1Payload(DerNode root) implements Payload {
    public Asn1Payload {
        Objects.requireNonNull(root, "root");
    }

    @Override
    public Family family() {
        return Family.ASN1;
    }
}
