package org.postern.gbcs.internal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecodeLimits;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.GbcsFault;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.OpaquePayload;
import org.postern.gbcs.Payload;
import org.postern.gbcs.Supplement;

/**
 * Reads MAC wrapper, grouping header and signature field (GBCS, MAC Header and Grouping Header) and passes the content
 * to the reader of its family.
 */
public final class EnvelopeReader {

    static final int GENERAL_CIPHERING = 0xDD;
    static final int GENERAL_SIGNING = 0xDF;
    static final int MAC_LENGTH = 12;
    static final int SIGNATURE_LENGTH = 64;
    static final int AUTHENTICATED = 0x11;

    private EnvelopeReader() {}

    /** Creates the message, whose constructor is not public. */
    public interface Assembler {
        GbcsMessage make(
                GroupingHeader header,
                Payload payload,
                @Nullable Bytes signature,
                @Nullable Bytes mac,
                Bytes encoded,
                int innerOffset,
                int contentOffset,
                int contentLength,
                long steps);
    }

    /** @param opaque true where the content is not decoded */
    public static GbcsMessage read(Bytes message, DecodeLimits limits, boolean opaque, Assembler assembler) {
        Cursor in = new Cursor(message, limits);
        boolean wrapped = in.peek() == GENERAL_CIPHERING;
        if (wrapped) {
            wrapper(in);
        } else if (in.peek() != GENERAL_SIGNING) {
            throw in.unknown(0, "a message begins with DD or DF", in.peek() & 0xFF);
        }
        int inner = in.position();
        int outer = wrapped ? in.open(in.remaining() - MAC_LENGTH, "the inner message") : 0;
        GroupingHeader header = header(in);
        int length = in.length("content length");
        int content = in.position();
        int rest = in.open(length, "the content");
        Payload payload =
                opaque ? new OpaquePayload(in.bytes(in.remaining(), "content")) : PayloadReader.payload(in, header);
        in.close(rest, "the content");
        Bytes signature = signature(in, header.cra(), wrapped);
        Bytes mac = null;
        if (wrapped) {
            in.close(outer, "the inner message");
            mac = in.bytes(MAC_LENGTH, "MAC");
        }
        in.done("the message");
        return assembler.make(header, payload, signature, mac, message, inner, content, length, in.steps());
    }

    private static void wrapper(Cursor in) {
        in.u8("tag");
        in.expect(0, "transaction id length of the wrapper");
        in.expect(0, "originator length of the wrapper");
        in.expect(0, "recipient length of the wrapper");
        in.expect(0, "date-time length of the wrapper");
        in.expect(0, "other information length of the wrapper");
        in.expect(0, "key information of the wrapper");
        int at = in.position();
        int length = in.length("length of the wrapper");
        if (length != in.remaining()) {
            throw in.refuse(
                    GbcsFault.BYTES_LEFT_OVER,
                    at,
                    "the wrapper ends with the message",
                    in.remaining() - length + " bytes after it");
        }
        if (length < 5 + 1 + MAC_LENGTH) {
            throw in.refuse(
                    GbcsFault.BROKEN,
                    at,
                    "the wrapper holds a security header, a message and a MAC",
                    length + " bytes");
        }
        in.expect(AUTHENTICATED, "security control");
        at = in.position();
        if (in.u32("invocation counter") != 0) {
            throw in.refuse(GbcsFault.BROKEN, at, "the invocation counter is zero", "another value");
        }
        if (in.peek() != GENERAL_SIGNING) {
            throw in.unknown(in.position(), "the wrapped message begins with DF", in.peek() & 0xFF);
        }
    }

    private static GroupingHeader header(Cursor in) {
        in.expect(GENERAL_SIGNING, "tag");
        in.expect(9, "transaction id length");
        int at = in.position();
        int cra = in.u8("CRA flag");
        if (cra < 1 || cra > 3) {
            throw in.unknown(at, "CRA flag is 1, 2 or 3", cra);
        }
        long counter = in.number(8, "originator counter");
        in.expect(8, "originator length");
        Eui64 originator = new Eui64(in.number(8, "originator"));
        in.expect(8, "target length");
        Eui64 target = new Eui64(in.number(8, "target"));
        at = in.position();
        int dateTime = in.u8("date-time length");
        if (dateTime != 0 && dateTime != DlmsDateTime.LENGTH) {
            throw in.unknown(at, "date-time length is 00 or 0C", dateTime);
        }
        Optional<DlmsDateTime> time = dateTime == 0
                ? Optional.empty()
                : Optional.of(new DlmsDateTime(in.bytes(DlmsDateTime.LENGTH, "date-time")));
        at = in.position();
        int length = in.length("other information length");
        int outer = in.open(length, "other information");
        if (length != 2 && length != 10 && length != 18 && length < 26) {
            throw in.refuse(
                    GbcsFault.BROKEN, at, "other information is 2, 10, 18, 26 or more bytes long", length + " bytes");
        }
        int code = in.u16("message code");
        Supplement supplement = length == 2 ? Supplement.NONE : supplement(in, length);
        in.close(outer, "other information");
        return new GroupingHeader(cra, counter, originator, target, time, code, supplement);
    }

    private static Supplement supplement(Cursor in, int length) {
        Eui64 party = new Eui64(in.number(8, "supplementary remote party"));
        if (length == 10) {
            return Supplement.of(party);
        }
        long counter = in.number(8, "supplementary remote party counter");
        if (length == 18) {
            return Supplement.of(party, counter);
        }
        if (length == 26) {
            return Supplement.of(party, counter, in.number(8, "supplementary originator counter"));
        }
        int at = in.position();
        Bytes certificate = in.bytes(in.remaining(), "supplementary certificate");
        if (!DerReader.isCertificate(certificate)) {
            throw in.refuse(GbcsFault.BROKEN, at, "other information ends with one X.509 certificate", "other bytes");
        }
        return Supplement.of(party, counter, certificate);
    }

    private static @Nullable Bytes signature(Cursor in, int cra, boolean wrapped) {
        if (in.remaining() == 0) {
            if (cra != 1 || wrapped) {
                throw in.refuse(
                        GbcsFault.BROKEN,
                        in.position(),
                        "only a Pre-Command ends without a signature length",
                        "the message ends");
            }
            return null;
        }
        int at = in.position();
        int length = in.u8("signature length");
        if (length != 0 && length != SIGNATURE_LENGTH) {
            throw in.unknown(at, "signature length is 00 or 40", length);
        }
        if (length == 0 && !wrapped) {
            throw in.refuse(GbcsFault.BROKEN, at, "a message without MAC wrapper is signed", "an empty signature");
        }
        return in.bytes(length, "signature");
    }
}
