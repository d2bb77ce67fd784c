package org.postern.servicerequests.internal.answers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which payload belongs to which service, where it belongs to one alone. */
final class PayloadServices {

    private static final String FILE = "payload-services.tsv";
    private static final String HEADING = "payload\tservice\trequired";

    private final Map<String, String> service = new LinkedHashMap<>();
    private final Set<String> required = new HashSet<>();

    private PayloadServices() {
    }

    /** The table of this bundle. */
    static PayloadServices load() {
        PayloadServices table = new PayloadServices();
        try (InputStream in = PayloadServices.class.getResourceAsStream(FILE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#") && !line.equals(HEADING))
                    .forEach(table::row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private void row(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != 3 || !cells[2].matches("yes|no") || service.put(cells[0], cells[1]) != null) {
            throw new IllegalStateException(FILE + ": " + cells[0] + ": three cells, each payload once");
        }
        if (cells[2].equals("yes")) {
            required.add(cells[1]);
        }
    }

    /** The only service that brings that payload; empty where any may. */
    Optional<String> of(String payload) {
        return Optional.ofNullable(service.get(payload));
    }

    /** True where success without its payload is none. */
    boolean required(String of) {
        return required.contains(of);
    }
}
