package org.postern.securitylogging.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/** Writes segments record by record, valid or invalid. */
final class HandMadeLog {

    private final Path folder;
    private final ByteArrayOutputStream segment = new ByteArrayOutputStream();
    private int segments;
    byte[] link = Records.GENESIS;
    long number;

    HandMadeLog(Path folder) {
        this.folder = folder;
    }

    /** The next record of the chain. */
    HandMadeLog add(String id) {
        return add(++number, id);
    }

    /** A record whose hash follows from the previous one, with any number. */
    HandMadeLog add(long ownNumber, String id) {
        number = ownNumber;
        byte[] json = Records.json(
                ownNumber, Instant.EPOCH, id, "actor", "http", "object", "DONE", Map.of("lastWritten", "77"));
        link = Records.link(link, json, 0, json.length);
        segment.writeBytes(Records.line(link, json));
        return this;
    }

    HandMadeLog text(String text) {
        segment.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** Ends the segment. */
    HandMadeLog end() throws IOException {
        Files.write(Segments.file(folder, ++segments), segment.toByteArray());
        segment.reset();
        return this;
    }

    HandMadeLog head() throws IOException {
        return head(number + " " + hash());
    }

    HandMadeLog head(String text) throws IOException {
        Files.writeString(folder.resolve(Segments.HEAD), text);
        return this;
    }

    String hash() {
        return HexFormat.of().formatHex(link);
    }
}
