package org.postern.appliance.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes File Install read a settings file again whose change it has missed. File Install detects a change only by the
 * file's time and length, and records both anew when it writes to a file itself. So it would never read a file that is
 * saved at that moment, or that has the time and length of the one before. This class sets a new time stamp, which
 * makes File Install read the file; it changes nothing else.
 */
final class UnreadFiles {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadFiles.class);
    private static final String FILE = "felix.fileinstall.filename";
    private static final long SAVING_MILLIS = 5000;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^{}]*)}");
    /** Typed values, as in I"4" or [ "a", "b" ], which File Install does not read as plain text. */
    private static final Pattern TYPED = Pattern.compile("[A-Za-z]?\\s*[\"\\[(].*");

    /**
     * A file that differs from what was read: the hash of its content, and whether its time stamp was set because of
     * it.
     */
    private record Differing(int hash, boolean touched) {}

    private final UnaryOperator<String> variables;
    private final Map<Path, Differing> differing = new HashMap<>();

    /** @param variables from a variable's name to its value, null where it has none */
    UnreadFiles(UnaryOperator<String> variables) {
        this.variables = variables;
    }

    /**
     * Compares a file with what was read from it. If it differs in the same way at two polls, it gets a new time stamp,
     * once.
     *
     * @param read the settings in Configuration Admin, with the URL of their file
     */
    void poll(Dictionary<String, Object> read) {
        Object address = read.get(FILE);
        if (address == null) {
            return;
        }
        try {
            Path file = Path.of(URI.create(address.toString()));
            byte[] content = Files.readAllBytes(file);
            if (!differs(content, read)) {
                differing.remove(file);
                return;
            }
            int hash = Arrays.hashCode(content);
            Differing before = differing.get(file);
            boolean settled = before != null && before.hash() == hash;
            if (settled && !before.touched()) {
                LOG.info("{} was saved, but not read: it is read again", file);
                long former = Files.getLastModifiedTime(file).toMillis();
                long now = System.currentTimeMillis();
                Files.setLastModifiedTime(file, FileTime.fromMillis(now == former ? now + 1 : now));
            }
            differing.put(file, new Differing(hash, settled));
        } catch (IOException | IllegalArgumentException e) {
            // deleted, or not writable: the settings that were read stay
            LOG.debug("{} cannot be compared with what was read from it: {}", address, e.toString());
        }
    }

    /**
     * True where a file differs from what was read from it and was saved within the last seconds: File Install may have
     * read a part of it, and will read it again.
     *
     * @param read as above
     */
    boolean beingSaved(Dictionary<String, Object> read) {
        Object address = read.get(FILE);
        try {
            Path file = address == null ? null : Path.of(URI.create(address.toString()));
            long age = file == null
                    ? -1
                    : System.currentTimeMillis()
                            - Files.getLastModifiedTime(file).toMillis();
            // a time in the future comes from another clock, and would count as just saved for a long time
            return age >= 0 && age < SAVING_MILLIS && differs(Files.readAllBytes(file), read);
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Why a file cannot be read; empty where it can be read, or does not exist. */
    static Optional<String> unreadable(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            new Properties().load(in);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            // not the exception's message: it may quote a secret
            return Optional.of(
                    e instanceof IllegalArgumentException
                            ? "a backslash and u without four hex digits"
                            : e.getClass().getSimpleName());
        }
    }

    private boolean differs(byte[] content, Dictionary<String, Object> read) throws IOException {
        Properties file = new Properties();
        file.load(new ByteArrayInputStream(content));
        Set<String> keys = new TreeSet<>(file.stringPropertyNames());
        keys.addAll(Collections.list(read.keys()));
        // names with a dot are set by the platform
        return keys.stream()
                .filter(key -> !key.contains("."))
                .anyMatch(key -> differs(file.getProperty(key), read.get(key)));
    }

    private boolean differs(String saved, Object read) {
        if (saved == null || read == null) {
            return saved != read;
        }
        if (!(read instanceof String) || TYPED.matcher(saved.strip()).matches()) {
            return false;
        }
        Matcher variable = VARIABLE.matcher(saved);
        StringBuilder text = new StringBuilder();
        while (variable.find()) {
            String value = variables.apply(variable.group(1));
            if (value == null) {
                return false;
            }
            variable.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        variable.appendTail(text);
        return !text.toString().strip().equals(read.toString().strip());
    }
}
