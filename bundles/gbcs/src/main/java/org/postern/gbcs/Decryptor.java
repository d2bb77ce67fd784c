package org.postern.gbcs;

/** Decrypts what is encrypted in a message, found by its structure (facts 2.4). */
public final class Decryptor {

    public Decryptor(GbcsCrypto crypto, GbcsCodec codec, PartyKeys keys, SharedSecretCache cache) {
    }

    /** Never throws for what it cannot decrypt: each part says what became of it. */
    public DecryptedMessage decrypt(GbcsMessage message) {
        throw new UnsupportedOperationException();
    }
}
