package org.postern.intake.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A file of requests that is read request by request: an XML file is one request; JSON lines and CSV files have one
 * request on each line.
 *
 * <p>A CSV file names its columns in the first line, see {@link CsvHeader}. Fields may be quoted with {@code "},
 * doubled inside; a quoted field does not span lines, so that one invalid line does not affect others. A last line of
 * CSV without a line break is refused: {@code ...,IS,12} cannot be distinguished from the beginning of
 * {@code ...,IS,1250}.
 */
final class BatchFile implements AutoCloseable {

    /**
     * One request of the file.
     *
     * @param line where it starts, from 1
     * @param bytes the request; empty if it cannot be read
     * @param code code of the fault if it cannot be read
     * @param problem why it cannot be read
     * @param complete false for a last line without a line break, because its writer may continue it
     */
    record Piece(int line, Optional<byte[]> bytes, String code, String problem, boolean complete) {}

    private enum Kind {
        XML,
        JSON,
        CSV
    }

    private final Kind kind;
    private final InputStream in;
    private final int maxLine;
    private CsvHeader header;
    private int line;
    private long offset;
    private long end;
    private boolean tooLong;
    private boolean complete;

    /**
     * Opens a file at its beginning.
     *
     * @param name the name under which it was submitted; its ending determines the kind
     */
    BatchFile(Path file, String name, int maxLine) throws IOException {
        String lower = name.toLowerCase(Locale.ROOT);
        this.kind = lower.endsWith(".csv") ? Kind.CSV : lower.endsWith(".xml") ? Kind.XML : Kind.JSON;
        this.maxLine = maxLine;
        this.in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), 1 << 16);
    }

    /** Skips the complete lines that already have an outcome. */
    void skip(long bytes, int lines) throws IOException {
        if (bytes == 0) {
            return;
        }
        if (kind == Kind.CSV) {
            byte[] first = readLine();
            header = first == null ? null : CsvHeader.read(text(first));
        }
        in.skipNBytes(bytes - end);
        end = bytes;
        offset = bytes;
        line = lines;
    }

    /** Bytes up to the end of the last complete line that was read. */
    long offset() {
        return offset;
    }

    /** The next request; null at the end. */
    Piece next() throws IOException {
        if (kind == Kind.XML) {
            return document();
        }
        while (readable()) {
            byte[] bytes = readLine();
            if (bytes == null) {
                return null;
            }
            if (tooLong) {
                return broken(IntakeFault.LINE, "longer than " + maxLine + " bytes");
            }
            String text = text(bytes);
            if (text == null) {
                return broken(IntakeFault.LINE, "not UTF-8");
            }
            if (text.isBlank()) {
                continue;
            }
            if (kind == Kind.JSON) {
                // without surrounding white space, so that a line whose line break is written later is the same line
                return new Piece(line, Optional.of(text.strip().getBytes(StandardCharsets.UTF_8)), "", "", complete);
            }
            if (header == null) {
                header = CsvHeader.read(text);
                if (!header.problem().isEmpty()) {
                    return broken(IntakeFault.CSV_HEADING, header.problem());
                }
                continue;
            }
            return csv(text);
        }
        return null;
    }

    /** False if the first line of the file is not a valid header, so that no line can be read. */
    boolean readable() {
        return header == null || header.problem().isEmpty();
    }

    private Piece document() throws IOException {
        if (line++ > 0) {
            return null;
        }
        byte[] all = in.readNBytes(maxLine + 1);
        // an XML document has a defined end: a truncated one is refused by the XML reader
        end = all.length;
        return all.length > maxLine
                ? broken(IntakeFault.LINE, "longer than " + maxLine + " bytes")
                : new Piece(1, Optional.of(all), "", "", false);
    }

    private Piece broken(IntakeFault kind, String problem) {
        return new Piece(
                line,
                Optional.empty(),
                kind.code(),
                "line: " + problem + " (rule: " + kind.entry().rule() + "); "
                        + kind.entry().remedy(),
                complete);
    }

    private Piece csv(String text) {
        if (!complete) {
            return broken(IntakeFault.LINE_CUT_SHORT, "the last line has no line break: it may have been cut short");
        }
        List<String> fields = CsvHeader.fields(text);
        if (fields == null || fields.size() != header.columns().size()) {
            return broken(
                    IntakeFault.LINE,
                    "expected " + header.columns().size() + " fields"
                            + (fields == null ? ", a quote is not closed" : ", got " + fields.size()));
        }
        ObjectNode request = Refusals.JSON.createObjectNode();
        for (int i = 0; i < fields.size(); i++) {
            String value = fields.get(i).strip();
            if (value.isEmpty()) {
                continue;
            }
            ObjectNode at = request;
            String[] path = header.columns().get(i).split("\\.");
            for (int step = 0; step < path.length - 1; step++) {
                at = at.path(path[step]).isObject() ? (ObjectNode) at.get(path[step]) : at.putObject(path[step]);
            }
            at.put(path[path.length - 1], value);
        }
        try {
            return new Piece(line, Optional.of(Refusals.JSON.writeValueAsBytes(request)), "", "", true);
        } catch (JsonProcessingException e) {
            return broken(IntakeFault.LINE, "cannot be put as JSON");
        }
    }

    /** The text; null if it is not UTF-8. */
    private String text(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        return line == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** One line without its line break; for a line that is too long, only that fact. */
    private byte[] readLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        tooLong = false;
        int b = in.read();
        if (b < 0) {
            return null;
        }
        line++;
        for (; b >= 0 && b != '\n'; b = in.read()) {
            end++;
            if (bytes.size() >= maxLine) {
                tooLong = true;
            } else {
                bytes.write(b);
            }
        }
        complete = b == '\n';
        if (complete) {
            end++;
            offset = end;
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
