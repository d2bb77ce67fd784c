package org.postern.gbcs;

import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcException;
import org.postern.gbcs.UseCaseTable.Protection;

/**
 * Checks MAC and signature of messages, and whether the message has the protection that its message code requires
 * (GBCS, Message Categories). Thread-safe. It can be used by either party: the shared secret is agreed with the private
 * key that is available.
 */
public final class Authenticator {

    private final GbcsCrypto crypto;
    private final PartyKeys keys;
    private final SharedSecretCache cache;
    private final UseCaseTable table;
    private final Eui64 acb;

    /**
     * @param keys certificates and key agreement
     * @param cache cache of the agreed secrets; may be shared with a {@link Decryptor}
     * @param table states which protection a message code requires
     * @param acb EUI of the Access Control Broker, whose key is used for the MACs of commands from any originator
     */
    public Authenticator(GbcsCrypto crypto, PartyKeys keys, SharedSecretCache cache, UseCaseTable table, Eui64 acb) {
        this.crypto = Objects.requireNonNull(crypto, "crypto");
        this.keys = Objects.requireNonNull(keys, "keys");
        this.cache = Objects.requireNonNull(cache, "cache");
        this.table = Objects.requireNonNull(table, "table");
        this.acb = Objects.requireNonNull(acb, "acb");
    }

    /**
     * Checks a message in the form that is sent between the DCC and a device.
     *
     * @throws ProtectionMismatch where MAC wrapper or signature are not those that the message code requires
     */
    public Authentication authenticate(GbcsMessage message) {
        checkProtection(message);
        return new Authentication(mac(message), signature(message));
    }

    /**
     * Checks a signed Pre-Command as a User sends it to the DCC: signature, no MAC wrapper.
     *
     * @throws ProtectionMismatch where the message is of another kind, or commands with its message code are not signed
     */
    public Authentication authenticateSignedPreCommand(GbcsMessage message) {
        if (message.kind() != MessageKind.COMMAND
                || message.macWrapped()
                || message.signature().isEmpty()) {
            throw new ProtectionMismatch(
                    "message",
                    "a signed Pre-Command is a command with a signature and without MAC wrapper",
                    describe(message));
        }
        checkSignable(message);
        return new Authentication(Check.ABSENT, signature(message));
    }

    private void checkProtection(GbcsMessage message) {
        if (message.kind() == MessageKind.PRECOMMAND) {
            checkSignable(message);
            return;
        }
        Set<Protection> required = table.protection(message.header().messageCode(), message.kind());
        Optional<Protection> found = protection(message);
        if (found.isEmpty() || !required.contains(found.get())) {
            throw new ProtectionMismatch(
                    "message code " + message.header().messageCodeHex(),
                    message.kind() + " is protected by " + required,
                    describe(message));
        }
    }

    /** Pre-Commands exist only for commands that their originator signs. */
    private void checkSignable(GbcsMessage message) {
        Set<Protection> required = table.protection(message.header().messageCode(), MessageKind.COMMAND);
        if (!required.contains(Protection.SIGNATURE) && !required.contains(Protection.MAC_AND_SIGNATURE)) {
            throw new ProtectionMismatch(
                    "message code " + message.header().messageCodeHex(),
                    "the command is protected by " + required,
                    "a Pre-Command, which is meant to be signed");
        }
    }

    private static Optional<Protection> protection(GbcsMessage message) {
        boolean signed = message.signature().isPresent();
        if (message.macWrapped()) {
            return Optional.of(signed ? Protection.MAC_AND_SIGNATURE : Protection.MAC);
        }
        return signed ? Optional.of(Protection.SIGNATURE) : Optional.empty();
    }

    private static String describe(GbcsMessage message) {
        return message.kind() + " with " + protection(message).map(Enum::name).orElse("no protection");
    }

    private Check mac(GbcsMessage message) {
        if (!message.macWrapped()) {
            return Check.ABSENT;
        }
        GroupingHeader header = message.header();
        if (table.find(header.messageCode())
                .map(UseCaseTable.UseCase::deviceToDevice)
                .orElse(false)) {
            return Check.unchecked("the message is between two devices, whose keys are not available");
        }
        boolean command = message.kind() == MessageKind.COMMAND;
        Eui64 device = command ? header.target() : header.originator();
        Eui64 party = command ? acb : header.target();
        Optional<Boolean> macValid;
        try {
            macValid = agreed(party, device, message);
            if (macValid.isEmpty()) {
                macValid = agreed(device, party, message);
            }
        } catch (EcException e) {
            return Check.unchecked("a key-agreement certificate of " + party.hex() + " or " + device.hex()
                    + " has no usable P-256 key");
        }
        if (macValid.isEmpty()) {
            return Check.unchecked("neither the private key of " + party.hex() + " nor of " + device.hex()
                    + " is available together with the certificate of the other party");
        }
        return macValid.get()
                ? Check.VALID
                : Check.invalid("the MAC was not created by " + party.hex() + " and " + device.hex());
    }

    private Optional<Boolean> agreed(Eui64 own, Eui64 peer, GbcsMessage message) {
        Optional<X509Certificate> certificate = keys.certificate(peer, KeyUse.KEY_AGREEMENT);
        return certificate.flatMap(
                c -> cache.with(keys, own, KeyUse.KEY_AGREEMENT, peer, c, z -> crypto.macMatches(z, message)));
    }

    private Check signature(GbcsMessage message) {
        Optional<Bytes> signature = message.signature();
        if (signature.isEmpty()) {
            return Check.ABSENT;
        }
        Eui64 signer = message.header().originator();
        Optional<X509Certificate> certificate = keys.certificate(signer, KeyUse.DIGITAL_SIGNATURE);
        if (certificate.isEmpty()) {
            return Check.unchecked("there is no digital-signature certificate of " + signer.hex());
        }
        try {
            return crypto.verify(certificate.get(), message.toBeSigned(), signature.get())
                    ? Check.VALID
                    : Check.invalid("the signature was not created by " + signer.hex());
        } catch (EcException e) {
            return Check.unchecked("the digital-signature certificate of " + signer.hex() + " has no usable P-256 key");
        }
    }
}
