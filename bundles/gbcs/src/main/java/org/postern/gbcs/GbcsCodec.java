package org.postern.gbcs;

import java.util.Objects;
import org.postern.gbcs.internal.EnvelopeReader;
import org.postern.gbcs.internal.EnvelopeWriter;
import org.postern.gbcs.internal.PayloadReader;
import org.postern.gbcs.internal.PayloadWriter;

/**
 * Decodes bytes to a {@link GbcsMessage} and encodes it again. Stateless and thread-safe.
 *
 * <p>Every message that can be decoded is encoded to the same bytes again. Any other encoding of the same content (a
 * length in more bytes than needed, additional bytes, padding bits set) is refused with a {@link GbcsRefusal} that
 * names offset and rule.
 */
public final class GbcsCodec {

    private final DecodeLimits limits;

    /** A codec with the default limits. */
    public GbcsCodec() {
        this(DecodeLimits.DEFAULT);
    }

    public GbcsCodec(DecodeLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /** The limits in force. */
    public DecodeLimits limits() {
        return limits;
    }

    /**
     * Decodes one complete message. The array is copied.
     *
     * @throws GbcsRefusal PST-3001 to PST-3005 where it is malformed, beyond a limit or not in canonical form
     */
    public GbcsMessage decode(byte[] message) {
        return EnvelopeReader.read(Bytes.of(message), limits, false, GbcsMessage::new);
    }

    /**
     * Decodes header, signature and MAC of one complete message; its content becomes an {@link OpaquePayload}.
     *
     * @throws GbcsRefusal as {@link #decode}, for everything except the content
     */
    public GbcsMessage decodeEnvelope(byte[] message) {
        return EnvelopeReader.read(Bytes.of(message), limits, true, GbcsMessage::new);
    }

    /** Encodes the message from its tree; equal to {@link GbcsMessage#encoded()}. */
    public byte[] encode(GbcsMessage message) {
        return EnvelopeWriter.write(
                        message.header(),
                        message.payload(),
                        message.signatureState() == GbcsMessage.SignatureState.NO_FIELD
                                ? null
                                : message.signature().orElse(Bytes.EMPTY),
                        message.mac().orElse(null))
                .bytes();
    }

    /** Decodes one DLMS data value that occupies all bytes, such as the plain text of a protected read. */
    public DlmsData decodeData(Bytes data) {
        return PayloadReader.data(data, limits);
    }

    /** Encodes one DLMS data value. */
    public Bytes encodeData(DlmsData data) {
        return Bytes.of(PayloadWriter.data(data));
    }

    /** Decodes one DER node that occupies all bytes. */
    public DerNode decodeDer(Bytes der) {
        return PayloadReader.der(der, limits);
    }

    /** Encodes one DER node. */
    public Bytes encodeDer(DerNode node) {
        return Bytes.of(PayloadWriter.der(node));
    }

    /** Encodes a payload. */
    public Bytes encodePayload(Payload payload) {
        return Bytes.of(PayloadWriter.payload(payload));
    }
}
