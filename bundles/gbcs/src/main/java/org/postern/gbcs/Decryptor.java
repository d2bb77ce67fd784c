package org.postern.gbcs;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcException;

/**
 * Decrypts the encrypted parts of a message. It finds them by the structure of the message, not by its message code
 * (GBCS, encryption of attributes): in DLMS responses and alerts, an octet string with a protected object immediately
 * after an array of protection parameters; in GBZ, a component with the encrypted bit. Thread-safe.
 */
public final class Decryptor {

    private final GbcsCrypto crypto;
    private final GbcsCodec codec;
    private final PartyKeys keys;
    private final SharedSecretCache cache;

    public Decryptor(GbcsCrypto crypto, GbcsCodec codec, PartyKeys keys, SharedSecretCache cache) {
        this.crypto = Objects.requireNonNull(crypto, "crypto");
        this.codec = Objects.requireNonNull(codec, "codec");
        this.keys = Objects.requireNonNull(keys, "keys");
        this.cache = Objects.requireNonNull(cache, "cache");
    }

    /**
     * Decrypts the parts of a message. Does not throw where a part cannot be decrypted; each part states its result.
     */
    public DecryptedMessage decrypt(GbcsMessage message) {
        if (message.kind() != MessageKind.RESPONSE && message.kind() != MessageKind.ALERT) {
            return new DecryptedMessage(message, List.of());
        }
        return new DecryptedMessage(
                message,
                message.payload().fold(d -> dlms(message, d), g -> gbz(message, g), a -> List.of(), o -> List.of()));
    }

    private List<DecryptedPart> dlms(GbcsMessage message, DlmsPayload payload) {
        List<DecryptedPart> parts = new ArrayList<>();
        if (payload instanceof DlmsPayload.AccessResponse response) {
            for (int i = 0; i < response.items().size(); i++) {
                DlmsData data = response.items().get(i).data();
                if (data instanceof DlmsData.Structure s && s.elements().size() == 2) {
                    protectedObject(s.elements(), 1).ifPresent(new Collector(message, parts, "item", i)::data);
                }
            }
        } else if (payload instanceof DlmsPayload.DataNotification alert) {
            for (int i = 1; i < alert.more().size(); i++) {
                protectedObject(alert.more(), i).ifPresent(new Collector(message, parts, "more", i)::data);
            }
        }
        return parts;
    }

    /** The protected object at the index, if it follows an array of protection parameters. */
    private static Optional<Bytes> protectedObject(List<DlmsData> elements, int index) {
        return elements.get(index - 1) instanceof DlmsData.Array parameters
                        && isParameters(parameters)
                        && elements.get(index) instanceof DlmsData.Octets o
                        && o.tag() == DlmsTag.OCTET_STRING
                ? Optional.of(o.bytes())
                : Optional.empty();
    }

    /** Each parameter is a structure of an enumeration and a structure with five elements (GBCS, protected reads). */
    private static boolean isParameters(DlmsData.Array array) {
        return !array.elements().isEmpty()
                && array.elements().stream()
                        .allMatch(p -> p instanceof DlmsData.Structure s
                                && s.elements().size() == 2
                                && s.elements().get(0).tag() == DlmsTag.ENUM
                                && s.elements().get(1) instanceof DlmsData.Structure inner
                                && inner.elements().size() == 5);
    }

    private List<DecryptedPart> gbz(GbcsMessage message, GbzPayload payload) {
        List<GbzPayload.Component> components =
                payload instanceof GbzPayload.Components c ? c.components() : ((GbzPayload.Alert) payload).components();
        List<DecryptedPart> parts = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            if (components.get(i).isEncrypted()) {
                new Collector(message, parts, "component", i)
                        .zcl(components.get(i).payload());
            }
        }
        return parts;
    }

    /** Decrypts one part and adds the result. */
    private final class Collector {

        private final GbcsMessage message;
        private final List<DecryptedPart> parts;
        private final String path;
        private final int index;

        Collector(GbcsMessage message, List<DecryptedPart> parts, String list, int index) {
            this.message = message;
            this.parts = parts;
            this.path = list + "[" + index + "]";
            this.index = index;
        }

        void data(Bytes object) {
            open(object).ifPresent(plain -> {
                try {
                    add(DecryptedPart.Status.DECRYPTED, "", Optional.of(codec.decodeData(plain)), Optional.empty());
                } catch (GbcsRefusal e) {
                    add(
                            DecryptedPart.Status.BROKEN,
                            "plain text: " + e.fault().cause() + " at " + e.offset() + " (" + e.rule() + ")",
                            Optional.empty(),
                            Optional.empty());
                }
            });
        }

        void zcl(Bytes object) {
            open(object)
                    .ifPresent(plain -> add(DecryptedPart.Status.DECRYPTED, "", Optional.empty(), Optional.of(plain)));
        }

        /** The plain text; empty where decryption failed and the reason was added. */
        private Optional<Bytes> open(Bytes object) {
            if (!GbcsCrypto.isProtectedObject(object)) {
                return fail(DecryptedPart.Status.FAILED, "the security header is not 31 00000000");
            }
            GroupingHeader header = message.header();
            Eui64 device = header.originator();
            Eui64 recipient = header.supplementaryParty().orElse(header.target());
            long counter = header.supplementaryOriginatorCounter().orElse(header.counter());
            Optional<Optional<Bytes>> opened;
            try {
                opened = with(recipient, device, counter, recipient, device, object);
                if (opened.isEmpty()) {
                    opened = with(device, recipient, counter, recipient, device, object);
                }
            } catch (EcException e) {
                return fail(
                        DecryptedPart.Status.NO_KEY,
                        "a certificate of " + recipient.hex() + " or " + device.hex() + " has no usable P-256 key");
            }
            if (opened.isEmpty()) {
                return fail(
                        DecryptedPart.Status.NO_KEY,
                        "neither the private key of " + recipient.hex() + " nor of " + device.hex()
                                + " is available together with the certificate of the other party");
            }
            return opened.get().isPresent()
                    ? opened.get()
                    : fail(
                            DecryptedPart.Status.FAILED,
                            "the tag was not created with keys of " + recipient.hex() + " and " + device.hex());
        }

        private Optional<Optional<Bytes>> with(
                Eui64 own, Eui64 peer, long counter, Eui64 recipient, Eui64 device, Bytes object) {
            Optional<X509Certificate> certificate = keys.certificate(peer, KeyUse.KEY_AGREEMENT);
            return certificate.flatMap(c -> cache.with(
                    keys,
                    own,
                    KeyUse.KEY_AGREEMENT,
                    peer,
                    c,
                    z -> crypto.decrypt(z, device, counter, recipient, object)));
        }

        private Optional<Bytes> fail(DecryptedPart.Status status, String reason) {
            add(status, reason, Optional.empty(), Optional.empty());
            return Optional.empty();
        }

        private void add(DecryptedPart.Status status, String reason, Optional<DlmsData> data, Optional<Bytes> zcl) {
            parts.add(new DecryptedPart(path, index, status, reason, data, zcl));
        }
    }
}
