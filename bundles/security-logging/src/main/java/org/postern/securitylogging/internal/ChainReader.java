package org.postern.securitylogging.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.SecurityLogException;
import org.postern.securitylogging.SecurityLogFault;
import org.postern.securitylogging.Verification;
import org.postern.securitylogging.Verification.Finding;

/**
 * Reads the segments and checks the hash of every record. After a defect it continues from the hash that is stored in
 * the record, in order to find further defects.
 */
public final class ChainReader {

    private static final int LINE_LIMIT = 1 << 16;

    private final List<Finding> findings = new ArrayList<>();
    private byte[] link = Records.GENESIS;
    private long last;
    private long validRecords;
    private boolean sealed = true;
    private long tornBytes;
    private long anchorNumber;
    private @Nullable String anchorHash;
    private @Nullable String hashAtAnchor;
    private long headNumber;
    private @Nullable String hashAtHead;

    private ChainReader() {}

    public static Verification verify(Path folder, long anchorNumber, @Nullable String anchorHash) {
        ChainReader reader = new ChainReader();
        reader.anchorNumber = anchorNumber;
        reader.anchorHash = anchorHash;
        try {
            // read before the records: a log that is being written can only continue beyond the head
            String head = Files.exists(folder.resolve(Segments.HEAD))
                    ? Files.readString(folder.resolve(Segments.HEAD), StandardCharsets.US_ASCII)
                            .trim()
                    : "";
            String[] parts = head.split(" ");
            boolean readable = parts.length == 2 && parts[0].matches("\\d{1,18}");
            reader.headNumber = readable ? Long.parseLong(parts[0]) : 0;
            List<Path> segments = Segments.all(folder);
            for (int i = 0; i < segments.size(); i++) {
                reader.segment(segments.get(i), i + 1, i == segments.size() - 1);
            }
            reader.checkEnd(readable ? parts[1] : null, segments.isEmpty());
            return new Verification(
                    reader.validRecords,
                    segments.size(),
                    reader.last,
                    HexFormat.of().formatHex(reader.link),
                    reader.findings);
        } catch (IOException e) {
            throw new SecurityLogException(
                    SecurityLogFault.NOT_READABLE.fault(
                            "security log", e.getClass().getSimpleName()),
                    e);
        }
    }

    private void checkEnd(@Nullable String headHash, boolean empty) {
        if (headHash == null) {
            if (!empty) {
                findings.add(new Finding(
                        Segments.HEAD,
                        0,
                        "is missing or unreadable, so the removal of the last records could not be detected"));
            }
        } else if (headNumber > last) {
            findings.add(new Finding(
                    Segments.HEAD,
                    0,
                    "record " + headNumber + " was written, but the last record of the log is " + last));
        } else if (headNumber > 0 && !headHash.equals(hashAtHead)) {
            findings.add(new Finding(Segments.HEAD, 0, "record " + headNumber + " is not the record that was written"));
        }
        if (anchorHash != null && !anchorHash.equalsIgnoreCase(hashAtAnchor)) {
            findings.add(new Finding(
                    "anchor",
                    0,
                    "record " + anchorNumber + (hashAtAnchor == null ? " is missing" : " has another hash")));
        }
    }

    private void segment(Path file, long expectedNumber, boolean newest) throws IOException {
        String name = file.getFileName().toString();
        if (Segments.number(file) != expectedNumber) {
            findings.add(new Finding(name, 0, "segment " + expectedNumber + " was expected here"));
        }
        sealed = false;
        int number = 0;
        try (InputStream in = new java.io.BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (byte[] line = line(in); line != null; line = line(in)) {
                number++;
                record(name, number, line);
            }
        }
        if (tornBytes > 0 && !newest) {
            findings.add(new Finding(name, number + 1, "ends in the middle of a record"));
        }
        if (!sealed && !newest) {
            findings.add(new Finding(name, 0, "is not sealed, although another segment follows"));
        }
    }

