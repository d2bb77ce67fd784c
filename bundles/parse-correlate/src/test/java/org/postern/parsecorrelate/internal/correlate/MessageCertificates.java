package org.postern.parsecorrelate.internal.correlate;

import java.util.ArrayList;
import java.util.List;
import org.postern.parsecorrelate.internal.correlate.WireNode.Cursor;
import org.postern.parsecorrelate.internal.correlate.WireNode.Unreadable;

/** Reads the certificates from a security command, for requests whose own certificates have been reissued. */
public final class MessageCertificates {

    private MessageCertificates() {}

    /** Replacements in order, then the certification path. */
    public static List<byte[]> of(byte[] preCommand) {
        List<byte[]> found = new ArrayList<>();
        WireNode content = content(preCommand);
        content.children()
                .get(1)
                .children()
                .forEach(replacement -> found.add(replacement.children().get(0).raw()));
        content.children().get(2).children().forEach(certificate -> found.add(certificate.raw()));
        return found;
    }

    /** The certificate of a join by method C. */
    public static byte[] ofJoin(byte[] preCommand) {
        return content(preCommand).children().get(3).raw();
    }

    private static WireNode content(byte[] preCommand) {
        try {
            Cursor cursor = new Cursor(preCommand, 33, preCommand.length);
            cursor.length();
            return WireNode.der(cursor);
        } catch (Unreadable unreadable) {
            throw new IllegalArgumentException(unreadable);
        }
    }
}
