package org.postern.gbcs;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.gbcs.internal.EnvelopeWriter;

/**
 * One GBCS message with its exact encoding. Two messages are equal where their bytes are equal.
 *
 * <p>A message is decoded by {@link GbcsCodec#decode(byte[])} or built step by step:
 * {@code GbcsMessage.preCommand(header, payload).signed(rs).wrapped(mac)}.
 */
public final class GbcsMessage {

    /** State of the signature field. */
    public enum SignatureState {
        /** No signature field: a Pre-Command. */
        NO_FIELD,
        /** Field of length 0. */
        EMPTY,
        /** 64 bytes. */
        PRESENT
    }

    private final MessageKind kind;
    private final GroupingHeader header;
    private final Payload payload;
    private final @Nullable Bytes signature;
    private final @Nullable Bytes mac;
    private final Bytes encoded;
    private final int innerOffset;
    private final int contentOffset;
    private final int contentLength;
    private final long steps;

    /**
     * For the codec.
     *
     * @param signature null where there is no signature field
     * @param mac null where there is no MAC wrapper
     */
    GbcsMessage(
            GroupingHeader header,
            Payload payload,
            @Nullable Bytes signature,
            @Nullable Bytes mac,
            Bytes encoded,
            int innerOffset,
            int contentOffset,
            int contentLength,
            long steps) {
        this.header = Objects.requireNonNull(header, "header");
        this.payload = Objects.requireNonNull(payload, "payload");
        this.signature = signature;
        this.mac = mac;
        this.encoded = encoded;
        this.innerOffset = innerOffset;
        this.contentOffset = contentOffset;
        this.contentLength = contentLength;
        this.steps = steps;
        this.kind = kindOf(header.cra(), signature == null);
        if (signature == null && (header.cra() != 1 || mac != null)) {
            throw new IllegalArgumentException("only a Pre-Command has no signature field");
        }
    }

    private static MessageKind kindOf(int cra, boolean noField) {
        return cra == 1
                ? noField ? MessageKind.PRECOMMAND : MessageKind.COMMAND
                : cra == 2 ? MessageKind.RESPONSE : MessageKind.ALERT;
    }

    /** A Pre-Command: header and content, no signature field. The CRA flag of the header must be 1. */
    public static GbcsMessage preCommand(GroupingHeader header, Payload payload) {
        return build(header, payload, null, null);
    }

    /** A message with an empty signature field: the inner part of a MAC-only message, still to be {@link #wrapped}. */
    public static GbcsMessage unsigned(GroupingHeader header, Payload payload) {
        return build(header, payload, Bytes.EMPTY, null);
    }

    /** The same with a signature of 64 bytes, r and s; without MAC wrapper. */
    public GbcsMessage signed(byte[] rs) {
        if (rs.length != 64) {
            throw new IllegalArgumentException("signature of " + rs.length + " bytes");
        }
        return build(header, payload, Bytes.of(rs), null);
    }

    /** The same with an empty signature field and without MAC wrapper. */
    public GbcsMessage unsigned() {
        return build(header, payload, Bytes.EMPTY, null);
    }

    /** The same in a MAC wrapper with this MAC of 12 bytes. A Pre-Command must be signed or made unsigned first. */
    public GbcsMessage wrapped(byte[] mac12) {
        if (mac12.length != 12) {
            throw new IllegalArgumentException("MAC of " + mac12.length + " bytes");
        }
        if (signature == null) {
            throw new IllegalStateException("a Pre-Command has no signature field");
        }
        return build(header, payload, signature, Bytes.of(mac12));
    }

    /** The same without its MAC wrapper. */
    public GbcsMessage unwrapped() {
        return mac == null ? this : build(header, payload, signature, null);
    }

    /** The Pre-Command of this command, without MAC wrapper and signature field. */
    public GbcsMessage asPreCommand() {
        return build(header, payload, null, null);
    }

    private static GbcsMessage build(
            GroupingHeader header, Payload payload, @Nullable Bytes signature, @Nullable Bytes mac) {
        EnvelopeWriter.Written w = EnvelopeWriter.write(header, payload, signature, mac);
        return new GbcsMessage(
                header,
                payload,
                signature,
                mac,
                Bytes.window(w.bytes()),
                w.innerOffset(),
                w.contentOffset(),
                w.contentLength(),
                0);
    }

    public MessageKind kind() {
        return kind;
    }

    public GroupingHeader header() {
        return header;
    }

    public Payload payload() {
        return payload;
    }

    public SignatureState signatureState() {
        return signature == null
                ? SignatureState.NO_FIELD
                : signature.isEmpty() ? SignatureState.EMPTY : SignatureState.PRESENT;
    }

    /** The 64 bytes r and s, where present. */
    public Optional<Bytes> signature() {
        return signature == null || signature.isEmpty() ? Optional.empty() : Optional.of(signature);
    }

    /** True where the message has a MAC wrapper. */
    public boolean macWrapped() {
        return mac != null;
    }

    /** The MAC (12 bytes), if there is a MAC wrapper. */
    public Optional<Bytes> mac() {
        return Optional.ofNullable(mac);
    }

    /** The complete encoded message. */
    public Bytes encoded() {
        return encoded;
    }

    /** The inner message from its first byte DF to the end of the signature field: what the MAC covers. */
    public Bytes inner() {
        return encoded.slice(innerOffset, encoded.length() - innerOffset - (mac == null ? 0 : 12));
    }

    /** Offset of the inner message's first byte DF. */
    public int innerOffset() {
        return innerOffset;
    }

    /** What a signature covers: from the byte after DF to the last content byte (GBCS, Digital Signature). */
    public Bytes toBeSigned() {
        return encoded.slice(innerOffset + 1, contentOffset + contentLength - innerOffset - 1);
    }

    /** Offset of the part to be signed. */
    public int toBeSignedOffset() {
        return innerOffset + 1;
    }

    /** The content (payload) bytes. */
    public Bytes content() {
        return encoded.slice(contentOffset, contentLength);
    }

    /** Offset of the content. */
    public int contentOffset() {
        return contentOffset;
    }

    /** Number of decoding steps; 0 for a message that was built. */
    public long steps() {
        return steps;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GbcsMessage m && encoded.equals(m.encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }

    /** Kind, message code and parties; no payload. */
    @Override
    public String toString() {
        return kind + " " + header.messageCodeHex() + " " + header.originator().hex() + ">"
                + header.target().hex() + " #" + Long.toUnsignedString(header.counter());
    }
}
