package org.postern.catalogue;

import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The services that a User may request, as rows of a table. This is the only definition of which services exist.
 *
 * <p>The table is validated when it is loaded: every variant and body element occurs once, every code is known, and the
 * Command Variants match the criticality (DUIS, Command Variants). If a row is wrong, the whole table is refused with
 * file and line (PST-1004). Immutable and thread-safe.
 */
@Component(service = ServiceCatalogue.class)
public final class ServiceCatalogue {

    private static final String RESOURCE = "services.tsv";
    private static final String[] COLUMNS = {
        "variant",
        "reference",
        "name",
        "critical",
        "onDemand",
        "dating",
        "schedulable",
        "nonDevice",
        "roles",
        "body",
        "commandVariants",
        "useCases",
        "lane",
        "target",
        "commander"
    };
    private static final Pattern VARIANT = Pattern.compile("\\d{1,2}\\.\\d{1,2}(\\.\\d{1,2})?");
    private static final Pattern ELEMENT = Pattern.compile("[A-Z][A-Za-z0-9]*");
    private static final Pattern USE_CASE = Pattern.compile("[A-Z]{2,4}\\d{1,3}[A-Za-z0-9]*");

    private final Map<String, ServiceRow> byVariant = new LinkedHashMap<>();
    private final Map<String, ServiceRow> byBody = new LinkedHashMap<>();
    private final Map<String, List<ServiceRow>> byReference = new LinkedHashMap<>();
    private final Map<String, List<ServiceRow>> byUseCase = new LinkedHashMap<>();

    /**
     * Reads the table of DUIS 5.4 of this bundle.
     *
     * @throws PosternException PST-1004 where the table is wrong
     */
    @Activate
    public ServiceCatalogue() {
        this(Table.resource(ServiceCatalogue.class, RESOURCE, COLUMNS));
    }

    private ServiceCatalogue(Table table) {
        table.rows().forEach(this::add);
        if (byVariant.isEmpty()) {
            throw table.broken(1, "variant", "at least one row", "the table is empty");
        }
    }

    /**
     * Reads another table.
     *
     * @param file name for error messages
     * @param reader text of the table; read to its end, not closed
     * @throws PosternException PST-1004 with file and line where a row is wrong
     */
    public static ServiceCatalogue read(String file, BufferedReader reader) {
        return new ServiceCatalogue(Table.read(file, reader, COLUMNS));
    }

    private void add(Table.Row row) {
        String variant = row.matching("variant", VARIANT);
        String reference = row.matching("reference", VARIANT);
        row.require(
                "variant",
                variant.equals(reference) || variant.startsWith(reference + "."),
                "a variant belongs to its reference");
        boolean critical = row.yes("critical");
        boolean nonDevice = row.yes("nonDevice");
        List<CommandVariant> variants = row.list("commandVariants").stream()
                .map(n -> commandVariant(row, n))
                .toList();
        row.require("commandVariants", !variants.isEmpty(), "at least one");
        row.require(
                "commandVariants",
                variants.get(0) == first(critical, nonDevice),
                "the first is 8 for non-device, 4 for critical, 1 for other services");
        row.require("commandVariants", new HashSet<>(variants).size() == variants.size(), "each once");
        Set<UserRole> roles = new LinkedHashSet<>(row.constants("roles", UserRole.class));
        row.require("roles", roles.size() == row.list("roles").size(), "each once");
        List<String> useCases = row.list("useCases");
        useCases.forEach(u -> row.require("useCases", USE_CASE.matcher(u).matches(), "codes such as ECS17b"));
        row.require("useCases", nonDevice == useCases.isEmpty(), "none for a non-device service, else at least one");
        String body = row.matching("body", ELEMENT);
        ServiceRow service = new ServiceRow(
                variant,
                reference,
                row.text("name"),
                critical,
                row.yes("onDemand"),
                row.constant("dating", FutureDating.class),
                row.yes("schedulable"),
                nonDevice,
                roles,
                body,
                variants,
                useCases,
                row.constant("lane", Lane.class),
                row.number("target", 1, 31_536_000),
                commandedByOther(row, critical, nonDevice));
        row.require("variant", byVariant.put(variant, service) == null, "each variant once");
        row.require("body", byBody.put(body, service) == null, "each body element once");
        byReference.computeIfAbsent(reference, r -> new ArrayList<>()).add(service);
        useCases.forEach(
                u -> byUseCase.computeIfAbsent(u, name -> new ArrayList<>()).add(service));
    }

    private static boolean commandedByOther(Table.Row row, boolean critical, boolean nonDevice) {
        String commander = row.text("commander");
        row.require("commander", List.of("USER", "OTHER", "-").contains(commander), "USER, OTHER or -");
        row.require("commander", nonDevice == commander.equals("-"), "- for a non-device service, else a commander");
        row.require(
                "commander",
                !critical || commander.equals("USER"),
                "USER for a critical service, whose command the User signs");
        return commander.equals("OTHER");
    }

    private static CommandVariant first(boolean critical, boolean nonDevice) {
        return nonDevice ? CommandVariant.CV8 : critical ? CommandVariant.CV4 : CommandVariant.CV1;
    }

    private static CommandVariant commandVariant(Table.Row row, String number) {
        return row.constant("commandVariants", CommandVariant.class, "CV" + number.toUpperCase(Locale.ROOT));
    }

    /** All rows, in the order of the table. */
    public List<ServiceRow> rows() {
        return List.copyOf(byVariant.values());
    }

    /** The row of a Service Reference Variant such as {@code 4.1.1}. */
    public Optional<ServiceRow> find(String variant) {
        return Optional.ofNullable(byVariant.get(variant));
    }

    /**
     * The row of a Service Reference Variant, which has to exist.
     *
     * @throws PosternException PST-1003 where there is none
     */
    public ServiceRow require(String variant) {
        return require("Header/ServiceReferenceVariant", variant);
    }

    /**
     * The row of a Service Reference Variant, which has to exist, with the name of the field for the fault.
     *
     * @param field name of the field in the fault
     * @throws PosternException PST-1003 where there is none; the message lists the variants of the same Service
     *     Reference
     */
    public ServiceRow require(String field, String variant) {
        return find(variant).orElseThrow(() -> {
            String given = VARIANT.matcher(variant).matches() ? variant : "the given text";
            String near = byReference(variant.replaceFirst("(\\.\\d+)\\..*$", "$1")).stream()
                    .map(ServiceRow::variant)
                    .collect(Collectors.joining(", "));
            return new PosternException(CatalogueFault.UNKNOWN_SERVICE.fault(
                    field,
                    given + " is not one" + (near.isEmpty() ? "" : "; the variants of that service are " + near)));
        });
    }

    /**
     * The row whose request has this DUIS body element; empty for {@code SignedPreCommand}, which several services use.
     */
    public Optional<ServiceRow> byBodyElement(String element) {
        return Optional.ofNullable(byBody.get(element));
    }

    /**
     * The services that result in a GBCS use case, in the order of the table; empty where there is none.
     *
     * @param name name of the use case, or of a variant that identifies the service, such as {@code ECS47Reset}
     */
    public List<ServiceRow> byUseCase(String name) {
        return List.copyOf(byUseCase.getOrDefault(name, List.of()));
    }

    /** The rows of a Service Reference such as {@code 4.1}, in the order of the table; empty where there is none. */
    public List<ServiceRow> byReference(String reference) {
        return List.copyOf(byReference.getOrDefault(reference, List.of()));
    }
}
