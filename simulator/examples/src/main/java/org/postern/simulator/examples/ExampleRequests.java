package org.postern.simulator.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.Table;
import org.postern.catalogue.UserRole;
import org.postern.inventory.DeviceFacts;
import org.postern.simulator.pki.SimulatorFault;

/**
 * The table of example requests, {@code requests.tsv}: every critical service with each of its use cases and kinds of
 * device, at once, dated and cancelled where it can be dated; the credentials services that another party signs; the
 * top-up. The bodies are files beside it. {@link ExampleFiller} makes requests of them.
 */
public final class ExampleRequests {

    private final Map<String, ExampleRequest> byName;

    private ExampleRequests(Map<String, ExampleRequest> byName) {
        this.byName = byName;
    }

    /**
     * Reads the table.
     *
     * @throws PosternException PST-1004 naming the cell that does not hold together
     */
    public static ExampleRequests load() {
        Table table = Table.resource(
                ExampleRequests.class,
                "requests.tsv",
                "name",
                "service",
                "role",
                "device",
                "variant",
                "execution",
                "useCase",
                "code",
                "attributes",
                "alter",
                "body");
        return new ExampleRequests(table.byKey("name", row -> row.text("name"), ExampleRequests::example));
    }

    private static ExampleRequest example(Table.Row row) {
        return new ExampleRequest(
                row.text("name"),
                row.text("service"),
                row.optional("role").map(role -> row.constant("role", UserRole.class)),
                row.constant("device", DeviceType.class),
                row.optional("variant")
                        .map(variant -> row.constant("variant", DeviceFacts.Variant.class, upper(variant)))
                        .orElse(DeviceFacts.Variant.SINGLE),
                row.constant("execution", ExampleRequest.Execution.class, upper(row.text("execution"))),
                row.text("useCase"),
                row.hex("code", 4),
                row.optional("attributes").orElse(""),
                row.optional("alter").orElse(""),
                body(row));
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }

    private static String body(Table.Row row) {
        try (InputStream in = ExampleRequests.class.getResourceAsStream(row.text("body") + ".xml")) {
            if (in == null) {
                throw row.broken("body", "the name of a file beside the table, without .xml");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw row.broken("body", "a file that can be read", e.getClass().getSimpleName());
        }
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
