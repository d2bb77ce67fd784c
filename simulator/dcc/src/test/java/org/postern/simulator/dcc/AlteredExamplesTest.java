package org.postern.simulator.dcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.Transformer;
import org.postern.simulator.examples.ExampleFiller;
import org.postern.simulator.examples.ExampleRequest;
import org.postern.simulator.examples.ExampleRequests;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;

/** The field that each example request names is one of its Pre-Command, and counts. */
class AlteredExamplesTest {

    private static final Instant NOW = Instant.parse("2026-11-26T10:15:30Z");
    private static final Instant LATER = NOW.plus(Duration.ofHours(6));

    @TempDir
    Path folder;

    private final ExampleRequests examples = ExampleRequests.load();
    private final Transformer transformer = Transformer.fromTables();
    private final Correlator correlator = Correlator.withoutProof(Correlator.DEFAULT_TOLERANCE);
    private final Population population = new Population(5, 14);

    private SimulatedDevice device(ExampleRequest example) {
        return population.devices().stream()
                .filter(d -> example.fits(d, population))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no device of the population fits " + example.name()));
    }

    @Test
    void everyCriticalExampleCorrelatesAsItIsAndNotWithItsFieldAltered() {
        ExampleFiller filler = new ExampleFiller(
                SimulatorPki.create(folder, population, Clock.systemUTC()), Clock.fixed(NOW, ZoneOffset.UTC));
        DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
        List<String> wrong = new ArrayList<>();
        int altered = 0;
        Set<String> fields = new TreeSet<>();
        for (ExampleRequest example : examples.all()) {
            if (!example.critical()) {
                continue;
            }
            DuisRequest request = reader.readRequest(filler.document(example, device(example), LATER));
            DeviceFacts facts = filler.facts(example, device(example));
            byte[] right = transformer.transform(request, facts, NOW);
            if (!(correlator.correlate(request, right, facts, NOW) instanceof Correlation.Identical)) {
                wrong.add(example.name() + " is refused as it is");
            }
            Optional<byte[]> changed = PreCommandAlteration.alter(right, example.alteration());
            if (changed.isEmpty()) {
                wrong.add(example.name() + " has no field " + example.alteration() + ", but\n  "
                        + String.join("\n  ", PreCommandAlteration.fields(right).subList(0, 60)));
            } else if (correlator.correlate(request, changed.get(), facts, NOW) instanceof Correlation.Different d) {
                altered++;
                fields.add(example.alteration());
                assertThat(d.differences())
                        .isNotEmpty()
                        .allSatisfy(one -> assertThat(one.path()).isNotBlank());
            } else {
                wrong.add(example.name() + " is taken for the same with another " + example.alteration());
            }
        }
        System.out.printf(
                "examples: %d, critical %d, refused with one field altered %d (%d different fields)%n",
                examples.all().size(),
                examples.all().stream().filter(ExampleRequest::critical).count(),
                altered,
                fields.size());
        assertThat(wrong).isEmpty();
        assertThat(altered).isGreaterThan(130);
    }
}
