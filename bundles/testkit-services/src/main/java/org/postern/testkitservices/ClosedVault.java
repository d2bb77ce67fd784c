package org.postern.testkitservices;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import org.postern.hsm.CorrelationProof;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyTest;
import org.postern.hsm.KeyVault;

/** A key vault for tests that override the methods they expect: every other method fails. */
public class ClosedVault implements KeyVault {

    private static IllegalStateException unexpected(String method) {
        return new IllegalStateException("unexpected call of the vault: " + method);
    }

    @Override
    public byte[] signXml(String alias, byte[] signedInfo) {
        throw unexpected("signXml");
    }

    @Override
    public byte[] signPreCommand(String alias, CorrelationProof proof, byte[] preCommand) {
        throw unexpected("signPreCommand");
    }

    @Override
    public <R> R agree(String alias, KeyPurpose purpose, X509Certificate peer, Function<byte[], R> use) {
        throw unexpected("agree");
    }

    @Override
    public X509Certificate certificate(String alias) {
        throw unexpected("certificate");
    }

    @Override
    public List<KeyEntry> keys() {
        throw unexpected("keys");
    }

    @Override
    public KeyTest test(String alias) {
        throw unexpected("test");
    }
}
