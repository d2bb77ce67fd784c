package org.postern.simulator.pki.internal;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.postern.simulator.pki.KeySource;

/** Keys, serial numbers and signatures by the JDK's chosen providers and its secure random. */
public final class RandomKeys implements KeySource {

    private final SecureRandom random = new SecureRandom();

    @Override
    public KeyPair pair(String name) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    @Override
    public BigInteger serial(String name) {
        return new BigInteger(126, random).setBit(126);
    }

    @Override
    public byte[] sign(PrivateKey key, byte[] content) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was just made signs", e);
        }
    }
}
