package org.postern.servicerequests.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.catalogue.Eui64;
import org.postern.hsm.KeyPurpose;
import org.postern.inventory.CertificateUsage;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.internal.credentials.Bench.Kind;
import org.postern.servicerequests.internal.credentials.TestPki.Made;

/** Replacements of credentials that are admitted, and the effect of their floors. */
class AdmittedReplacementsTest {

    private static final String DS = "DigitalSigningCertificate";
    private static final String KA = "KeyAgreementCertificate";
    private static final Instant NOW = Bench.NOW;

    private static final Map<String, Consumer<Bench>> RIGHT = new LinkedHashMap<>();

    static {
        RIGHT.put("as it should be", b -> {});
        RIGHT.put("with the root in the path", b -> b.path.add(Bench.ROOT));
        RIGHT.put("with the issuing authority as the anchor", b -> {
            b.anchors.clear();
            b.anchors.add(Bench.ISSUING);
        });
        RIGHT.put("with both as anchors", b -> b.anchors.add(Bench.ISSUING));
        RIGHT.put("issued by two authorities", b -> {
            Made newer = TestPki.authority(NOW, "CN=Z2,OU=07", Bench.ROOT).make();
            b.path.add(newer);
            b.change(KA, s -> s.issuer(newer));
        });
        RIGHT.put("issued by an authority of the same name and another key", b -> {
            Made newer = TestPki.authority(NOW, "CN=Z1,OU=07", Bench.ROOT).make();
            b.path.add(0, newer);
            b.change(KA, s -> s.issuer(newer));
        });
        RIGHT.put("dated", b -> b.execution = Optional.of("2027-03-01T00:00:00.00Z"));
        RIGHT.put("just long enough", b -> b.changeAll(s -> s.valid(NOW, NOW.plus(Duration.ofDays(30)))));
        RIGHT.put(
                "white space in the base64",
                b -> b.specs
                        .keySet()
                        .forEach(e ->
                                b.texts.put(e, b.specs.get(e).make().base64().replaceAll("(.{60})", "$1\n    "))));
        RIGHT.put("one certificate alone", b -> {
            b.specs.keySet().removeIf(name -> !name.equals(DS));
            b.topUpFloor = Optional.empty();
        });
        RIGHT.put("no floors", b -> {
            b.floor = Optional.empty();
            b.topUpFloor = Optional.empty();
        });
        RIGHT.put("nothing used yet", b -> {
            b.used = 0;
            b.usedForTopUps = 0;
            b.floor = Optional.of("0");
            b.topUpFloor = b.topUpFloor.map(value -> "0");
        });
        RIGHT.put("floors ahead", b -> {
            b.floor = Optional.of(Long.toString(NOW.toEpochMilli() + 86_400_000L));
            b.topUpFloor = b.topUpFloor.map(value -> Long.toString(1007L << 32));
        });
        RIGHT.put("floor at the device's counters", b -> {
            b.settings = new CredentialSettings(
                    Duration.ofDays(30), 86_400_000L, 1000, true, Set.of(), Set.of(), true, false, false);
            b.floor = Optional.of("4000");
        });
        RIGHT.put("the same key under a new certificate", b -> {
            KeyPair pair = b.held(b.kind.owner, CertificateUsage.DIGITAL_SIGNATURE);
            b.change(DS, s -> s.keys(pair));
        });
        RIGHT.put(
                "the vault's own key",
                b -> b.change(DS, s -> s.keys(WrongReplacements.inVault(b, KeyPurpose.GBCS_SIGNING, b.kind.owner))));
        RIGHT.put("another User ID of the company", b -> {
            Eui64 sister = Eui64.parse("90B3D51F30040000");
            b.settings = new CredentialSettings(
                    Duration.ofDays(30), 86_400_000L, 1000, false, Set.of(sister), Set.of(), true, false, false);
            b.changeAll(s -> s.eui(sister));
        });
        RIGHT.put("ended, where time is disregarded", b -> {
            b.timeChecks = "false";
            b.changeAll(s -> s.valid(NOW.minus(Duration.ofDays(100)), NOW.minusSeconds(1)));
        });
        RIGHT.put("ended, where time is disregarded by 0", b -> {
            b.timeChecks = "0";
            b.changeAll(s -> s.valid(NOW.minus(Duration.ofDays(100)), NOW.minusSeconds(1)));
        });
        RIGHT.put("a device that the inventory does not list", b -> b.devices.clear());
    }

    private static Stream<Arguments> rightCases() {
        return RIGHT.keySet().stream()
                .flatMap(what -> Arrays.stream(Kind.values()).map(kind -> Arguments.of(what, kind)));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("rightCases")
    void whatIsRightIsAdmitted(String what, Kind kind) {
        Bench bench = new Bench(kind);
        RIGHT.get(what).accept(bench);

        CredentialsReport report = bench.check();

        assertThat(report.refusal()).isEmpty();
        assertThat(report.party()).isEqualTo(kind.party.isEmpty() ? "Supplier" : kind.party);
        assertThat(report.postCheck()).contains("6.24.1");
        assertThat(report.certificates().stream().filter(CredentialsReport.Certificate::replaces))
                .hasSize(bench.specs.size())
                .allSatisfy(certificate -> {
                    assertThat(certificate.role()).isEqualTo(kind.ou);
                    assertThat(certificate.serial()).isNotBlank();
                });
        if (what.equals("another User ID of the company")) {
            assertThat(report.findings())
                    .as("its counters are not ours to know")
                    .isNotEmpty()
                    .allMatch(f -> f.fault().code().equals("PST-2140"));
        }
        if (what.startsWith("ended")) {
            assertThat(report.findings())
                    .filteredOn(f -> f.fault().code().equals("PST-2136"))
                    .as("a warning, not refused")
                    .hasSize(bench.specs.size());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds6")
    void aFloorOfOursAboveTheCountersRaisesThem(Kind kind) {
        Bench bench = new Bench(kind);
        bench.floor = Optional.of("6000");
        bench.topUpFloor = bench.topUpFloor.map(value -> Long.toString(9L << 32));

        CredentialsReport report = bench.check();

        assertThat(report.floors())
                .hasSize(kind.topUp ? 2 : 1)
                .allSatisfy(floor -> assertThat(floor.raises()).isEqualTo(kind.own()));
        assertThat(report.findings().stream().anyMatch(f -> f.fault().code().equals("PST-2140")))
                .as("a warning in advance")
                .isEqualTo(kind.own());
        assertThat(new Bench(kind).check().floors()).noneMatch(CredentialsReport.Floor::raises);
    }

    private static Stream<Kind> kinds6() {
        return Arrays.stream(Kind.values());
    }
}
