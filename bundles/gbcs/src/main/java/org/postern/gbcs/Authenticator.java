package org.postern.gbcs;

import org.postern.catalogue.Eui64;

/** Checks MAC and signature of messages, and that they are what the message code demands (facts 1.4, 2.1 to 2.3). */
public final class Authenticator {

    /**
     * @param keys certificates and key agreement
     * @param acb  EUI of the Access Control Broker, whose key makes the MACs of commands
     */
    public Authenticator(GbcsCrypto crypto, PartyKeys keys, SharedSecretCache cache, UseCaseTable table, Eui64 acb) {
    }

    /**
     * Checks a message as it travels between the DCC and a device.
     *
     * @throws ProtectionMismatch where wrapper or signature are not what the message code demands
     */
    public Authentication authenticate(GbcsMessage message) {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks a signed Pre-Command as a User sends it to the DCC: signature, no MAC wrapper.
     *
     * @throws ProtectionMismatch where the message is anything else
     */
    public Authentication authenticateSignedPreCommand(GbcsMessage message) {
        throw new UnsupportedOperationException();
    }
}
