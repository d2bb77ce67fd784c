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

/** Lists the compared fields in the order of the message. */
final class Fields {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Fields() {}

    /** Every field of the expected message with the bytes received in its position. */
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

    /** The fields whose values the DCC may choose. */
    static List<ComparedField> excused(Message expected, byte[] got) {
        return of(expected, got).stream()
                .filter(field -> field.outcome() == Outcome.EXCUSED)
                .toList();
    }
}
