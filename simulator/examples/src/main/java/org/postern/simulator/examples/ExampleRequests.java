package org.postern.simulator.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.UserRole;
import org.postern.inventory.DeviceFacts;
import org.postern.simulator.pki.SimulatorFault;
import org.postern.simulator.pki.SimulatorTable;

/**
 * The table of example requests, {@code requests.tsv}: every critical service with each of its use cases and kinds of
 * device, at once, dated and cancelled where it can be dated; the credentials services that another party signs; the
 * top-up. Bodies stand in files beside it. {@link ExampleFiller} makes requests of them.
 */
public final class ExampleRequests {

    private final Map<String, ExampleRequest> byName;

    private ExampleRequests(Map<String, ExampleRequest> byName) {
        this.byName = byName;
    }

    /**
     * Reads the table.
     *
     * @throws PosternException PST-9005 naming the row that does not hold together
     */
    public static ExampleRequests load() {
        Map<String, ExampleRequest> byName = new LinkedHashMap<>();
        for (String[] row : SimulatorTable.rows(ExampleRequests.class, "requests.tsv")) {
            if (byName.put(row[0], example(row)) != null) {
                throw bad(row[0], "each name once", "a name that stands twice");
            }
        }
        return new ExampleRequests(byName);
    }

    private static ExampleRequest example(String[] row) {
        try {
            return new ExampleRequest(
                    row[0],
                    row[1],
                    row[2].equals("-") ? Optional.empty() : Optional.of(UserRole.valueOf(row[2])),
                    DeviceType.valueOf(row[3]),
                    row[4].equals("-") ? DeviceFacts.Variant.SINGLE : DeviceFacts.Variant.valueOf(upper(row[4])),
                    ExampleRequest.Execution.valueOf(upper(row[5])),
                    row[6],
                    Integer.parseInt(row[7], 16),
                    given(row[8]),
                    given(row[9]),
                    body(row[0], row[10]));
        } catch (IllegalArgumentException e) {
            throw bad(row[0], "a role, device, variant, execution and code that there are", "another word");
        }
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }

    private static String given(String cell) {
        return cell.equals("-") ? "" : cell;
    }

    private static String body(String name, String file) {
        try (InputStream in = ExampleRequests.class.getResourceAsStream(file + ".xml")) {
            if (in == null) {
                throw bad(name, "a body that stands beside the table", "no file " + file + ".xml");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw bad(name, "a body that can be read", e.getClass().getSimpleName());
        }
    }

    private static PosternException bad(String name, String rule, String cause) {
        return new PosternException(
                SimulatorFault.TABLE_BROKEN.fault("requests.tsv " + name, rule, cause, "correct the table"));
    }

    /** All rows, in the table's order. */
    public List<ExampleRequest> all() {
        return List.copyOf(byName.values());
    }

    /**
     * The row of that name.
     *
     * @throws PosternException PST-9012 where there is none
     */
    public ExampleRequest require(String name) {
        return Optional.ofNullable(byName.get(name))
                .orElseThrow(() -> new PosternException(SimulatorFault.EXAMPLE.fault(
                        "NAME", "an example of the table", "no such name", "see the list: dcc-simulator.jar example")));
    }
}
