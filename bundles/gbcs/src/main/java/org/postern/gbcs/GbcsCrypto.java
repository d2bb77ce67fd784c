package org.postern.gbcs;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Sha256;
import org.postern.ecprovider.EcProvider;

/**
 * The cryptographic functions of GBCS. Elliptic curve operations use the given provider; digests and AES-GCM use the
 * JDK, which is faster. Thread-safe: ciphers and digests are stored per thread, converted public keys per certificate.
 */
public final class GbcsCrypto {

    /** Purpose byte of the key derivation. */
    public enum Purpose {
        COMMAND_MAC(1),
        RESPONSE_MAC(2),
        ALERT_MAC(3),
        ENCRYPTION(4);

        private final int code;

        Purpose(int code) {
            this.code = code;
        }

        /** The purpose of a MAC for the CRA flag of the message. */
        static Purpose ofMac(int cra) {
            return cra == 1 ? COMMAND_MAC : cra == 2 ? RESPONSE_MAC : ALERT_MAC;
        }
    }

    /** Length of Z. */
    public static final int SECRET_LENGTH = 32;

    private static final int KEY_LENGTH = 16;
    private static final int TAG_LENGTH = 12;
    /** Security header of a protected object: encrypted and authenticated, invocation counter zero. */
    private static final long PROTECTED_CONTROL = 0x31;

    private static final int PROTECTED_HEADER = 5;
    /** The input of the key derivation: counter 1, Z at offset 4, the object identifier of AES-GCM-128 at offset 36. */
    private static final byte[] KDF_PREFIX = {0, 0, 0, 1};

    private static final byte[] ALGORITHM = {0x60, (byte) 0x85, 0x74, 0x06, 0x08, 0x03, 0x00};
    private static final byte[] MAC_HEADER = {0x11, 0, 0, 0, 0, 0};
    private static final byte[] ENCRYPTION_HEADER = {(byte) PROTECTED_CONTROL};
    /** Maximum number of certificates whose keys are cached; a full cache is cleared. */
    private static final int MAX_KEYS = 100_000;

    private final EcProvider ec;
    private final Map<X509Certificate, PublicKey> publicKeys = new ConcurrentHashMap<>();
    private final ThreadLocal<MessageDigest> digests = ThreadLocal.withInitial(Sha256::start);
    private final ThreadLocal<Cipher> decrypting = ThreadLocal.withInitial(GbcsCrypto::gcm);

    /** @param ec provider of ECDSA and ECDH */
    public GbcsCrypto(EcProvider ec) {
        this.ec = Objects.requireNonNull(ec, "ec");
    }

    /**
     * The AES-128 key of the GBCS Key Derivation Function: the first half of SHA-256 over counter 1, Z and the other
     * information.
     *
     * @param z 32 bytes
     */
    public byte[] deriveKey(byte[] z, Purpose purpose, Eui64 originator, long counter, Eui64 recipient) {
        if (z.length != SECRET_LENGTH) {
            throw new IllegalArgumentException("Z of " + z.length + " bytes");
        }
        byte[] input = new byte[69];
        System.arraycopy(KDF_PREFIX, 0, input, 0, 4);
        System.arraycopy(z, 0, input, 4, SECRET_LENGTH);
        System.arraycopy(ALGORITHM, 0, input, 36, 7);
        put(input, 43, originator.value());
        input[51] = 9;
        input[52] = (byte) purpose.code;
        put(input, 53, counter);
        put(input, 61, recipient.value());
        byte[] hash = digests.get().digest(input);
        byte[] key = Arrays.copyOf(hash, KEY_LENGTH);
        Arrays.fill(input, (byte) 0);
        Arrays.fill(hash, (byte) 0);
        return key;
    }

    /**
     * The MAC (12 bytes) of the inner message, with the key that is derived from Z and from originator, counter and
     * target of the header. The message need not have a MAC wrapper, but must have a signature field.
     */
    public byte[] mac(byte[] z, GbcsMessage message) {
        if (message.kind() == MessageKind.PRECOMMAND) {
            throw new IllegalArgumentException("a Pre-Command has no MAC");
        }
        byte[] key = macKey(z, message.header());
        Bytes inner = message.inner();
        byte[] aad = new byte[MAC_HEADER.length + inner.length()];
        System.arraycopy(MAC_HEADER, 0, aad, 0, MAC_HEADER.length);
        inner.copyTo(aad, MAC_HEADER.length);
        byte[] tag = fullTag(key, message.header().originator(), aad);
        return Arrays.copyOf(tag, TAG_LENGTH);
    }

    /** True where the MAC of the message is valid for Z. The cipher compares it in constant time. */
    public boolean macMatches(byte[] z, GbcsMessage message) {
        Bytes mac = message.mac().orElseThrow(() -> new IllegalArgumentException("no MAC"));
        byte[] key = macKey(z, message.header());
        try {
            Cipher cipher = decrypting.get();
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    iv(message.header().originator(), TAG_LENGTH));
            cipher.updateAAD(MAC_HEADER);
            Bytes inner = message.inner();
            cipher.updateAAD(inner.array, inner.offset, inner.length);
            cipher.doFinal(mac.array, mac.offset, mac.length);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM of the JDK failed", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private byte[] macKey(byte[] z, GroupingHeader h) {
        return deriveKey(z, Purpose.ofMac(h.cra()), h.originator(), h.counter(), h.target());
    }