    private void record(String name, int number, byte[] line) {
        LoggedEvent event = Records.parse(line);
        if (event == null) {
            findings.add(new Finding(name, number, "is not a valid record"));
            return;
        }
        boolean valid = true;
        byte[] expected = Records.link(link, line, Records.PREFIX, line.length - Records.PREFIX);
        if (!HexFormat.of().formatHex(expected).equals(event.hash())) {
            findings.add(new Finding(
                    name,
                    number,
                    "record " + event.number() + " was changed, or does not follow the record before it"));
            valid = false;
        }
        if (event.number() != last + 1) {
            findings.add(
                    new Finding(name, number, "found record " + event.number() + ", expected record " + (last + 1)));
            valid = false;
        }
        if (sealed) {
            findings.add(new Finding(name, number, "follows the record that seals the segment"));
            valid = false;
        }
        if ((number == 1) != event.id().equals(Records.OPENED)) {
            findings.add(new Finding(name, number, "the first record of a segment, and no other, opens it"));
            valid = false;
        }
        if (event.id().equals(Records.MISSING)) {
            findings.add(new Finding(
                    name,
                    number,
                    "when the log was opened at this point, records up to "
                            + event.details().get("lastWritten") + " were missing"));
            valid = false;
        }
        sealed = event.id().equals(Records.SEALED);
        link = HexFormat.of().parseHex(event.hash());
        last = event.number();
        hashAtAnchor = last == anchorNumber ? event.hash() : hashAtAnchor;
        hashAtHead = last == headNumber ? event.hash() : hashAtHead;
        validRecords += valid ? 1 : 0;
    }

    /**
     * One line without its line feed. Null at the end of the file; {@link #tornBytes} is then the length of an
     * incomplete last line.
     */
    private byte @Nullable [] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        tornBytes = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toByteArray();
            }
            if (line.size() < LINE_LIMIT) {
                line.write(b);
            }
            tornBytes++;
        }
        return null;
    }

    /** The state at the end of the newest segment, for a writer that appends to it. */
    static End end(Path folder) throws IOException {
        List<Path> segments = Segments.all(folder);
        if (segments.isEmpty()) {
            return new End(0, 0, Records.GENESIS, true, 0, 0, List.of(), readHead(folder));
        }
        Path file = segments.get(segments.size() - 1);
        ChainReader reader = new ChainReader();
        Path before = segments.size() > 1 ? segments.get(segments.size() - 2) : null;
        if (before != null) {
            List<LoggedEvent> lastOfBefore = tail(List.of(before), 1);
            if (!lastOfBefore.isEmpty()) {
                reader.link = HexFormat.of().parseHex(lastOfBefore.get(0).hash());
                reader.last = lastOfBefore.get(0).number();
            }
        }
        reader.segment(file, Segments.number(file), true);
        return new End(
                Segments.number(file),
                reader.last,
                reader.link,
                reader.sealed,
                Files.size(file) - reader.tornBytes,
                reader.tornBytes,
                reader.findings.stream()
                        .filter(f -> !f.problem().startsWith("when the log was opened"))
                        .toList(),
                readHead(folder));
    }

    private static long readHead(Path folder) throws IOException {
        Path head = folder.resolve(Segments.HEAD);
        String text = Files.exists(head)
                ? Files.readString(head, StandardCharsets.US_ASCII).trim()
                : "";
        return text.matches("\\d{1,18} [0-9a-f]{64}") ? Long.parseLong(text.substring(0, text.indexOf(' '))) : 0;
    }

    /** The last records of these segments, at most {@code count}, oldest first. The segments are given oldest first. */
    static List<LoggedEvent> tail(List<Path> segments, int count) throws IOException {
        Deque<LoggedEvent> found = new ArrayDeque<>();
        for (int i = segments.size() - 1; i >= 0 && found.size() < count; i--) {
            Deque<LoggedEvent> here = new ArrayDeque<>();
            ChainReader reader = new ChainReader();
            try (InputStream in = new java.io.BufferedInputStream(Files.newInputStream(segments.get(i)), 1 << 16)) {
                for (byte[] line = reader.line(in); line != null; line = reader.line(in)) {
                    LoggedEvent event = Records.parse(line);
                    if (event != null) {
                        here.addLast(event);
                        if (here.size() > count) {
                            here.removeFirst();
                        }
                    }
                }
            }
            while (!here.isEmpty() && found.size() < count) {
                found.addFirst(here.removeLast());
            }
        }
        return List.copyOf(found);
    }

    /**
     * @param segment number of the newest segment; 0 where there is none
     * @param last number of the last complete record
     * @param sealed whether the segment is sealed, so that a new one has to be started
     * @param length bytes up to the end of the last complete record
     * @param torn bytes of an incomplete record after it
     * @param findings defects within the segment
     * @param head number of the last record according to the head file
     */
    record End(
            long segment,
            long last,
            byte[] link,
            boolean sealed,
            long length,
            long torn,
            List<Finding> findings,
            long head) {}
}
