package org.postern.simulator.dcc.internal.alter;

import java.io.ByteArrayOutputStream;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;

/** Fields of the GBCS Grouping Header, and what can be put around the content. */
final class HeaderAlterations {

    private static final int CRA_AT = 2;
    private static final int DATE_TIME_LENGTH_AT = 29;
    private static final int OTHER_INFO_LENGTH_AT = 30;
    private static final int CODE_AT = 31;
    private static final int[] DATE_TIME = {0x0C, 0x07, 0xDF, 1, 1, 0xFF, 0, 0, 0, 0, 0x80, 0, 0xFF};
    private static final int SUPPLEMENT = 16;

    private final Alterations all;

    HeaderAlterations(Alterations all) {
        this.all = all;
    }

    void add() {
        GbcsMessage message = all.message();
        GroupingHeader h = message.header();
        byte[] bytes = message.encoded().toArray();
        all.bytes("kind", () -> instead(bytes, CRA_AT, 1, 2));
        all.bytes(
                "counter",
                () -> with(new GroupingHeader(
                        h.cra(),
                        h.counter() + 1,
                        h.originator(),
                        h.target(),
                        h.dateTime(),
                        h.messageCode(),
                        h.supplement())));
        all.bytes(
                "originator",
                () -> with(new GroupingHeader(
                        h.cra(),
                        h.counter(),
                        new Eui64(h.originator().value() ^ 1),
                        h.target(),
                        h.dateTime(),
                        h.messageCode(),
                        h.supplement())));
        all.bytes(
                "target",
                () -> with(new GroupingHeader(
                        h.cra(),
                        h.counter(),
                        h.originator(),
                        new Eui64(h.target().value() ^ 1),
                        h.dateTime(),
                        h.messageCode(),
                        h.supplement())));
        all.bytes("date-time.added", () -> instead(bytes, DATE_TIME_LENGTH_AT, 1, DATE_TIME));
        all.bytes("other-info.long-length", () -> instead(bytes, OTHER_INFO_LENGTH_AT, 0, 0x81));
        all.bytes("message-code", () -> with(h.withMessageCode(h.messageCode() ^ 1)));
        all.bytes("supplement.added", () -> {
            int[] more = new int[3 + SUPPLEMENT];
            more[0] = 2 + SUPPLEMENT;
            more[1] = bytes[CODE_AT] & 0xFF;
            more[2] = bytes[CODE_AT + 1] & 0xFF;
            more[more.length - 1] = 9;
            return instead(bytes, OTHER_INFO_LENGTH_AT, 3, more);
        });
        int length = message.content().length();
        int at = message.contentOffset() - Alterations.lengthOf(length).length;
        all.bytes("content.long-length", () -> {
            byte[] form = Alterations.longLengthOf(length);
            int[] fresh = new int[form.length];
            for (int i = 0; i < form.length; i++) {
                fresh[i] = form[i] & 0xFF;
            }
            return instead(bytes, at, message.contentOffset() - at, fresh);
        });
        all.bytes("signature.added", () -> instead(bytes, bytes.length, 0, 0));
        all.bytes("trailing.added", () -> instead(bytes, bytes.length, 0, 0xFF));
        all.bytes("last-byte.removed", () -> java.util.Arrays.copyOf(bytes, bytes.length - 1));
    }

    private byte[] with(GroupingHeader header) {
        return GbcsMessage.preCommand(header, all.message().payload()).encoded().toArray();
    }

    private static byte[] instead(byte[] bytes, int at, int count, int... fresh) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        for (int value : fresh) {
            out.write(value);
        }
        out.write(bytes, at + count, bytes.length - at - count);
        return out.toByteArray();
    }
}
