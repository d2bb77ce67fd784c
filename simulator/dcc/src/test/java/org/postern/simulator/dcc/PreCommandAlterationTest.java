package org.postern.simulator.dcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisRequest;
import org.postern.ecprovider.EcProvider;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.Transformer;
import org.postern.simulator.dcc.internal.alter.Alterations;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/**
 * Every field of the Pre-Command of every critical use case, altered: other bytes, and refused by the correlator with a
 * path.
 */
class PreCommandAlterationTest {

    private static final Instant BUILT = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    static Path folder;

    static SimulatorPki pki;
    static TestUser user;
    static CriticalCases cases;
    private final Transformer transformer = Transformer.fromTables();
    private final Correlator correlator = Correlator.withoutProof(Correlator.DEFAULT_TOLERANCE);

    /** A Pre-Command, what it was made of, and its name. */
    private record Specimen(String name, DuisRequest request, DeviceFacts facts, byte[] preCommand) {}

    @BeforeAll
    static void start() throws Exception {
        EcProvider ec = EcProvider.fastest();
        pki = SimulatorPki.create(folder, new Population(11, 14), Clock.systemUTC());
        user = new TestUser(pki, ec);
        cases = new CriticalCases(pki, ec);
    }

    @AfterAll
    static void stop() {
        user.close();
    }

    /** All cases undated, and each that can be dated. */
    private List<Specimen> specimens() throws Exception {
        List<Specimen> specimens = new ArrayList<>();
        for (CriticalCases.Case one : CriticalCases.all()) {
            DuisRequest request = cases.request(user, one);
            Optional<Eui64> other = request.body().find("OtherDeviceID").map(Eui64::parse);
            DeviceFacts facts = pki.population()
                    .facts(cases.device(one), other, d -> cases.certificate(d, org.postern.gbcs.KeyUse.KEY_AGREEMENT));
            specimens.add(specimen(one.name(), request, facts));
            if (CriticalServicesTest.dated().toList().contains(one)) {
                specimens.add(specimen(
                        one.name() + " dated",
                        cases.dated(user, request, one.role(), "2027-01-01T00:00:00.00Z"),
                        facts));
            }
            if (one.name().equals("ECS08a")) {
                specimens.add(specimen("ECS08", request, with(facts, "generation", "earlier")));
            }
            if (one.name().equals("CS02gLoadControllerBySupplier")) {
                specimens.add(specimen(
                        "CS02gLoadControllerByLoadController",
                        request,
                        with(facts, "originatorRole", "LoadController")));
            }
        }
        return specimens;
    }

    private static DeviceFacts with(DeviceFacts facts, String key, String value) {
        Map<String, String> attributes = new HashMap<>(facts.attributes());
        attributes.put(key, value);
        return new DeviceFacts(facts.deviceId(), facts.deviceType(), facts.variant(), attributes);
    }

    private Specimen specimen(String name, DuisRequest request, DeviceFacts facts) {
        return new Specimen(name, request, facts, transformer.transform(request, facts, BUILT));
    }

    @Test
    void everyFieldOfEveryCriticalUseCaseIsRefusedWithItsPath() throws Exception {
        Map<String, Integer> counts = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        for (Specimen specimen : specimens()) {
            assertThat(verdict(specimen, specimen.preCommand()))
                    .as(specimen.name())
                    .isInstanceOf(Correlation.Identical.class);
            for (Map.Entry<String, Supplier<byte[]>> field :
                    Alterations.of(specimen.preCommand()).entrySet()) {
                // the bytes of a dated one's certificates and names are those of the undated one
                if (specimen.name().endsWith(" dated") && field.getKey().contains(".byte[")) {
                    continue;
                }
                String what = specimen.name() + " " + field.getKey();
                byte[] altered = field.getValue().get();
                counts.merge(specimen.name(), 1, Integer::sum);
                if (Arrays.equals(altered, specimen.preCommand())) {
                    wrong.add(what + " is no alteration");
                } else if (!(verdict(specimen, altered) instanceof Correlation.Different different)) {
                    wrong.add(what + " is not refused");
                } else if (different.differences().stream()
                        .anyMatch(d -> d.path().isBlank() || d.path().endsWith("#message"))) {
                    wrong.add(what + " has no path");
                }
                if (!PreCommandAlteration.wellFormed(field.getKey())) {
                    wrong.add(what + " cannot be written in a fault");
                }
            }
        }
        System.out.println("altered fields: "
                + counts.values().stream().mapToInt(n -> n).sum() + " in " + counts.size() + " Pre-Commands, fewest "
                + counts.values().stream().mapToInt(n -> n).min().orElse(0));
        assertThat(wrong.subList(0, Math.min(30, wrong.size()))).isEmpty();
        assertThat(counts).hasSizeGreaterThan(70);
        assertThat(counts.values()).allMatch(n -> n >= 20);
    }

    private Correlation verdict(Specimen specimen, byte[] preCommand) {
        return correlator.correlate(specimen.request(), preCommand, specimen.facts(), BUILT);
    }

    @Test
    void fieldsAreListedByNameAndAlteredByIt() throws Exception {
        Specimen credentials = specimens().stream()
                .filter(s -> s.name().equals("CS02bSupplierBySupplier"))
                .findFirst()
                .orElseThrow();
        List<String> fields = PreCommandAlteration.fields(credentials.preCommand());
        assertThat(fields)
                .contains(
                        "counter",
                        "control.mode",
                        "control.authorisingCell.role",
                        "replacements.replacement[0].cell.usage",
                        "node[1].swapped",
                        "node[0][0].padded",
                        "node[1][0][0].byte[57]",
                        "trailing.added");
        assertThat(PreCommandAlteration.alter(credentials.preCommand(), "control.mode"))
                .isPresent()
                .hasValueSatisfying(b ->
                        assertThat(b).hasSameSizeAs(credentials.preCommand()).isNotEqualTo(credentials.preCommand()));
        assertThat(PreCommandAlteration.alter(credentials.preCommand(), "component[0].startTime"))
                .isEmpty();
        Specimen tariff = specimens().stream()
                .filter(s -> s.name().equals("GCS01a"))
                .findFirst()
                .orElseThrow();
        assertThat(PreCommandAlteration.fields(tariff.preCommand()))
                .contains(
                        "component[0].startTime",
                        "component[0].issuerEventId",
                        "component[1].swapped",
                        "components.count",
                        "value");
        Specimen electric = specimens().stream()
                .filter(s -> s.name().equals("ECS28a"))
                .findFirst()
                .orElseThrow();
        assertThat(PreCommandAlteration.fields(electric.preCommand()))
                .contains(
                        "item[0].operation",
                        "item[0].data",
                        "item[0].data.other-true",
                        "item[7].data.byte[3]",
                        "item[2].swapped",
                        "item[1].removed",
                        "invoke-id");
    }

    @Test
    void aFaultThatNamesNoFieldIsRefused() {
        assertThat(FaultRule.parse("alter-pre-command item[3].data[0][2].type times=1")
                        .argument())
                .isEqualTo("item[3].data[0][2].type");
        assertThatThrownBy(() -> FaultRule.parse("alter-pre-command item[x].data"))
                .isInstanceOf(PosternException.class)
                .hasMessageContaining("PST-9010");
        assertThatThrownBy(() -> FaultRule.parse("not-actioned first"))
                .isInstanceOf(PosternException.class)
                .hasMessageContaining("PST-9010");
    }
}
