package org.postern.faultsimulation;

import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.postern.catalogue.Sha256;
import org.postern.ecprovider.EcProvider;

/**
 * What a provider does in one run, but for signatures, which are the same bytes in every process. The fastest provider
 * draws a number for each, and cannot be given one. Signing the same bytes twice gives two signatures, as with that
 * provider.
 */
final class RepeatableEc implements EcProvider {

    private final EcProvider real;
    /** How often a key has signed a digest. */
    private final Map<String, Integer> made = new HashMap<>();

    RepeatableEc(EcProvider real) {
        this.real = real;
    }

    @Override
    public Kind kind() {
        return real.kind();
    }

    @Override
    public String description() {
        return real.description();
    }

    @Override
    public double signMicroseconds() {
        return real.signMicroseconds();
    }

    @Override
    public PrivateKey privateKey(byte[] pkcs8) {
        return real.privateKey(pkcs8);
    }

    @Override
    public PublicKey publicKey(byte[] subjectPublicKeyInfo) {
        return real.publicKey(subjectPublicKeyInfo);
    }

    @Override
    public byte[] sign(PrivateKey key, byte[] input, int offset, int length) {
        MessageDigest digest = Sha256.start();
        digest.update(input, offset, length);
        byte[] value = digest.digest();
        return SeededKeys.sign(
                key, value, before(((ECPrivateKey) key).getS() + HexFormat.of().formatHex(value)));
    }

    private synchronized int before(String what) {
        return made.merge(what, 1, Integer::sum) - 1;
    }

    @Override
    public boolean verify(PublicKey key, byte[] signature, byte[] input, int offset, int length) {
        return real.verify(key, signature, input, offset, length);
    }

    @Override
    public byte[] agree(PrivateKey own, PublicKey peer) {
        return real.agree(own, peer);
    }
}
