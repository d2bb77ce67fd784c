package org.postern.faultsimulation;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.HexFormat;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.jce.spec.ECNamedCurveSpec;
import org.postern.catalogue.Sha256;
import org.postern.simulator.pki.KeySource;

/**
 * Keys, serial numbers and signatures that are the same bytes in every process: keys and serial numbers follow from a
 * seed and their names, signatures from the key, what is signed and how often it was signed before (the first is that
 * of RFC 6979). Anybody can work such keys out: they are for the simulation only.
 */
final class SeededKeys implements KeySource {

    private static final ECDomainParameters P256 = domain();
    private static final ECParameterSpec SPEC =
            new ECNamedCurveSpec("secp256r1", P256.getCurve(), P256.getG(), P256.getN(), P256.getH());

    private final String seed;

    SeededKeys(String seed) {
        this.seed = seed;
    }

    private static ECDomainParameters domain() {
        X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
        return new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
    }

    private BigInteger number(String what, String name) {
        return new BigInteger(1, Sha256.of((what + "\n" + seed + "\n" + name).getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public KeyPair pair(String name) {
        BigInteger d =
                number("key", name).mod(P256.getN().subtract(BigInteger.ONE)).add(BigInteger.ONE);
        org.bouncycastle.math.ec.ECPoint q = P256.getG().multiply(d).normalize();
        ECPoint w = new ECPoint(
                q.getAffineXCoord().toBigInteger(), q.getAffineYCoord().toBigInteger());
        try {
            // by that provider alone: in what form a key is encoded is to be the same everywhere
            KeyFactory factory = KeyFactory.getInstance("EC", "SunEC");
            return new KeyPair(
                    factory.generatePublic(new ECPublicKeySpec(w, SPEC)),
                    factory.generatePrivate(new ECPrivateKeySpec(d, SPEC)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    @Override
    public BigInteger serial(String name) {
        return number("serial", name).shiftRight(130).setBit(126);
    }

    @Override
    public byte[] sign(PrivateKey key, byte[] content) {
        BigInteger[] signature = signature(key, Sha256.of(content), 0);
        try {
            return StandardDSAEncoding.INSTANCE.encode(P256.getN(), signature[0], signature[1]);
        } catch (java.io.IOException e) {
            throw new IllegalStateException("a signature that was just made encodes", e);
        }
    }

    /**
     * ECDSA over a digest; 64 bytes, r then s.
     *
     * @param before how often the key has signed that digest
     */
    static byte[] sign(PrivateKey key, byte[] digest, int before) {
        BigInteger[] signature = signature(key, digest, before);
        return PlainDSAEncoding.INSTANCE.encode(P256.getN(), signature[0], signature[1]);
    }

    private static BigInteger[] signature(PrivateKey key, byte[] digest, int before) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()) {
            @Override
            public void init(BigInteger n, BigInteger d, byte[] message) {
                super.init(
                        n,
                        d,
                        before == 0
                                ? message
                                : Sha256.of(
                                        (HexFormat.of().formatHex(message) + before).getBytes(StandardCharsets.UTF_8)));
            }
        });
        signer.init(true, new ECPrivateKeyParameters(((ECPrivateKey) key).getS(), P256));
        return signer.generateSignature(digest);
    }
}
