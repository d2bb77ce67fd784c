package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.GbcsCodec;
import org.postern.inventory.DeviceFacts;
import org.postern.testkit.Rtds;

/** Compares every request of the reference data with the message of the same name, byte for byte. */
class GivenPairsTest {

    /** Certificates in these requests have been issued anew; with the message's own, they match. */
    private static final Set<String> CERTIFICATES_ISSUED_ANEW = Set.of(
            "CS02bNOByNO_6.15.1_SUCCESS",
            "CS02bSupplierBySupplier_6.15.1_CANCELLATION_SUCCESS",
            "CS02gLoadControllerBySupplier_6.15.1_FUTURE_DATED_SUCCESS",
            "CS02gLoadControllerBySupplier_6.15.1_IMMEDIATE_SUCCESS");

    private final Transformer transformer = Transformer.fromTables();
    private final Correlator correlator = Correlator.withoutProof(Correlator.DEFAULT_TOLERANCE);

    private static DuisRequest request(Rtds rtds, GivenCases.Pair pair) {
        return CERTIFICATES_ISSUED_ANEW.contains(pair.name())
                ? GivenCases.withCertificatesOf(
                        pair.message(),
                        rtds.root().resolve("duis-templates").resolve(pair.name() + "_REQUEST_DUIS.XML"))
                : pair.request();
    }

    @Test
    void everyGivenCriticalRequestBecomesItsPreCommand() {
        Rtds rtds = Rtds.required();
        List<String> wrong = new ArrayList<>();
        List<GivenCases.Pair> pairs = GivenCases.preCommands(rtds);
        for (GivenCases.Pair pair : pairs) {
            // two generations of ECS08 have the same request: only the inventory states the generation of the meter
            DeviceFacts device = pair.name().startsWith("ECS08_")
                    ? GivenCases.with(pair.device(), "generation", "earlier")
                    : pair.device();
            byte[] ours = transformer.transform(request(rtds, pair), device, GivenCases.BUILT);
            if (!java.util.Arrays.equals(ours, pair.message())) {
                wrong.add(pair.name());
            }
        }
        assertThat(pairs).hasSize(75);
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyGivenPairCorrelatesIfTheInventoryDoesNotStateTheGeneration() {
        Rtds rtds = Rtds.required();
        List<String> refused = new ArrayList<>();
        for (GivenCases.Pair pair : GivenCases.preCommands(rtds)) {
            Correlation verdict = correlator.correlate(
                    request(rtds, pair), pair.message(), pair.device(), GivenCases.BUILT.plusSeconds(90));
            if (!(verdict instanceof Correlation.Identical)) {
                refused.add(pair + " " + verdict);
            }
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void aReissuedCertificateIsRefusedByName() {
        Rtds rtds = Rtds.required();
        GivenCases.Pair pair = GivenCases.preCommands(rtds).stream()
                .filter(p -> p.name().startsWith("CS02bNOByNO"))
                .findFirst()
                .orElseThrow();
        Correlation verdict = correlator.correlate(pair.request(), pair.message(), pair.device(), GivenCases.BUILT);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Correlation.Different.class,
                        different -> assertThat(different.differences())
                                .extracting(difference -> difference
                                        .path()
                                        .substring(difference.path().lastIndexOf('/') + 1))
                                .containsExactly("DigitalSigningCertificate", "KeyAgreementCertificate"));
    }

    @Test
    void everyGivenNonCriticalRequestBecomesItsCommandBeforeTheMac() {
        Rtds rtds = Rtds.required();
        // certificates issued anew; data that only the DCC holds; templates that do not match their message
        Set<String> known = Set.of(
                "CS02bACBByACB_8.5_SUCCESS",
                "CS02bNOByNOHandover_6.21_SUCCESS",
                "CS02bSupplierBySupplierHandover_6.21_SUCCESS",
                "CS02bSupplierByTransCoS_6.23_CANCELLATION_SUCCESS",
                "CS02bSupplierByTransCoS_6.23_FUTURE_DATED_SUCCESS",
                "CS02bSupplierByTransCoS_6.23_IMMEDIATE_SUCCESS",
                "GCS16b_4.14_URP_SUCCESS",
                "CCS03_8.12.1_SUCCESS",
                "GCS59_8.12.2_SUCCESS",
                "ECS50_9.1_SUCCESS",
                "GCS36_9.1_SUCCESS",
                "ECS25a_6.22_SUCCESS",
                "ECS25b_6.22_SUCCESS",
                "GCS20_6.22_SUCCESS",
                "GCS09_3.2_SUCCESS");
        List<String> wrong = new ArrayList<>();
        int exact = 0;
        for (GivenCases.Pair pair : GivenCases.commands(rtds)) {
            byte[] inner = Commands.beforeMac(pair.message());
            DeviceFacts device = pair.device();
            Transformed ours = null;
            for (String generation : List.of("current", "earlier")) {
                DeviceFacts facts = GivenCases.with(device, "generation", generation);
                ours = Commands.sameOriginator(pair.request(), inner)
                        ? transformer.explain(pair.request(), facts, GivenCases.BUILT)
                        : transformer.explainForAcb(
                                pair.request(),
                                facts,
                                GivenCases.BUILT,
                                Commands.originator(inner),
                                Commands.counter(inner));
                if (pair.name().startsWith(ours.useCase())) {
                    break;
                }
            }
            if (java.util.Arrays.equals(ours.bytes(), Commands.withoutSignature(inner, ours.bytes().length))) {
                exact++;
            } else if (!known.contains(pair.name())) {
                wrong.add(pair + " as " + ours.useCase());
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(exact).isGreaterThanOrEqualTo(100);
    }

    @Test
    void whatWeTransformTheCodecReadsBackToTheSameBytes() {
        Rtds rtds = Rtds.required();
        GbcsCodec codec = new GbcsCodec();
        for (GivenCases.Pair pair : GivenCases.preCommands(rtds)) {
            byte[] ours = transformer.transform(pair.request(), pair.device(), GivenCases.BUILT);
            assertThat(codec.encode(codec.decode(ours))).as(pair.name()).isEqualTo(ours);
        }
    }

    @Test
    void gasBuildTimesFarFromTheExchangeAreRefused() {
        Rtds rtds = Rtds.required();
        Correlator strict = Correlator.withoutProof(Duration.ofSeconds(30));
        Instant late = GivenCases.BUILT.plusSeconds(31);
        List<GivenCases.Pair> gas = GivenCases.preCommands(rtds).stream()
                .filter(pair -> pair.name().startsWith("GCS05"))
                .toList();
        assertThat(gas).isNotEmpty();
        for (GivenCases.Pair pair : gas) {
            assertThat(strict.correlate(pair.request(), pair.message(), pair.device(), late.minusSeconds(1)))
                    .isInstanceOf(Correlation.Identical.class);
            assertThat(strict.correlate(pair.request(), pair.message(), pair.device(), late))
                    .isInstanceOfSatisfying(
                            Correlation.Different.class,
                            different -> assertThat(different.differences())
                                    .allMatch(difference -> difference.rule().contains("build-time")));
        }
    }
}
