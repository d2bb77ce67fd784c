package org.postern.simulator.pki.internal;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.PrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;
import org.postern.simulator.pki.KeySource;

/** Signs a certificate, or a request for one, as its source of keys does. */
final class CertificateSigner implements ContentSigner {

    private final KeySource source;
    private final PrivateKey key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    CertificateSigner(KeySource source, PrivateKey key) {
        this.source = source;
        this.key = key;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    }

    @Override
    public OutputStream getOutputStream() {
        return content;
    }

    @Override
    public byte[] getSignature() {
        return source.sign(key, content.toByteArray());
    }
}
