package org.postern.simulator.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.FutureDating;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.postern.duis.RequestRules;
import org.postern.duis.SchemaValidator;
import org.postern.gbcs.TopUpToken;
import org.postern.parsecorrelate.Transformed;
import org.postern.parsecorrelate.Transformer;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Rtds;

/** The table of example requests against the official schema, the facts, the transform and the correlator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExampleRequestsTest {

    private static final Instant NOW = Instant.parse("2026-11-26T10:15:30Z");
    private static final Instant LATER = NOW.plus(Duration.ofHours(6));

    @TempDir
    static Path folder;

    private final ExampleRequests examples = ExampleRequests.load();
    private final ServiceCatalogue catalogue = new ServiceCatalogue();
    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
    private final Transformer transformer = Transformer.fromTables();
    private Population population;
    private ExampleFiller filler;

    @BeforeAll
    void pki() {
        population = new Population(5, 14);
        filler = new ExampleFiller(
                SimulatorPki.create(folder, population, Clock.systemUTC()), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private SimulatedDevice device(ExampleRequest example) {
        return population.devices().stream()
                .filter(d -> example.fits(d, population))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no device of the population fits " + example.name()));
    }

    private DuisRequest request(ExampleRequest example) {
        return reader.readRequest(filler.document(example, device(example), LATER));
    }

    @Test
    void everyExampleIsValidAgainstTheOfficialSchema() {
        SchemaValidator schema = SchemaValidator.of(Rtds.required().root().resolve("schemas"));
        assertThat(schema.installed()).isTrue();
        List<String> wrong = new ArrayList<>();
        for (ExampleRequest example : examples.all()) {
            try {
                schema.validate(filler.document(example, device(example), LATER));
                schema.validate(DuisWriter.write(request(example)).toArray());
            } catch (PosternException e) {
                wrong.add(example.name() + ": " + e.getMessage());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyExampleIsBuiltAsItsServiceIsAndStandsForItsUseCase() {
        RequestRules rules = new RequestRules(catalogue);
        List<String> wrong = new ArrayList<>();
        for (ExampleRequest example : examples.all()) {
            DuisRequest request = request(example);
            ServiceRow service = rules.check(request);
            assertThat(service.variant()).isEqualTo(example.service());
            assertThat(service.critical()).as(example.name()).isEqualTo(example.critical());
            assertThat(example.role()
                            .map(service.roles()::contains)
                            .orElse(service.roles().isEmpty()))
                    .as("role of %s", example.name())
                    .isTrue();
            Transformed made = transformer.explain(request, filler.facts(example, device(example)), NOW);
            if (!made.useCase().equals(example.useCase()) || made.messageCode() != example.code()) {
                wrong.add(example.name() + " became " + made.useCase() + " " + Integer.toHexString(made.messageCode()));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyUseCaseOfEveryCriticalServiceHasAnExampleUnderTheCodeOfTheFacts() throws Exception {
        Path facts = Rtds.required().root().resolveSibling("facts/catalogue");
        Map<String, Set<String>> had = new HashMap<>();
        examples.all()
                .forEach(e ->
                        had.computeIfAbsent(e.service(), s -> new TreeSet<>()).add(e.useCase()));
        int services = 0;
        for (Map<String, String> row : csv(facts.resolve("srv-duis54.csv"))) {
            if (row.get("critical").equals("Yes")) {
                services++;
                assertThat(had.get(row.get("srv")))
                        .as("use cases of %s", row.get("srv"))
                        .isEqualTo(
                                new TreeSet<>(List.of(row.get("gbcs_use_cases").split("\\|"))));
            }
        }
        assertThat(services).isEqualTo(37);
        Map<String, String> codes = new HashMap<>();
        for (Map<String, String> row : csv(facts.resolve("message_codes.csv"))) {
            codes.put(row.get("code_hex"), " " + row.get("use_cases_in_rtds") + " " + row.get("name") + " ");
        }
        for (ExampleRequest example : examples.all()) {
            assertThat(codes.get(String.format("%04X", example.code())))
                    .as(example.name())
                    .contains(" " + example.useCase() + " ");
        }
    }

    /** Rows of a CSV file whose cells may stand in quotes. */
    private static List<Map<String, String>> csv(Path file) throws Exception {
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> names = List.of();
        for (String line : Files.readAllLines(file)) {
            List<String> cells = new ArrayList<>();
            for (String cell : line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)) {
                cells.add(cell.replace("\"", ""));
            }
            if (names.isEmpty()) {
                names = cells;
                continue;
            }
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < names.size(); i++) {
                row.put(names.get(i), cells.get(i));
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void whatADeviceCarriesOutAtATimeIsThereAtOnceDatedAndCancelledForEachUseCase() {
        Map<String, Set<ExampleRequest.Execution>> executions = new HashMap<>();
        for (ExampleRequest example : examples.all()) {
            FutureDating dating = catalogue.require(example.service()).futureDating();
            assertThat(example.execution() == ExampleRequest.Execution.NOW || dating != FutureDating.NONE)
                    .as(example.name())
                    .isTrue();
            if (dating == FutureDating.DEVICE) {
                executions
                        .computeIfAbsent(
                                example.service() + " " + example.useCase(),
                                k -> EnumSet.noneOf(ExampleRequest.Execution.class))
                        .add(example.execution());
            }
            if (example.execution() == ExampleRequest.Execution.CANCEL) {
                assertThat(request(example).cancels()).isTrue();
                assertThat(examples.require(example.name().replace("-cancel", "-dated"))
                                .execution())
                        .isEqualTo(ExampleRequest.Execution.DATED);
            } else {
                assertThat(request(example).executionDateTime())
                        .isEqualTo(
                                example.execution() == ExampleRequest.Execution.DATED
                                        ? Optional.of(LATER)
                                        : Optional.empty());
            }
        }
        // the earlier form of ECS08a, which meets dates in the same way
        executions.remove("2.1 ECS08");
        assertThat(executions)
                .hasSize(19)
                .allSatisfy((useCase, seen) ->
                        assertThat(seen).as(useCase).isEqualTo(EnumSet.allOf(ExampleRequest.Execution.class)));
    }

    @Test
    void theFirmwareExamplesNameTheHashOfTheImage() throws Exception {
        byte[] hash = Sha256.of(ExampleFiller.firmwareImage());
        assertThat(request(examples.require("firmware-gas")).body().find("FirmwareHash"))
                .hasValue(HexFormat.of().withUpperCase().formatHex(hash));
    }

    @Test
    void aCertificateThatWasIssuedIsTakenInPlaceOfTheDevicesOwn() {
        ExampleRequest example = examples.require("device-agreement-certificate");
        String own = request(example).body().find("DeviceCertificate").orElseThrow();
        filler.issued(device(example), "ds", "MAMCAQE=");
        assertThat(request(example).body().find("DeviceCertificate")).hasValue(own);
        filler.issued(device(example), "ka", "MAMCAQE=");
        assertThat(request(example).body().find("DeviceCertificate")).hasValue("MAMCAQE=");
        filler.issued(device(example), "ka", own);
    }

    @Test
    void aTopUpHasTheCounterOfItsToken() {
        ExampleRequest example = examples.require("top-up-electricity");
        DuisRequest first = request(example);
        DuisRequest second = request(example);
        assertThat(first.requestId().counter() >>> 32).isPositive();
        assertThat(second.requestId().counter()).isGreaterThan(first.requestId().counter());
        for (DuisRequest one : List.of(first, second)) {
            assertThat(one.requestId().counter() & 0xFFFF_FFFFL).isZero();
            assertThat(TopUpToken.wellFormed(one.body().find("UTRN").orElseThrow()))
                    .isTrue();
        }
    }

    @Test
    void noPlaceholderIsLeftAndNoBodyIsUnused() throws Exception {
        Set<String> bodies = new TreeSet<>();
        Path home = Path.of(ExampleRequests.class.getResource("requests.tsv").toURI())
                .getParent();
        try (var files = Files.list(home)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".xml")).toList()) {
                bodies.add(Files.readString(file));
            }
        }
        examples.all().forEach(e -> bodies.remove(e.body()));
        assertThat(bodies).as("bodies that no row names").isEmpty();
        for (ExampleRequest example : examples.all()) {
            assertThat(new String(filler.document(example, device(example), LATER), StandardCharsets.UTF_8))
                    .doesNotContain("{");
        }
    }
}
