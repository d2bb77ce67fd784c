package org.postern.hsmpkcs11.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.Table;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.KeyVaultException.Kind;

/**
 * The PKCS#11 libraries that may be loaded, by name. If a setting contained a path, everyone who can change settings
 * could run code in this process. Only the user who starts the process can extend the list: the system property
 * {@code postern.pkcs11.libraries} names a table of the same format.
 */
final class Libraries {

    static final String PROPERTY = "postern.pkcs11.libraries";

    private static final String NAME = "name";
    private static final String PATH = "path";

    private Libraries() {}

    /** The installed library with this name. */
    static Path find(String name) {
        List<String> names = new ArrayList<>();
        for (Table.Row row : rows()) {
            Path path = Path.of(row.text(PATH));
            if (row.text(NAME).equals(name) && Files.isRegularFile(path)) {
                return path;
            }
            if (!names.contains(row.text(NAME))) {
                names.add(row.text(NAME));
            }
        }
        if (names.contains(name)) {
            throw new KeyVaultException(
                    Kind.TOKEN_OFFLINE,
                    "library",
                    "the library is installed",
                    name + " was not found at any of its known paths",
                    "install it, or add its path to the table that -D" + PROPERTY + " names");
        }
        throw new KeyVaultException(
                Kind.BAD_SETTING,
                "library",
                "one of " + names,
                "the name is not on the list",
                "use a name on the list; further libraries are added to the table that -D" + PROPERTY + " names");
    }

    private static List<Table.Row> rows() {
        String extra = System.getProperty(PROPERTY);
        List<Table.Row> rows = new ArrayList<>();
        if (extra != null) {
            try (BufferedReader text = Files.newBufferedReader(Path.of(extra))) {
                rows.addAll(Table.readRows(extra, text, NAME, PATH).rows());
            } catch (IOException e) {
                throw new KeyVaultException(
                        Kind.BAD_SETTING,
                        PROPERTY,
                        "names a readable table",
                        "the table cannot be read",
                        "correct the system property",
                        e);
            } catch (PosternException e) {
                throw new KeyVaultException(
                        Kind.BAD_SETTING,
                        e.fault().field(),
                        e.fault().rule(),
                        e.fault().cause(),
                        e.fault().action(),
                        e);
            }
        }
        rows.addAll(Table.resource(Libraries.class, "libraries.tsv", NAME, PATH).rows());
        return rows;
    }
}
