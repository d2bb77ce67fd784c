package org.postern.parsecorrelate.internal.transform;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.Sha256;
import org.postern.gbcs.UseCaseTable;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.ParseCorrelateFault;
import org.postern.parsecorrelate.TransformException;
import org.postern.parsecorrelate.internal.transform.Piece.Leaf;

/**
 * The transform catalogue: every use case that a Service Request can become, read from the rule files and checked when
 * loaded. Immutable and thread-safe.
 */
public final class TransformTable {

    /** Rule files, in the order in which definitions are needed. */
    static final List<String> FILES = List.of(
            "common",
            "electricity-critical",
            "gas-critical",
            "security-critical",
            "electricity-other",
            "gas-other",
            "hub-other");

    private final List<UseCase> useCases;
    /** In the order of the rule files. */
    private final Map<String, List<UseCase>> byService;

    private final Positions positions;
    private final String version;

    private TransformTable(List<UseCase> useCases, Positions positions, String version) {
        this.useCases = List.copyOf(useCases);
        this.byService = new HashMap<>();
        useCases.forEach(useCase -> useCase.services()
                .forEach(service -> byService
                        .computeIfAbsent(service, name -> new ArrayList<>())
                        .add(useCase)));
        this.positions = positions;
        this.version = version;
    }

    /** Reads the rule files of this bundle. */
    public static TransformTable load() {
        ServiceCatalogue catalogue = new ServiceCatalogue();
        UseCaseTable codes = UseCaseTable.withoutItems(catalogue);
        Map<String, RuleParser.Macro> macros = new HashMap<>();
        Map<String, List<Step>> blocks = new HashMap<>();
        List<UseCase> found = new ArrayList<>();
        MessageDigest digest = Sha256.start();
        for (String name : FILES) {
            String file = name + ".rules";
            String source = read(file);
            digest.update(source.getBytes(StandardCharsets.UTF_8));
            found.addAll(new UseCaseParser(file, source, macros, blocks, catalogue, codes).useCases());
        }
        Set<String> names = new TreeSet<>();
        for (UseCase useCase : found) {
            if (!names.add(useCase.name())) {
                throw new TableError(useCase.place(), 0, "use case " + useCase.name() + " is defined twice");
            }
        }
        found.forEach(useCase -> digest.update(useCase.derived().getBytes(StandardCharsets.UTF_8)));
        digest.update(read(Positions.FILE).getBytes(StandardCharsets.UTF_8));
        return new TransformTable(
                found,
                Positions.load(),
                HexFormat.of().formatHex(digest.digest()).substring(0, 16));
    }

    private static String read(String file) {
        try (InputStream in = TransformTable.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new TableError(file, 0, "the rule file is missing from the bundle");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new TableError(file, 0, "the rule file cannot be read");
        }
    }

    /** The use cases, in the order of the rule files. */
    List<UseCase> useCases() {
        return useCases;
    }

    /** How numbered and repeated elements are sorted and checked. */
    Positions positions() {
        return positions;
    }

    /**
     * Version of the rules: the first sixteen hex digits of the SHA-256 over the rule files, the facts that each rule
     * takes from the catalogue and the use-case table, and the table of positions.
     */
    public String version() {
        return version;
    }

    /** Names of the use cases, for coverage reports. */
    public List<String> names() {
        return useCases.stream().map(UseCase::name).toList();
    }

    /** Names of the use cases whose message is a Pre-Command. */
    public List<String> criticalNames() {
        return useCases.stream().filter(UseCase::critical).map(UseCase::name).toList();
    }

    /** Names of the use cases for a Service Reference Variant. */
    public List<String> names(String srv) {
        return useCases.stream()
                .filter(useCase -> useCase.services().contains(srv))
                .map(UseCase::name)
                .toList();
    }

    /** Message codes that a request of that Service Reference Variant may become. */
    public Set<Integer> codes(String srv) {
        return useCases.stream()
                .filter(useCase -> useCase.services().contains(srv))
                .map(UseCase::code)
                .collect(Collectors.toSet());
    }

