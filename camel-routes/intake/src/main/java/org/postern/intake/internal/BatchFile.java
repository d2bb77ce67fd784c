package org.postern.intake.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A file of requests, read piece by piece: an XML file is one request, JSON lines and CSV are one on each line.
 *
 * <p>A CSV file names its columns in the first line: {@code service}, {@code device}, {@code role} and {@code lane} as in the
 * JSON form, {@code topUp.pence} and the like for a top-up, and {@code body.A.B} for a value inside the body. Fields may be
 * quoted with {@code "}, doubled inside; a quoted field does not span lines, so that one broken line stays one broken line.
 */
final class BatchFile implements AutoCloseable {

    /**
     * One request of the file.
     *
     * @param line where it starts, from 1
     * @param bytes the request; empty where it cannot be taken
     * @param problem why it cannot be taken
     */
    record Piece(int line, Optional<byte[]> bytes, String problem) {
    }

    private enum Kind { XML, JSON, CSV }

    private final Kind kind;
    private final InputStream in;
    private final int maxLine;
    private List<String> columns;
    private int line;
    private boolean tooLong;

    BatchFile(Path file, int maxLine) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        this.kind = name.endsWith(".csv") ? Kind.CSV : name.endsWith(".xml") ? Kind.XML : Kind.JSON;
        this.maxLine = maxLine;
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    /** The next request; null at the end. */
    Piece next() throws IOException {
        if (kind == Kind.XML) {
            if (line++ > 0) {
                return null;
            }
            byte[] all = in.readNBytes(maxLine + 1);
            return all.length > maxLine ? tooLong(1) : new Piece(1, Optional.of(all), "");
        }
        while (true) {
            byte[] bytes = readLine();
            if (bytes == null) {
                return null;
            }
            if (tooLong) {
                return tooLong(line);
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (line == 1 && text.startsWith("\uFEFF")) {
                text = text.substring(1);
            }
            if (text.isBlank()) {
                continue;
            }
            if (kind == Kind.JSON) {
                return new Piece(line, Optional.of(text.getBytes(StandardCharsets.UTF_8)), "");
            }
            if (columns == null) {
                columns = fields(text);
                continue;
            }
            return csv(text);
        }
    }

    private Piece tooLong(int at) {
        return new Piece(at, Optional.empty(), "longer than " + maxLine + " bytes");
    }

    private Piece csv(String text) {
        List<String> fields = fields(text);
        if (fields == null || columns == null || fields.size() != columns.size()) {
            return new Piece(line, Optional.empty(), "expected " + (columns == null ? 0 : columns.size()) + " fields"
                    + (fields == null ? ", a quote is not closed" : ", got " + fields.size()));
        }
        ObjectNode request = Refusals.JSON.createObjectNode();
        for (int i = 0; i < fields.size(); i++) {
            String value = fields.get(i).strip();
            if (value.isEmpty()) {
                continue;
            }
            ObjectNode at = request;
            String[] path = columns.get(i).strip().split("\\.");
            for (int step = 0; step < path.length - 1; step++) {
                at = at.path(path[step]).isObject() ? (ObjectNode) at.get(path[step]) : at.putObject(path[step]);
            }
            at.put(path[path.length - 1], value);
        }
        try {
            return new Piece(line, Optional.of(Refusals.JSON.writeValueAsBytes(request)), "");
        } catch (JsonProcessingException e) {
            return new Piece(line, Optional.empty(), "cannot be put as JSON");
        }
    }

    /** The fields of one line; null if a quote is not closed. */
    private static List<String> fields(String text) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c != '"') {
                    field.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return quoted ? null : fields;
    }

    /** One line without its end; of one that is too long, only that it was. */
    private byte[] readLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        tooLong = false;
        int b = in.read();
        if (b < 0) {
            return null;
        }
        line++;
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (bytes.size() >= maxLine) {
                tooLong = true;
            } else {
                bytes.write(b);
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
