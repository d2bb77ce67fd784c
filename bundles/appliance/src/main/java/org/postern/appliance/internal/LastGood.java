package org.postern.appliance.internal;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.postern.catalogue.settings.Setting;
import org.postern.catalogue.settings.SettingsTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the last good settings of each PID in a folder of the durable state. Configuration Admin's own store does not
 * suffice: it is part of the cache, which {@code clean} and an upgrade remove.
 *
 * <p>One file for each PID, which only the owner can read, since a URL may contain a password. It is written under
 * another name, synced and renamed; its last line counts its settings, so that an incomplete file is detected. Paths in
 * the settings are absolute. An installation that was moved, or restored elsewhere, must not open the ledger of the
 * other one, so stored settings are valid only for the folders they were stored for. Not safe between threads.
 */
final class LastGood {

    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    /** A name with a dot, so that it cannot be the name of a setting. */
    private static final String COUNT = "postern.count";

    private static final String PLACE = "postern.place";
    /** Separates the values of a list; no value contains a control character. */
    private static final String BETWEEN = "\n";

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final String place;
    private final Map<String, Map<String, List<String>>> known = new HashMap<>();
    /** PIDs for which it was logged that the stored settings cannot be used. */
    private final Set<String> unusable = new HashSet<>();

    /** @param etc the folder of the settings' files */
    LastGood(Path folder, Path etc) {
        this.folder = folder.toAbsolutePath().normalize();
        this.place = this.folder + " " + etc.toAbsolutePath().normalize();
    }

    /**
     * The last good settings of a PID, by key; empty where there are none, or where their file is incomplete or
     * unreadable.
     */
    Optional<Map<String, List<String>>> read(SettingsTable table) {
        Path file = file(table.pid());
        if (!known.containsKey(table.pid()) && Files.exists(file)) {
            try {
                Properties read = new Properties();
                read.load(new StringReader(Files.readString(file)));
                if (!String.valueOf(read.size() - 2).equals(read.getProperty(COUNT))) {
                    throw new IOException("it is incomplete");
                }
                if (!place.equals(read.getProperty(PLACE))) {
                    throw new IOException("it belongs to an installation in another folder");
                }
                Map<String, List<String>> values = new HashMap<>();
                for (String key : read.stringPropertyNames()) {
                    // a file that the release before stored may have former names
                    Setting setting = Optional.ofNullable(table.settings().get(key))
                            .or(() -> table.formerly(key))
                            .orElse(null);
                    String value = read.getProperty(key);
                    if (setting != null) {
                        values.put(setting.key(), setting.list() ? List.of(value.split(BETWEEN, -1)) : List.of(value));
                    }
                }
                known.put(table.pid(), Map.copyOf(values));
            } catch (IOException | IllegalArgumentException e) {
                if (unusable.add(table.pid())) {
                    LOG.warn("the last good settings in {} cannot be used: {}", file, e.toString());
                }
            }
        }
        return Optional.ofNullable(known.get(table.pid()));
    }

    /**
     * Stores the settings of a PID; writes nothing if the same are stored already.
     *
     * @throws IOException if they cannot be written; those stored before stay
     */
    void store(SettingsTable table, Map<String, List<String>> values) throws IOException {
        Path file = file(table.pid());
        if (values.equals(known.get(table.pid())) && Files.exists(file)) {
            return;
        }
        Properties lines = new Properties();
        values.forEach((key, value) -> lines.setProperty(key, String.join(BETWEEN, value)));
        lines.setProperty(PLACE, place);
        StringWriter text = new StringWriter();
        lines.store(text, "The last good settings of " + table.pid() + ", stored by Postern");
        text.write(COUNT + "=" + values.size() + "\n");
        Files.createDirectories(folder);
        Path draft = folder.resolve("." + table.pid() + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel channel =
                FileChannel.open(draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        known.put(table.pid(), Map.copyOf(values));
    }

    /** Deletes the stored settings of a PID. */
    void forget(String pid) throws IOException {
        known.remove(pid);
        Files.deleteIfExists(file(pid));
    }

    private Path file(String pid) {
        return folder.resolve(pid + ".properties");
    }
}
