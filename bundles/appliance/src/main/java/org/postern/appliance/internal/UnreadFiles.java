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
 * Has a settings' file read again that File Install has passed over. File Install tells a changed file by its time and
 * length alone, and notes both anew where it writes to a file itself: a file that is saved just then, or that comes
 * with the time and length of the one before, would never be taken. A new time stamp makes File Install read it;
 * nothing else is changed.
 */
final class UnreadFiles {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadFiles.class);
    private static final String FILE = "felix.fileinstall.filename";
    private static final long SAVING_MILLIS = 5000;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^{}]*)}");
    /** Values with a type, as in I"4" or [ "a", "b" ], which File Install reads as more than a text. */
    private static final Pattern TYPED = Pattern.compile("[A-Za-z]?\\s*[\"\\[(].*");

    /** What a file held when it was found to differ. */
    private record Differing(int print, boolean touched) {}

    private final UnaryOperator<String> variables;
    private final Map<Path, Differing> differing = new HashMap<>();

    /** @param variables from a variable's name to its value, null where it has none */
    UnreadFiles(UnaryOperator<String> variables) {
        this.variables = variables;
    }

    /**
     * Compares a file with what was read of it. One that differs in the same way at two looks is marked for being read,
     * once.
     *
     * @param read the settings as Configuration Admin has them, with the file's address
     */
    void look(Dictionary<String, Object> read) {
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
            int print = Arrays.hashCode(content);
            Differing before = differing.get(file);
            boolean settled = before != null && before.print() == print;
            if (settled && !before.touched()) {
                LOG.info("{} was saved and has not been taken: it is read again", file);
                long former = Files.getLastModifiedTime(file).toMillis();
                long now = System.currentTimeMillis();
                Files.setLastModifiedTime(file, FileTime.fromMillis(now == former ? now + 1 : now));
            }
            differing.put(file, new Differing(print, settled));
        } catch (IOException | IllegalArgumentException e) {
            // gone, or not ours to touch: the settings that were read stay
            LOG.debug("{} cannot be compared with what was read of it: {}", address, e.toString());
        }
    }

    /**
     * True where a file holds something else than what was read of it and was saved within the last seconds: File
     * Install may have read half of it, and will read it again.
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
            // a time to come is another clock's, and would be one for ever
            return age >= 0 && age < SAVING_MILLIS && differs(Files.readAllBytes(file), read);
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Why a file cannot be read; empty where it can, or is gone. */
    static Optional<String> unreadable(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            new Properties().load(in);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            // its text may hold what nobody is to see
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
        // names with a dot are those of the platform
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
