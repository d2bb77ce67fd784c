package org.postern.parsecorrelate.internal.correlate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.postern.parsecorrelate.Difference;
import org.postern.parsecorrelate.internal.transform.Message;
import org.postern.parsecorrelate.internal.transform.Message.Span;
import org.postern.parsecorrelate.internal.transform.Trace;

/** Names the differences between our own message and the one received. */
final class Comparison {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final Message expected;
    private final Message.Written written;
    private final byte[] got;
    private final String body;

    Comparison(Message expected, byte[] got, String body) {
        this.expected = expected;
        this.written = expected.write();
        this.got = got;
        this.body = body;
    }

    List<Difference> differences() {
        byte[] ours = written.bytes();
        int prefix = Arrays.mismatch(ours, got);
        int limit = Math.min(ours.length, got.length) - Math.max(prefix, 0);
        int suffix = 0;
        if (ours.length != got.length) {
            while (suffix < limit && ours[ours.length - 1 - suffix] == got[got.length - 1 - suffix]) {
                suffix++;
            }
        }
        List<Difference> found = new ArrayList<>();
        for (Span span : written.spans()) {
            boolean same = ours.length == got.length && Arrays.equals(ours, span.from(), span.to(), got, span.from(), span.to());
            if (!same && span.from() < ours.length - suffix && span.to() > prefix) {
                found.add(difference(span, span.to() <= got.length ? HEX.formatHex(got, span.from(), span.to()) : "nothing"));
            }
        }
        if (found.isEmpty()) {
            found.add(new Difference(body + "#end", "the end of the message",
                    got.length > ours.length ? HEX.formatHex(got, ours.length, got.length) : "another encoding",
                    expected.useCaseName() + ": nothing after the content, one encoding only"));
        }
        return found;
    }

    private Difference difference(Span span, String received) {
        Trace trace = span.trace();
        String path = trace.paths().isEmpty() ? body + "#" + trace.position() : String.join(" ", trace.paths());
        return new Difference(path, HEX.formatHex(written.bytes(), span.from(), span.to()), received,
                expected.useCaseName() + " " + trace.position() + ": equal");
    }
}
