package org.postern.simulator.devices.internal.messages;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Payload;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.devices.internal.state.DeviceState;
import org.postern.simulator.pki.SimulatorFault;

/** MACs, signatures and encryption of what devices send, by the keys of each. */
public final class MessageProtection {

    private final GbcsCrypto crypto;
    private final SharedSecretCache secrets;
    private final UseCaseTable useCases;

    public MessageProtection(GbcsCrypto crypto, SharedSecretCache secrets, UseCaseTable useCases) {
        this.crypto = crypto;
        this.secrets = secrets;
        this.useCases = useCases;
    }

    /** The message with a signature, or with a MAC for its target. */
    GbcsMessage protect(DeviceState meter, GroupingHeader header, Payload payload, boolean signed) {
        GbcsMessage bare = GbcsMessage.unsigned(header, payload);
        Eui64 device = meter.device().deviceId();
        if (signed) {
            return bare.signed(crypto.sign(
                    meter.keys().signingKey().orElseThrow(() -> missing(device, "digital signature")),
                    bare.toBeSigned()));
        }
        return agreed(meter, header.target(), Optional.empty(), z -> bare.wrapped(crypto.mac(z, bare)));
    }

    /** Whether a response is signed: where both protections occur for a code, a signed command gets a signed answer. */
    boolean signsResponse(int messageCode, boolean askedSigned) {
        Set<UseCaseTable.Protection> right = useCases.protection(messageCode, MessageKind.RESPONSE);
        boolean mac = right.contains(UseCaseTable.Protection.MAC);
        boolean signature = right.contains(UseCaseTable.Protection.SIGNATURE);
        return mac == signature ? askedSigned : signature;
    }

    /**
     * What encrypts parts of an answer for its recipient.
     *
     * @param given certificate that came with the command
     */
    UnaryOperator<Bytes> encryption(DeviceState meter, Eui64 recipient, long counter, Optional<X509Certificate> given) {
        return plain -> agreed(
                meter, recipient, given, z -> crypto.encrypt(z, meter.device().deviceId(), counter, recipient, plain));
    }

    private <R> R agreed(DeviceState meter, Eui64 peer, Optional<X509Certificate> given, Function<byte[], R> use) {
        return given.or(() -> meter.keys().certificate(peer, KeyUse.KEY_AGREEMENT))
                .flatMap(c -> secrets.with(meter.keys(), meter.device().deviceId(), KeyUse.KEY_AGREEMENT, peer, c, use))
                .orElseThrow(() -> missing(peer, "key agreement"));
    }

    private static PosternException missing(Eui64 party, String use) {
        return new PosternException(SimulatorFault.PKI_FILE.fault(
                party.hex(), "a certificate and key for " + use, "none in the simulator's folder"));
    }
}
