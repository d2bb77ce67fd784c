package org.postern.benchmarks.appliance;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;

/** Signing, verifying and MACs without anything around them, on one thread. */
final class CryptoFloor extends OneThread {

    /** A SignedInfo has about so many bytes; what is signed of a document is always one. */
    private static final int SIGNED_INFO = 700;
    /** A device's answer to a read is about this long. */
    private static final int GBCS_MESSAGE = 200;

    private static final int TAG_BITS = 96;
    private static final int NONCE = 12;

    /** One operation. */
    private interface Step {
        void run() throws Exception;
    }

    private CryptoFloor(Step step) {
        start("crypto", () -> {
            step.run();
            return 1;
        });
    }

    static CryptoFloor of(Operation operation, FloorProcess.Sizes sizes) throws Exception {
        EcProvider ec = EcProvider.fastest();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        PrivateKey own = ec.privateKey(pair.getPrivate().getEncoded());
        PublicKey theirs = ec.publicKey(pair.getPublic().getEncoded());
        byte[] input = new byte[SIGNED_INFO];
        byte[] signature = ec.sign(own, input);
        return switch (operation) {
            case SIGN -> new CryptoFloor(() -> ec.sign(own, input));
            case VERIFY ->
                new CryptoFloor(() -> {
                    if (!ec.verify(theirs, signature, input)) {
                        throw new IllegalStateException("a right signature was found wrong");
                    }
                });
            case MAC -> mac(new GbcsCrypto(ec));
            default -> throw new IllegalArgumentException("not cryptography: " + operation);
        };
    }

    /** As GBCS has it: a key for each message, derived from Z, and GMAC over the message. */
    private static CryptoFloor mac(GbcsCrypto crypto) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] z = new byte[GbcsCrypto.SECRET_LENGTH];
        byte[] message = new byte[GBCS_MESSAGE];
        long[] counter = {0};
        return new CryptoFloor(() -> {
            byte[] key = crypto.deriveKey(z, GbcsCrypto.Purpose.RESPONSE_MAC, new Eui64(1), counter[0]++, new Eui64(2));
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(TAG_BITS, new byte[NONCE]));
            cipher.updateAAD(message);
            cipher.doFinal();
        });
    }
}
