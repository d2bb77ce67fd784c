package org.postern.delivery.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.OutboxEntry;

/**
 * Writes each outbox entry to one file. The file is complete and on disk before it appears under its name; if it is
 * written again after a crash, it replaces the earlier one.
 */
final class ResultFiles {

    private final Path folder;

    ResultFiles(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    void write(OutboxEntry entry, ReplyAddress to) throws IOException {
        boolean json = to.json() && entry.json().isPresent();
        byte[] body = json ? entry.json().get().getBytes(StandardCharsets.UTF_8) : entry.body();
        String ending = json ? ".json" : entry.contentType().contains("octet-stream") ? ".bin" : ".xml";
        String id = entry.id().replaceAll("[^A-Za-z0-9._-]", "_");
        String name = to.name() + "-" + id + ending;
        if (!json) {
            // the JSON form contains what the result is and how far it can be trusted; for other forms a separate file
            // states it
            place(name + ".about", about(entry));
        }
        place(name, body);
    }

    /** The headers, one {@code name=value} on each line; line breaks in a value are replaced by spaces. */
    private static byte[] about(OutboxEntry entry) {
        StringBuilder lines = new StringBuilder();
        entry.headers()
                .forEach((header, value) -> lines.append(header)
                        .append('=')
                        .append(value.replaceAll("[\\r\\n]+", " "))
                        .append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void place(String name, byte[] content) throws IOException {
        Path draft = folder.resolve("." + name + ".tmp");
        try (FileChannel channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
