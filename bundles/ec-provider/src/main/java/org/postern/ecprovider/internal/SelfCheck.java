package org.postern.ecprovider.internal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;

/** Checks a provider before it is used: signs, verifies (also with SunEC) and agrees with a throwaway key. */
final class SelfCheck {

    private static final int ROUNDS = 20;

    private SelfCheck() {}

    /** Mean duration of one signature in microseconds. */
    static double run(JcaEcProvider provider) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "SunEC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        PrivateKey own = provider.privateKey(pair.getPrivate().getEncoded());
        PublicKey pub = provider.publicKey(pair.getPublic().getEncoded());
        byte[] input = "start-up check".getBytes(StandardCharsets.US_ASCII);
        byte[] value = provider.sign(own, input);
        Signature other = Signature.getInstance("SHA256withECDSAinP1363Format", "SunEC");
        other.initVerify(pair.getPublic());
        other.update(input);
        byte[] tampered = input.clone();
        tampered[0] ^= 1;
        if (!other.verify(value)
                || !provider.verify(pub, value, input)
                || provider.verify(pub, value, tampered)
                || provider.agree(own, pub).length != 32) {
            throw new SignatureException("start-up check failed");
        }
        long start = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            provider.sign(own, input);
        }
        return (System.nanoTime() - start) / 1000.0 / ROUNDS;
    }
}
