package org.postern.ledger.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A small file that is replaced atomically: a reader, also after a power failure, finds either the complete old or the
 * complete new content.
 */
final class ReplacedFile {

    /** Forces the changes of a file or folder to disk. */
    @FunctionalInterface
    interface Forcing {
        void force(Path written) throws IOException;
    }

    private ReplacedFile() {}

    /**
     * Replaces the content of the file; it is on disk when the method returns.
     *
     * @param file in a folder that exists
     * @param text characters of UTF-8
     */
    static void write(Path file, String text) throws IOException {
        write(file, text, ReplacedFile::force);
    }

    static void write(Path file, String text, Forcing forcing) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        forcing.force(next);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // the name is stored in the folder: without this a power failure may bring the old file back
        forcing.force(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder"));
    }

    /** A folder is opened for reading, which is sufficient to force it to disk. */
    private static void force(Path written) throws IOException {
        try (FileChannel channel = FileChannel.open(
                written, Files.isDirectory(written) ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
