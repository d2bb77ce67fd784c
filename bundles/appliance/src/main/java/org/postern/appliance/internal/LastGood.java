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
 * The last good settings of each PID, in a folder of the durable state. Configuration Admin's own store is part of the
 * cache, which {@code clean} and a newer archive remove.
 *
 * <p>One file for each PID, readable by the owner alone: an address may hold a password. It is written under another
 * name, synced and renamed; its last line counts its settings, so that half a file counts as none. Paths in them are
 * whole: an installation that was moved, or restored elsewhere, must not open the other one's ledger, so they hold in
 * their place alone. Not safe between threads.
 */
final class LastGood {

    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    /** Names with a dot are no settings. */
    private static final String COUNT = "postern.count";

    private static final String PLACE = "postern.place";
    /** Between the values of a list; no value has a control character. */
    private static final String BETWEEN = "\n";

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final String place;
    private final Map<String, Map<String, List<String>>> known = new HashMap<>();
    /** PIDs of which it was said that what is kept cannot be used. */
    private final Set<String> unusable = new HashSet<>();

    /** @param etc the folder of the settings' files */
    LastGood(Path folder, Path etc) {
        this.folder = folder.toAbsolutePath().normalize();
        this.place = this.folder + " " + etc.toAbsolutePath().normalize();
    }

    /** Those of a PID, by key; empty where there are none, or where they cannot be read whole. */
    Optional<Map<String, List<String>>> read(SettingsTable table) {
        Path file = file(table.pid());
        if (!known.containsKey(table.pid()) && Files.exists(file)) {
            try {
                Properties read = new Properties();
                read.load(new StringReader(Files.readString(file)));
                if (!String.valueOf(read.size() - 2).equals(read.getProperty(COUNT))) {
                    throw new IOException("it is not whole");
                }
                if (!place.equals(read.getProperty(PLACE))) {
                    throw new IOException("it is of an installation in another place");
                }
                Map<String, List<String>> values = new HashMap<>();
                for (String key : read.stringPropertyNames()) {
                    // what the release before has stored has that release's names
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
     * Keeps those of a PID; writes nothing where they are kept already.
     *
     * @throws IOException where they cannot be written; those before stay
     */
    void keep(SettingsTable table, Map<String, List<String>> values) throws IOException {
        Path file = file(table.pid());
        if (values.equals(known.get(table.pid())) && Files.exists(file)) {
            return;
        }
        Properties lines = new Properties();
        values.forEach((key, value) -> lines.setProperty(key, String.join(BETWEEN, value)));
        lines.setProperty(PLACE, place);
        StringWriter text = new StringWriter();
        lines.store(text, "The last good settings of " + table.pid() + ", kept by Postern");
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

    /** Keeps none of a PID any more. */
    void forget(String pid) throws IOException {
        known.remove(pid);
        Files.deleteIfExists(file(pid));
    }

    private Path file(String pid) {
        return folder.resolve(pid + ".properties");
    }
}
