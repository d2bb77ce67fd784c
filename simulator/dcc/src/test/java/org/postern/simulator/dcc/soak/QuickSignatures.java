package org.postern.simulator.dcc.soak;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postern.catalogue.Sha256;
import org.postern.ecprovider.EcProvider;

/**
 * A provider whose signatures are digests, for a run whose subject is memory and not cryptography: it takes a tenth of
 * the time. Whoever signs, the signature is right, unless a fault breaks it. Agreed secrets are real and are cached.
 */
final class QuickSignatures implements EcProvider {

    private static final int SECRETS = 2_000;

    private record Pair(PrivateKey own, PublicKey peer) {}

    private final EcProvider real;
    private final Map<Pair, byte[]> secrets = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, byte[]> eldest) {
            return size() > SECRETS;
        }
    };

    QuickSignatures(EcProvider real) {
        this.real = real;
    }

    @Override
    public Kind kind() {
        return real.kind();
    }

    @Override
    public String description() {
        return "digests in place of signatures, agreed secrets by " + real.description();
    }

    @Override
    public double signMicroseconds() {
        return 0;
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
        byte[] digest = Sha256.of(Arrays.copyOfRange(input, offset, offset + length));
        byte[] signature = Arrays.copyOf(digest, 2 * digest.length);
        System.arraycopy(digest, 0, signature, digest.length, digest.length);
        return signature;
    }

    @Override
    public boolean verify(PublicKey key, byte[] signature, byte[] input, int offset, int length) {
        byte[] digest = Sha256.of(Arrays.copyOfRange(input, offset, offset + length));
        return signature.length == 2 * digest.length
                && Arrays.equals(digest, Arrays.copyOf(signature, digest.length))
                && Arrays.equals(digest, Arrays.copyOfRange(signature, digest.length, signature.length));
    }

    @Override
    public byte[] agree(PrivateKey own, PublicKey peer) {
        return secrets.computeIfAbsent(new Pair(own, peer), pair -> real.agree(own, peer))
                .clone();
    }
}
