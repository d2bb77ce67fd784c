package org.postern.gatewayclient.internal;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts as the store says, counts full handshakes, and compares the host's name where asked to. */
final class CountingTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager trust;
    private final boolean checkHostName;
    private final LongAdder handshakes = new LongAdder();

    CountingTrust(X509ExtendedTrustManager trust, boolean checkHostName) {
        this.trust = trust;
        this.checkHostName = checkHostName;
    }

    long handshakes() {
        return handshakes.sum();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        handshakes.increment();
        if (checkHostName) {
            trust.checkServerTrusted(chain, authType, engine);
        } else {
            trust.checkServerTrusted(chain, authType);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        handshakes.increment();
        if (checkHostName) {
            trust.checkServerTrusted(chain, authType, socket);
        } else {
            trust.checkServerTrusted(chain, authType);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        handshakes.increment();
        trust.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        trust.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        trust.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        trust.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}
