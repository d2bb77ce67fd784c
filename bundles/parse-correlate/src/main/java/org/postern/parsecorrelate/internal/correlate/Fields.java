package org.postern.parsecorrelate.internal.correlate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.postern.parsecorrelate.ComparedField;
import org.postern.parsecorrelate.ComparedField.Outcome;
import org.postern.parsecorrelate.internal.transform.Message;
import org.postern.parsecorrelate.internal.transform.Trace;

/** Lists what was compared, run of bytes by run of bytes, in the order of the message. */
final class Fields {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Fields() {}

    /** Every field of our own message beside what was received in its place. */
    static List<ComparedField> of(Message expected, byte[] got) {
        Message.Written written = expected.write();
        byte[] ours = written.bytes();
        Region region = Region.of(ours, got);
        List<ComparedField> fields = new ArrayList<>();
        for (Message.Span span : written.spans()) {
            byte[] wanted = Arrays.copyOfRange(ours, span.from(), span.to());
            byte[] received = region.received(got, span.from(), span.to());
            Trace trace = span.trace();
            boolean equal = Arrays.equals(wanted, received);
            boolean excused = equal && trace.excuse() != null;
            fields.add(new ComparedField(
                    trace.paths().isEmpty()
                            ? expected.bodyName() + "#" + trace.position()
                            : String.join(" ", trace.paths()),
                    trace.position(),
                    HEX.formatHex(wanted),
                    HEX.formatHex(received),
                    trace.excuse() == null
                            ? "equal"
                            : "one time in the whole message, near the exchange (" + trace.excuse() + ")",
                    equal ? excused ? Outcome.EXCUSED : Outcome.EQUAL : Outcome.DIFFERENT,
                    excused ? Optional.of(Received.time(wanted)) : Optional.empty()));
        }
        if (region.onlyAdds()) {
            fields.add(new ComparedField(
                    expected.bodyName() + "#message",
                    "further bytes",
                    "",
                    HEX.formatHex(region.added(got)),
                    "no further bytes",
                    Outcome.DIFFERENT,
                    Optional.<Instant>empty()));
        }
        return fields;
    }

    /** Those that the DCC was free to choose. */
    static List<ComparedField> excused(Message expected, byte[] got) {
        return of(expected, got).stream()
                .filter(field -> field.outcome() == Outcome.EXCUSED)
                .toList();
    }
}
