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
 * loaded. Immutable, safe for use by several threads.
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
                throw new TableError(useCase.place(), 0, "use case " + useCase.name() + " is there twice");
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

    /** How numbered and repeated elements are placed. */
    Positions positions() {
        return positions;
    }

    /**
     * First sixteen digits of the SHA-256 of rule files, what each rule derives from the catalogue and the use-case
     * table, and positions: which rules a verdict was made by.
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
     * The use cases that the request may become, the preferred first. More than one remains only where GBCS has two
     * generations of a command and the inventory does not say which the device has.
     */
    List<UseCase> candidates(Request request) {
        List<UseCase> ofService = byService.getOrDefault(request.srv(), List.of());
        if (ofService.isEmpty()) {
            throw new TransformException(ParseCorrelateFault.NO_RULE.fault(
                    "Header/ServiceReferenceVariant",
                    "a service that becomes a device command",
                    "no rule for " + request.srv().replaceAll("[^0-9.]", "?"),
                    "send it as the catalogue says"));
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
                    "the command depends on the type of device: "
                            + fitting.stream().map(UseCase::name).collect(Collectors.joining(", ")),
                    "the inventory does not give it",
                    "add the device to the inventory"));
        }
        if (fitting.isEmpty()) {
            throw new TransformException(ParseCorrelateFault.NO_RULE.fault(
                    request.body().path(),
                    "a rule whose conditions hold",
                    "none of " + ofService.stream().map(UseCase::name).collect(Collectors.joining(", "))
                            + " fits the request and the device" + (types.isEmpty() ? "" : " " + types),
                    "check the request's choice and the device's type"));
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
     * The messages of that code that the request may become, whatever is not said in it: the type of the device, its
     * generation and phases, who asks. What of that the inventory says plays no part, since an answer shows what the
     * device is.
     *
     * @return none where the request becomes no message of that code; empty where the rules cannot tell, as they need
     *     other facts of the inventory, or a DCC party makes the message of what it alone knows
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
                if (asked.looks().get() == 0) {
                    // no rule has asked what the device is: of every other one it would be the same
                    break;
                }
            }
        }
        return ofService.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    /** The use cases for the first of the types that any is for. */
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
     * The message of that use case, as the User sends it. Where the Access Control Broker sends it on the User's
     * behalf, the User's id and counter stand in for those that only the ACB knows.
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
        // a User that the device does not know sends by the ACB, whatever the use case, and gives its certificate
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
