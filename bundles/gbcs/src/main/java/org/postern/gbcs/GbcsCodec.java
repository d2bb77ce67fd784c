package org.postern.gbcs;

import java.util.Objects;
import org.postern.gbcs.internal.EnvelopeReader;
import org.postern.gbcs.internal.EnvelopeWriter;
import org.postern.gbcs.internal.PayloadReader;
import org.postern.gbcs.internal.PayloadWriter;

/**
 * Bytes to {@link GbcsMessage} and back. Stateless; one instance serves all threads.
 *
 * <p>Everything that decodes encodes to the same bytes: any other way to write the same thing (a length in more bytes
 * than needed, bytes left over, padding bits set) is refused with a {@link GbcsRefusal} that names offset and rule.
 */
public final class GbcsCodec {

    private final DecodeLimits limits;

    /** With the default limits. */
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
     * Reads one whole message. The array is copied.
     *
     * @throws GbcsRefusal PST-3001 broken or non-canonical, PST-3002 beyond a limit
     */
    public GbcsMessage decode(byte[] message) {
        return EnvelopeReader.read(Bytes.of(message), limits, false, GbcsMessage::new);
    }

    /**
     * Reads header, signature and MAC of one whole message and leaves its content as it is, an {@link OpaquePayload}.
     *
     * @throws GbcsRefusal as {@link #decode}, for what is around the content
     */
    public GbcsMessage decodeEnvelope(byte[] message) {
        return EnvelopeReader.read(Bytes.of(message), limits, true, GbcsMessage::new);
    }

    /** Writes the message anew from its tree; equal to {@link GbcsMessage#encoded()}. */
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

    /** Reads one DLMS data value that fills the bytes, such as the plain text of a protected read. */
    public DlmsData decodeData(Bytes data) {
        return PayloadReader.data(data, limits);
    }

    /** One DLMS data value. */
    public Bytes encodeData(DlmsData data) {
        return Bytes.of(PayloadWriter.data(data));
    }

    /** Reads one DER node that fills the bytes. */
    public DerNode decodeDer(Bytes der) {
        return PayloadReader.der(der, limits);
    }

    /** One DER node. */
    public Bytes encodeDer(DerNode node) {
        return Bytes.of(PayloadWriter.der(node));
    }

    /** Content bytes of a payload. */
    public Bytes encodePayload(Payload payload) {
        return Bytes.of(PayloadWriter.payload(payload));
    }
}