    /**
     * The use cases that the request may become, the preferred one first. There is more than one only if GBCS has two
     * generations of a command and the inventory does not state the generation of the device.
     */
    List<UseCase> candidates(Request request) {
        List<UseCase> ofService = byService.getOrDefault(request.srv(), List.of());
        if (ofService.isEmpty()) {
            throw new TransformException(ParseCorrelateFault.NO_RULE.fault(
                    "Header/ServiceReferenceVariant",
                    "a service that becomes a device command",
                    "no rule for " + request.srv().replaceAll("[^0-9.]", "?"),
                    "send it as the catalogue specifies"));
        }
        List<UseCase> fitting = ofService.stream()
                .filter(useCase -> Values.truth(useCase.condition().eval(new Scope(request.as(useCase.name(), null)))))
                .toList();
        List<String> types = DeviceRules.types(request.device());
        if (!types.isEmpty()) {
            fitting = forDevice(fitting, types);
        } else if (fitting.stream().map(UseCase::deviceTypes).distinct().count() > 1) {
            throw new TransformException(ParseCorrelateFault.DEVICE_FACT_MISSING.fault(
                    "inventory/deviceType",
                    "the command depends on the device type: "
                            + fitting.stream().map(UseCase::name).collect(Collectors.joining(", ")),
                    "the inventory does not have it",
                    "add the device to the inventory"));
        }
        if (fitting.isEmpty()) {
            throw new TransformException(ParseCorrelateFault.NO_RULE.fault(
                    request.body().path(),
                    "a rule whose conditions hold",
                    "none of " + ofService.stream().map(UseCase::name).collect(Collectors.joining(", "))
                            + " fits the request and the device" + (types.isEmpty() ? "" : " " + types),
                    "check the choice in the request and the device type"));
        }
        Optional<String> generation = DeviceRules.fact(request.device(), "generation");
        List<UseCase> preferred = new ArrayList<>(
                fitting.stream().filter(useCase -> !useCase.earlier()).toList());
        List<UseCase> earlier = fitting.stream().filter(UseCase::earlier).toList();
        if (generation.isPresent()) {
            return generation.get().equals("earlier") && !earlier.isEmpty()
                    ? earlier
                    : preferred.isEmpty() ? earlier : preferred;
        }
        preferred.addAll(earlier);
        return preferred;
    }

    /**
     * The messages with that code that the request may become, for every value of what the request does not state:
     * type, generation and phases of the device, User Role of the sender. The inventory's values of these facts are not
     * used, since the response shows what the device is.
     *
     * @return an empty list if the request becomes no message with that code; {@code Optional.empty()} if the rules
     *     cannot decide because they need other facts of the inventory, or because a DCC party makes the message from
     *     facts that only it has
     */
    Optional<List<Message>> possible(Request request, int code) {
        List<Message> all = new ArrayList<>();
        List<UseCase> ofService = byService.getOrDefault(request.srv(), List.of());
        for (UseCase useCase : ofService) {
            if (useCase.code() != code) {
                continue;
            }
            if (useCase.critical() || useCase.sender() == UseCase.Sender.OTHER) {
                return Optional.empty();
            }
            for (DeviceFacts facts : DeviceRules.possible(request.target())) {
                Request asked = request.to(facts);
                try {
                    if (Values.truth(useCase.condition().eval(new Scope(asked.as(useCase.name(), null))))) {
                        all.add(build(useCase, asked));
                    }
                } catch (TransformException anotherFactIsNeeded) {
                    return Optional.empty();
                }
                if (asked.deviceReads().get() == 0) {
                    // no rule has read a fact about the device: every other device would give the same message
                    break;
                }
            }
        }
        return ofService.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    /** The use cases for the first device type for which there is one. */
    private static List<UseCase> forDevice(List<UseCase> fitting, List<String> types) {
        for (String type : types) {
            List<UseCase> own = fitting.stream()
                    .filter(useCase -> useCase.deviceTypes().isEmpty()
                            || useCase.deviceTypes().contains(type))
                    .toList();
            if (!own.isEmpty()) {
                return own;
            }
        }
        return List.of();
    }

    /**
     * The message of that use case as the User sends it. If the Access Control Broker sends it on the User's behalf,
     * the message has the User's id and counter in place of the ACB's, which are not known here.
     */
    Message build(UseCase useCase, Request request) {
        boolean onBehalf = useCase.sender() == UseCase.Sender.ACB_FOR_USER
                || !certificates(request).isEmpty();
        return build(
                useCase,
                request,
                onBehalf ? Party.acb(request, request.originator(), request.counter()) : Party.user(request));
    }

    /** The message of that use case, as the Access Control Broker sends it on the User's behalf. */
    Message build(UseCase useCase, Request request, Eui64 acb, long acbCounter) {
        return build(
                useCase,
                request,
                useCase.sender() == UseCase.Sender.OTHER
                        ? new Party(acb, acbCounter, null)
                        : Party.acb(request, acb, acbCounter));
    }

    private static Message build(UseCase useCase, Request request, Party party) {
        MessageBuilder made = new MessageBuilder();
        Request own = request.as(useCase.name(), party);
        Scope scope = new Scope(own);
        for (Step step : useCase.steps()) {
            step.run(scope, made);
        }
        // for a User that the device does not know, the ACB sends the command, whatever the use case, and adds the
        // User's certificate
        for (DuisNode certificate : certificates(request)) {
            made.supplement.add(new Leaf(
                    Piece.Framing.RAW,
                    0,
                    PieceFunctions.certificate(
                            Functions.base64(certificate.text(), certificate.path()), certificate.path()),
                    new Trace(List.of(certificate.path()), "", null)));
        }
        return Message.of(useCase, own, made, party);
    }

    private static List<DuisNode> certificates(Request request) {
        return request.body().children("KAPublicSecurityCredentials");
    }
}
