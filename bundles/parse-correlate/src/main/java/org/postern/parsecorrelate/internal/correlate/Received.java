package org.postern.parsecorrelate.internal.correlate;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.postern.catalogue.PosternException;
import org.postern.gbcs.GbcsCodec;
import org.postern.parsecorrelate.internal.transform.Message;

/** Reads single values of a received Pre-Command before the full comparison. */
final class Received {

    private static final long EPOCH_2000 = 946_684_800L;
    /** Offset of the message code if the header has no date-time and a short length. */
    private static final int CODE_AT = 31;

    private Received() {}

    /** The message code, or -1 if the header is not that of a Pre-Command. */
    static int messageCode(byte[] got) {
        return got.length > CODE_AT + 1 && got[0] == (byte) 0xDF && got[29] == 0
                ? (got[CODE_AT] & 0xFF) << 8 | got[CODE_AT + 1] & 0xFF
                : -1;
    }

    /** The build time at the position of the first issuer id of the expected message; empty if that has none. */
    static Optional<Instant> buildTime(Message expected, byte[] got) {
        return expected.write().spans().stream()
                .filter(span -> "build-time".equals(span.trace().excuse()))
                .findFirst()
                .filter(span -> span.to() <= got.length)
                .map(span -> time(Arrays.copyOfRange(got, span.from(), span.to())));
    }

    /** Reads seconds since 2000, least significant byte first. */
    static Instant time(byte[] bytes) {
        long seconds = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            seconds = seconds << 8 | bytes[i] & 0xFF;
        }
        return Instant.ofEpochSecond(seconds + EPOCH_2000);
    }

    /** True if decoding with the codec and encoding again gives the same bytes. */
    static boolean readsBack(byte[] got) {
        try {
            GbcsCodec codec = new GbcsCodec();
            return Arrays.equals(codec.encode(codec.decode(got)), got);
        } catch (PosternException unreadable) {
            return false;
        }
    }
}
