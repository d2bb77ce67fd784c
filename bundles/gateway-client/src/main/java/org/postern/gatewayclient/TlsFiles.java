package org.postern.gatewayclient;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * One side of mutual TLS: our key, whom we trust, and how.
 *
 * @param keyStore PKCS#12 with our key and its certificates
 * @param keyStorePassword file with its password
 * @param trustStore PKCS#12 with the authorities we trust, and no others
 * @param trustStorePassword file with its password
 * @param protocols {@code TLSv1.3}, {@code TLSv1.2} or both
 * @param cipherSuites empty for the JDK's own choice
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