    /** The complete GCM tag (16 bytes) of the additional data. Wipes the key. */
    byte[] fullTag(byte[] key, Eui64 originator, byte[] aad) {
        try {
            // a new cipher, because the JDK refuses a second encryption with the same key and IV, as for a repeated MAC
            Cipher cipher = gcm();
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), iv(originator, 16));
            cipher.updateAAD(aad);
            return cipher.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM of the JDK failed", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /**
     * True where the 64 bytes r and s are a signature of the signer over the bytes; false in all other cases, also for
     * malformed input.
     *
     * @param toBeSigned {@link GbcsMessage#toBeSigned()}
     */
    public boolean verify(X509Certificate signer, Bytes toBeSigned, Bytes rs) {
        return ec.verify(publicKey(signer), rs.toArray(), toBeSigned.array, toBeSigned.offset, toBeSigned.length);
    }

    /**
     * Signs {@link GbcsMessage#toBeSigned()}; the result is 64 bytes, r and s. For simulators and tests; the appliance
     * signs with the key vault.
     */
    public byte[] sign(PrivateKey key, Bytes toBeSigned) {
        return ec.sign(key, toBeSigned.array, toBeSigned.offset, toBeSigned.length);
    }

    /**
     * ECDH: the shared secret Z (32 bytes), which the caller wipes. The key comes from
     * {@link EcProvider#privateKey(byte[])}.
     */
    public byte[] agree(PrivateKey own, X509Certificate peer) {
        return ec.agree(own, publicKey(peer));
    }

    /** The key of the certificate in the form of the provider; converted once per certificate. */
    public PublicKey publicKey(X509Certificate certificate) {
        PublicKey known = publicKeys.get(certificate);
        if (known != null) {
            return known;
        }
        if (publicKeys.size() >= MAX_KEYS) {
            publicKeys.clear();
        }
        return publicKeys.computeIfAbsent(certificate, ec::publicKey);
    }

    /**
     * Encrypts to a protected object: {@code 31 00000000}, cipher text, tag (GBCS, encryption of attributes).
     *
     * @param device EUI of the device that sends the message
     * @param counter supplementary originator counter where there is one, otherwise the counter of the header
     * @param recipient supplementary remote party where there is one, otherwise the target of the header
     */
    public Bytes encrypt(byte[] z, Eui64 device, long counter, Eui64 recipient, Bytes plain) {
        byte[] key = deriveKey(z, Purpose.ENCRYPTION, device, counter, recipient);
        try {
            Cipher cipher = gcm();
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), iv(device, TAG_LENGTH));
            cipher.updateAAD(ENCRYPTION_HEADER);
            byte[] object = new byte[PROTECTED_HEADER + plain.length + TAG_LENGTH];
            object[0] = (byte) PROTECTED_CONTROL;
            cipher.doFinal(plain.array, plain.offset, plain.length, object, PROTECTED_HEADER);
            return Bytes.window(object);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM of the JDK failed", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /**
     * Plain text of a protected object, or empty where its security header or tag is wrong. Parameters as in
     * {@link #encrypt}.
     */
    public Optional<Bytes> decrypt(byte[] z, Eui64 device, long counter, Eui64 recipient, Bytes protectedObject) {
        if (!isProtectedObject(protectedObject)) {
            return Optional.empty();
        }
        byte[] key = deriveKey(z, Purpose.ENCRYPTION, device, counter, recipient);
        try {
            Cipher cipher = decrypting.get();
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), iv(device, TAG_LENGTH));
            cipher.updateAAD(ENCRYPTION_HEADER);
            return Optional.of(Bytes.window(cipher.doFinal(
                    protectedObject.array,
                    protectedObject.offset + PROTECTED_HEADER,
                    protectedObject.length - PROTECTED_HEADER)));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM of the JDK failed", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** True where the bytes begin with {@code 31 00000000} and are long enough for a tag. */
    public static boolean isProtectedObject(Bytes bytes) {
        return bytes.length >= PROTECTED_HEADER + TAG_LENGTH
                && bytes.number(0, PROTECTED_HEADER) == PROTECTED_CONTROL << 32;
    }

    private static GCMParameterSpec iv(Eui64 originator, int tagLength) {
        byte[] iv = new byte[12];
        put(iv, 0, originator.value());
        return new GCMParameterSpec(tagLength * 8, iv);
    }

    static void put(byte[] target, int at, long value) {
        for (int i = 0; i < 8; i++) {
            target[at + i] = (byte) (value >> 8 * (7 - i));
        }
    }

    private static Cipher gcm() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK supports AES-GCM", e);
        }
    }
}
