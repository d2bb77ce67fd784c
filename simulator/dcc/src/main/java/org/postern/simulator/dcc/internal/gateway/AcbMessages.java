package org.postern.simulator.dcc.internal.gateway;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.gbcs.Authentication;
import org.postern.gbcs.Authenticator;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.devices.Device;
import org.postern.simulator.devices.Devices;
import org.postern.simulator.pki.SimulatorFault;
import org.postern.simulator.pki.SimulatorPki;

/** GBCS messages at the DCC: what its Access Control Broker (ACB) adds to a command, and what it checks. */
final class AcbMessages {

    private final GbcsCodec codec = new GbcsCodec();
    private final Devices devices;
    private final KeyFolder keys;
    private final GbcsCrypto crypto;
    private final SharedSecretCache secrets;
    private final UseCaseTable useCases;

    /** @param keys of the DCC */
    AcbMessages(Devices devices, KeyFolder keys, GbcsCrypto crypto, SharedSecretCache secrets, UseCaseTable useCases) {
        this.devices = devices;
        this.keys = keys;
        this.crypto = crypto;
        this.secrets = secrets;
        this.useCases = useCases;
    }

    /**
     * The message that the bytes hold.
     *
     * @throws GbcsRefusal where they are none
     */
    GbcsMessage read(byte[] bytes) {
        return codec.decode(bytes);
    }

    /** The command as it goes over the air: in the Access Control Broker's MAC wrapper. */
    GbcsMessage wrapped(GbcsMessage command) {
        Eui64 target = command.header().target();
        X509Certificate certificate = device(target)
                .keys()
                .certificate(target, KeyUse.KEY_AGREEMENT)
                .orElseThrow(() -> missing(target, "key agreement"));
        return secrets.with(
                        keys,
                        SimulatorPki.ACCESS_CONTROL_BROKER,
                        KeyUse.KEY_AGREEMENT,
                        target,
                        certificate,
                        z -> command.wrapped(crypto.mac(z, command)))
                .orElseThrow(() -> missing(SimulatorPki.ACCESS_CONTROL_BROKER, "key agreement"));
    }

    /**
     * A non-critical command of the transform, ready for its MAC: most end with an empty signature field, which the
     * codec knows in a wrapper only; the others end with their content, and are signed here by the party that
     * originates them.
     */
    GbcsMessage beforeMac(byte[] transformed) {
        GbcsMessage unsigned;
        try {
            unsigned = codec.decode(transformed);
        } catch (GbcsRefusal endsWithAnEmptyField) {
            return codec.decode(Arrays.copyOf(transformed, transformed.length - 1))
                    .unsigned();
        }
        Eui64 party = unsigned.header().originator();
        return unsigned.signed(crypto.sign(
                keys.privateKey(party, KeyUse.DIGITAL_SIGNATURE).orElseThrow(() -> missing(party, "digital signature")),
                unsigned.toBeSigned()));
    }

    /** The signature of a Signed Pre-Command, by the certificate that the device knows its originator by. */
    Authentication authenticateSignedPreCommand(GbcsMessage message) {
        Device target = device(message.header().target());
        return new Authenticator(crypto, target.keys(), secrets, useCases, SimulatorPki.ACCESS_CONTROL_BROKER)
                .authenticateSignedPreCommand(message);
    }

    /** Base64 DER of a device's key-agreement certificate as it was made; empty where there is none. */
    String agreementCertificate(Eui64 device) {
        return keys.certificate(device, KeyUse.KEY_AGREEMENT)
                .map(AcbMessages::base64)
                .orElse("");
    }

    private static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read encodes", e);
        }
    }

    private Device device(Eui64 target) {
        return devices.find(target).orElseThrow(() -> missing(target, "its commands"));
    }

    private static PosternException missing(Eui64 party, String use) {
        return new PosternException(SimulatorFault.PKI_FILE.fault(
                party.hex(), "a certificate and key for " + use, "none in the simulator's folder"));
    }
}
