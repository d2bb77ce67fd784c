package org.postern.hsmpkcs11.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;

/**
 * The PKCS#11 libraries that may be loaded, by name. A path in a setting would let whoever can edit settings run code
 * in this process; only who starts the process can add to the list, by a table of the same form that the system
 * property {@code postern.pkcs11.libraries} names.
 */
final class Libraries {

    static final String PROPERTY = "postern.pkcs11.libraries";

    private Libraries() {}

    /** The library of that name that is installed. */
    static Path find(String name) {
        List<String> names = new ArrayList<>();
        for (String line : lines()) {
            String[] columns = line.split("\t");
            if (line.isBlank() || line.startsWith("#") || columns.length != 2) {
                continue;
            }
            if (columns[0].equals(name) && Files.isRegularFile(Path.of(columns[1].trim()))) {
                return Path.of(columns[1].trim());
            }
            if (!names.contains(columns[0])) {
                names.add(columns[0]);
            }
        }
        if (names.contains(name)) {
            throw new KeyVaultException(
                    Kind.TOKEN_OFFLINE,
                    "library",
                    "the library is installed",
                    name + " is at none of its known places",
                    "install it, or name its place in the table of -D" + PROPERTY);
        }
        throw new KeyVaultException(
                Kind.BAD_SETTING,
                "library",
                "one of " + names,
                "no such library on the list",
                "use a name of the list; further ones go into the table of -D" + PROPERTY);
    }

    private static List<String> lines() {
        String extra = System.getProperty(PROPERTY);
        try (BufferedReader own = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Libraries.class.getResourceAsStream("libraries.tsv")),
                StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>(extra == null ? List.of() : Files.readAllLines(Path.of(extra)));
            own.lines().forEach(lines::add);
            return lines;
        } catch (IOException e) {
            throw new KeyVaultException(
                    Kind.BAD_SETTING,
                    PROPERTY,
                    "names a readable table",
                    "it does not",
                    "correct the system property",
                    e);
        } catch (UncheckedIOException e) {
            throw new IllegalStateException("the bundle's own table", e);
        }
    }
}
