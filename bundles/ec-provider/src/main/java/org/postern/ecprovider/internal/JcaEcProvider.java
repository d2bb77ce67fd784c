package org.postern.ecprovider.internal;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EncodedKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;

/** Implements the operations with one instance of a JCA provider. */
final class JcaEcProvider implements EcProvider {

    /** Signatures always have 64 bytes (IEEE P1363), so DER is used only where the provider supports nothing else. */
    private static final String P1363 = "SHA256withECDSAinP1363Format";

    private static final String DER = "SHA256withECDSA";

    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
    private static final BigInteger N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    private static final int SIGNATURE_BYTES = 64;
    private static final int Z_BYTES = 32;

    private final Kind kind;
    private final Provider provider;
    private final boolean p1363;
    private final String description;
    private final double signMicroseconds;

    JcaEcProvider(Kind kind, Provider provider, String note) throws GeneralSecurityException {
        this.kind = kind;
        this.provider = provider;
        this.p1363 = provider.getService("Signature", P1363) != null;
        this.signMicroseconds = SelfCheck.run(this);
        this.description =
                provider.getName() + " " + provider.getVersionStr() + (note.isEmpty() ? "" : " (" + note + ")");
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public double signMicroseconds() {
        return signMicroseconds;
    }

    @Override
    public PrivateKey privateKey(byte[] pkcs8) {
        EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        try {
            PrivateKey key = KeyFactory.getInstance("EC", provider).generatePrivate(spec);
            requireP256(key);
            return key;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw badKey("private key", e);
        }
    }

    @Override
    public PublicKey publicKey(byte[] subjectPublicKeyInfo) {
        try {
            PublicKey key =
                    KeyFactory.getInstance("EC", provider).generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo));
            requireP256(key);
            requireOnCurve(((ECPublicKey) key).getW());
            return key;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw badKey("public key", e);
        }
    }

    @Override
    public byte[] sign(PrivateKey key, byte[] input, int offset, int length) {
        try {
            Signature signature = Signature.getInstance(p1363 ? P1363 : DER, provider);
            signature.initSign(key);
            signature.update(input, offset, length);
            byte[] value = signature.sign();
            return p1363 ? value : DerSignature.toRaw(value);
        } catch (GeneralSecurityException e) {
            throw new EcException(EcException.Kind.PROVIDER_FAILED, provider.getName() + " could not sign", e);
        }
    }

    @Override
    public boolean verify(PublicKey key, byte[] value, byte[] input, int offset, int length) {
        if (value == null || value.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(p1363 ? P1363 : DER, provider);
            signature.initVerify(key);
            signature.update(input, offset, length);
            return signature.verify(p1363 ? value : DerSignature.fromRaw(value));
        } catch (java.security.SignatureException e) {
            // r or s is out of range: some providers throw an exception where others return false
            return false;
        } catch (GeneralSecurityException e) {
            throw new EcException(EcException.Kind.PROVIDER_FAILED, provider.getName() + " could not verify", e);
        }
    }

    @Override
    public byte[] agree(PrivateKey own, PublicKey peer) {
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH", provider);
            agreement.init(own);
            agreement.doPhase(peer, true);
            byte[] z = agreement.generateSecret();
            if (z.length == Z_BYTES) {
                return z;
            }
            byte[] padded = new byte[Z_BYTES];
            System.arraycopy(z, 0, padded, Z_BYTES - z.length, z.length);
            Arrays.fill(z, (byte) 0);
            return padded;
        } catch (GeneralSecurityException e) {
            throw new EcException(EcException.Kind.PROVIDER_FAILED, provider.getName() + " could not agree", e);
        }
    }

    @Override
    public String toString() {
        return kind + " " + description;
    }

    private static void requireP256(Object key) throws GeneralSecurityException {
        ECParameterSpec parameters = key instanceof ECKey ec ? ec.getParams() : null;
        if (parameters == null
                || !N.equals(parameters.getOrder())
                || parameters.getCurve().getField().getFieldSize() != 256
                || !B.equals(parameters.getCurve().getB())) {
            throw new java.security.InvalidKeyException("not a P-256 key");
        }
    }

    // key agreement with a point that is not on the curve would reveal the private key bit by bit
    private static void requireOnCurve(ECPoint w) throws GeneralSecurityException {
        BigInteger x = w.getAffineX();
        BigInteger y = w.getAffineY();
        if (w.equals(ECPoint.POINT_INFINITY)
                || x.signum() < 0
                || x.compareTo(P) >= 0
                || y.signum() < 0
                || y.compareTo(P) >= 0
                || !y.multiply(y)
                        .mod(P)
                        .equals(x.multiply(x)
                                .subtract(BigInteger.valueOf(3))
                                .multiply(x)
                                .add(B)
                                .mod(P))) {
            throw new java.security.InvalidKeyException("not a point on P-256");
        }
    }

    private static EcException badKey(String what, Exception cause) {
        return new EcException(
                EcException.Kind.BAD_KEY, what + " is not a usable P-256 key: " + cause.getMessage(), cause);
    }
}
