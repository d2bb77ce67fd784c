package org.postern.gbcs.internal;

import org.jspecify.annotations.Nullable;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;
import org.postern.gbcs.Supplement;

/** Writes MAC wrapper, grouping header, content and signature field. */
public final class EnvelopeWriter {

    private EnvelopeWriter() {}

    /** The encoded message and the offsets of its parts. */
    public record Written(byte[] bytes, int innerOffset, int contentOffset, int contentLength) {}

    /**
     * @param signature null for no signature field
     * @param mac null for no wrapper
     */
    public static Written write(
            GroupingHeader header, Payload payload, @Nullable Bytes signature, @Nullable Bytes mac) {
        ByteWriter content = new ByteWriter();
        PayloadWriter.payload(content, payload);
        ByteWriter inner = header(header);
        inner.ber(content.size());
        int contentOffset = inner.size();
        inner.append(content);
        if (signature != null) {
            inner.u8(signature.length()).bytes(signature);
        }
        if (mac == null) {
            return new Written(inner.toArray(), 0, contentOffset, content.size());
        }
        ByteWriter out = new ByteWriter().u8(EnvelopeReader.GENERAL_CIPHERING).zeros(6);
        out.ber(5 + inner.size() + mac.length());
        out.u8(EnvelopeReader.AUTHENTICATED).zeros(4);
        int innerOffset = out.size();
        out.append(inner).bytes(mac);
        return new Written(out.toArray(), innerOffset, innerOffset + contentOffset, content.size());
    }

    private static ByteWriter header(GroupingHeader h) {
        ByteWriter out = new ByteWriter().u8(EnvelopeReader.GENERAL_SIGNING);
        out.u8(9).u8(h.cra()).number(h.counter(), 8);
        out.u8(8).number(h.originator().value(), 8);
        out.u8(8).number(h.target().value(), 8);
        if (h.dateTime().isPresent()) {
            out.u8(DlmsDateTime.LENGTH).bytes(h.dateTime().get().bytes());
        } else {
            out.u8(0);
        }
        Supplement s = h.supplement();
        ByteWriter info = new ByteWriter().number(h.messageCode(), 2);
        s.party().ifPresent(party -> info.number(party.value(), 8));
        s.counter().ifPresent(counter -> info.number(counter, 8));
        s.originatorCounter().ifPresent(counter -> info.number(counter, 8));
        s.certificate().ifPresent(info::bytes);
        return out.ber(info.size()).append(info);
    }
}
