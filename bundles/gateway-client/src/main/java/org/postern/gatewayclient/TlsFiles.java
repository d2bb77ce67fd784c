package org.postern.gatewayclient;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The files and parameters of our side of mutual TLS.
 *
 * @param keyStore PKCS#12 file with our private key and its certificates
 * @param keyStorePassword file with the password of the key store
 * @param trustStore PKCS#12 file with the certification authorities that we trust
 * @param trustStorePassword file with the password of the trust store
 * @param protocols {@code TLSv1.3}, {@code TLSv1.2} or both
 * @param cipherSuites JSSE names; empty for the default of the JDK
 */
public record TlsFiles(
        Path keyStore,
        Path keyStorePassword,
        Path trustStore,
        Path trustStorePassword,
        List<String> protocols,
        List<String> cipherSuites) {

    public TlsFiles {
        Objects.requireNonNull(keyStore, "keyStore");
        Objects.requireNonNull(keyStorePassword, "keyStorePassword");
        Objects.requireNonNull(trustStore, "trustStore");
        Objects.requireNonNull(trustStorePassword, "trustStorePassword");
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }
}
