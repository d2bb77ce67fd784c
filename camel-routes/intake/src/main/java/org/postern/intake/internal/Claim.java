package org.postern.intake.internal;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Properties;

/**
 * A file that intake has claimed, and how far it has been read. It is stored on disk, so that a restart continues where
 * the last run stopped, and so that the identity of every line depends on the claim and not on the name or time of the
 * file.
 *
 * @param id identity of this claim; another claim of the same file name has another identity
 * @param name the name under which the file was submitted
 * @param phase where the file is
 * @param offset bytes of complete lines that have an outcome in the report
 * @param line lines up to {@code offset}
 * @param reportLength bytes of the report that belong to {@code offset}
 * @param taken lines admitted
 * @param refused lines refused
 * @param size bytes of the whole file when it was last read to its end
 * @param sha256 SHA-256 of those bytes, hex
 * @param target file name in {@code done/} or {@code rejected/}, with the folder; empty while it is being read
 * @param at when it was claimed
 */
record Claim(
        String id,
        String name,
        Phase phase,
        long offset,
        int line,
        long reportLength,
        int taken,
        int refused,
        long size,
        String sha256,
        String target,
        Instant at) {

    /** Where a claimed file is. */
    enum Phase {
        /** In {@code .work/}, being read. */
        WORK,
        /** Read to its end; being moved to {@code done/} or {@code rejected/}. */
        MOVING,
        /** Moved; watched for a while in case its writer goes on. */
        CLOSED
    }

    /** A file just claimed. */
    static Claim begun(String id, String name, long size, String sha256, Instant at) {
        return new Claim(id, name, Phase.WORK, 0, 0, 0, 0, 0, size, sha256, "", at);
    }

    Claim read(long toOffset, int toLine, long report, int moreTaken, int moreRefused) {
        return new Claim(
                id,
                name,
                phase,
                toOffset,
                toLine,
                report,
                taken + moreTaken,
                refused + moreRefused,
                size,
                sha256,
                target,
                at);
    }

    Claim in(Phase next, String where) {
        return new Claim(id, name, next, offset, line, reportLength, taken, refused, size, sha256, where, at);
    }

    Claim measured(long bytes, String digest) {
        return new Claim(id, name, phase, offset, line, reportLength, taken, refused, bytes, digest, target, at);
    }

    /** Writes the claim to disk atomically. */
    void save(Path folder) throws IOException {
        Properties values = new Properties();
        values.setProperty("name", name);
        values.setProperty("phase", phase.name());
        values.setProperty("offset", Long.toString(offset));
        values.setProperty("line", Integer.toString(line));
        values.setProperty("reportLength", Long.toString(reportLength));
        values.setProperty("taken", Integer.toString(taken));
        values.setProperty("refused", Integer.toString(refused));
        values.setProperty("size", Long.toString(size));
        values.setProperty("sha256", sha256);
        values.setProperty("target", target);
        values.setProperty("at", at.toString());
        StringWriter text = new StringWriter();
        values.store(text, null);
        Path draft = folder.resolve(id + ".tmp");
        try (FileChannel out = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(draft, file(folder), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    Path file(Path folder) {
        return folder.resolve(id + ".claim");
    }

    /** @throws IOException if the file is not a claim */
    static Claim load(Path file) throws IOException {
        Properties values = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            values.load(in);
            String id = file.getFileName().toString().replaceFirst("\\.claim$", "");
            return new Claim(
                    id,
                    values.getProperty("name", ""),
                    Phase.valueOf(values.getProperty("phase", "")),
                    number(values, "offset"),
                    (int) number(values, "line"),
                    number(values, "reportLength"),
                    (int) number(values, "taken"),
                    (int) number(values, "refused"),
                    number(values, "size"),
                    values.getProperty("sha256", ""),
                    values.getProperty("target", ""),
                    Instant.parse(values.getProperty("at", "")));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException(file + " is not a record of a claimed file: " + e.getMessage(), e);
        }
    }

    private static long number(Properties values, String name) {
        return Long.parseLong(values.getProperty(name, ""));
    }
}
