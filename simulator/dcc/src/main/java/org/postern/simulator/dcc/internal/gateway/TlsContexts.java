package org.postern.simulator.dcc.internal.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.postern.catalogue.PosternException;
import org.postern.simulator.pki.SimulatorFault;

/** TLS with own certificate and own authorities only, from a folder of the throwaway PKI. */
final class TlsContexts {

    private TlsContexts() {}

    /** @param name {@code server} or {@code client} */
    static SSLContext of(Path folder, String name) {
        try {
            char[] password =
                    Files.readString(folder.resolve("password")).strip().toCharArray();
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(folder.resolve(name + ".p12"), password), password);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store(folder.resolve("trust.p12"), password));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new PosternException(
                    SimulatorFault.KEY_STORE.fault(folder.getFileName() + "/" + name + ".p12", "cannot be read"), e);
        }
    }

    private static KeyStore store(Path file, char[] password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        return store;
    }
}
