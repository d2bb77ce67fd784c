package org.postern.gatewayclient.internal;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks certificates against the trust store, and the host name where configured. Counts the certificates that it
 * refuses, and reports each of them with the reason, because the exception of the TLS handshake states neither.
 */
final class CountingTrustManager extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager trust;
    private final boolean checkHostName;
    private final LongAdder refusals = new LongAdder();
    private final Consumer<String> onRefusal;
    private volatile String lastRefusal = "";

    /** @param onRefusal receives subject, serial number and reason of each certificate that is refused */
    CountingTrustManager(X509ExtendedTrustManager trust, boolean checkHostName, Consumer<String> onRefusal) {
        this.trust = trust;
        this.onRefusal = onRefusal;
        this.checkHostName = checkHostName;
    }

    /** Subject, serial number and reason of the last certificate that was refused; empty where none was. */
    String lastRefusal() {
        return lastRefusal;
    }

    long refusals() {
        return refusals.sum();
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void recordRefusal(X509Certificate[] chain, Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            refusals.increment();
            lastRefusal = named(chain) + ": " + reason(e);
            onRefusal.accept(lastRefusal);
            throw e;
        }
    }

    static String named(X509Certificate[] chain) {
        return chain == null || chain.length == 0
                ? "no certificate"
                : "certificate " + chain[0].getSubjectX500Principal().getName() + " serial "
                        + chain[0].getSerialNumber();
    }

    private static String reason(Throwable e) {
        Throwable inner = e;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        recordRefusal(chain, () -> {
            if (checkHostName) {
                trust.checkServerTrusted(chain, authType, engine);
            } else {
                trust.checkServerTrusted(chain, authType);
            }
        });
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        recordRefusal(chain, () -> {
            if (checkHostName) {
                trust.checkServerTrusted(chain, authType, socket);
            } else {
                trust.checkServerTrusted(chain, authType);
            }
        });
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        recordRefusal(chain, () -> trust.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        recordRefusal(chain, () -> trust.checkClientTrusted(chain, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        recordRefusal(chain, () -> trust.checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        recordRefusal(chain, () -> trust.checkClientTrusted(chain, authType));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
