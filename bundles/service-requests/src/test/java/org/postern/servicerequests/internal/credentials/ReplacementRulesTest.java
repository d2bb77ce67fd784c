package org.postern.servicerequests.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.CredentialsReport.Finding;
import org.postern.servicerequests.internal.credentials.Bench.Kind;

/**
 * The pre-checks of credentials: every rule against every service that replaces a remote party's credentials; each case
 * changes one thing of a right request.
 */
class ReplacementRulesTest {

    private static final String DS = "DigitalSigningCertificate";
    private static final String KA = "KeyAgreementCertificate";

    private static Stream<Arguments> wrongCases() {
        return WrongReplacements.WRONG.entrySet().stream()
                .flatMap(wrong -> Arrays.stream(Kind.values())
                        .filter(wrong.getValue().appliesTo())
                        .map(kind -> Arguments.of(wrong.getKey(), kind)));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("wrongCases")
    void whatIsWrongIsRefusedByItsNumberAndPath(String what, Kind kind) {
        WrongReplacements.Wrong wrong = WrongReplacements.WRONG.get(what);
        Bench bench = new Bench(kind);
        wrong.change().accept(bench);

        CredentialsReport report = bench.check();

        assertThat(codes(report)).as("%s", report.findings()).containsExactly(wrong.code());
        assertThat(report.refusal()).hasValueSatisfying(fault -> {
            assertThat(fault.code()).isEqualTo(wrong.code());
            assertThat(fault.field()).endsWith(wrong.field()).matches("(Body/" + kind.body() + "|Header/).*");
            assertThat(fault.rule()).isNotBlank();
            assertThat(fault.cause()).isNotBlank().doesNotContain("MII");
            assertThat(fault.action()).isNotBlank();
        });
    }

    private static List<String> codes(CredentialsReport report) {
        return report.findings().stream()
                .filter(Finding::refuses)
                .map(finding -> finding.fault().code())
                .distinct()
                .toList();
    }

    private static Stream<Arguments> eachOnce() {
        return WrongReplacements.WRONG.entrySet().stream()
                .map(wrong -> Arguments.of(
                        wrong.getKey(),
                        Arrays.stream(Kind.values())
                                .filter(wrong.getValue().appliesTo())
                                .findFirst()
                                .orElseThrow()));
    }

    /** A wrong cancellation has to get through: it takes nothing but the update away. */
    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("eachOnce")
    void aCancellationIsOnlyWarned(String what, Kind kind) {
        Bench bench = new Bench(kind);
        WrongReplacements.WRONG.get(what).change().accept(bench);
        bench.execution = Optional.of("3000-12-31T00:00:00.00Z");

        CredentialsReport report = bench.check();

        assertThat(report.refusal()).isEmpty();
        assertThat(report.findings()).isNotEmpty();
        assertThat(report.postCheck()).isEmpty();
    }

    private static Stream<Kind> kinds6() {
        return Arrays.stream(Kind.values());
    }

    @ParameterizedTest
    @MethodSource("kinds6")
    void allThatIsWrongIsNamedAtOnce(Kind kind) {
        Bench bench = new Bench(kind);
        bench.change(DS, s -> s.usage(KeyUsage.keyAgreement));
        bench.change(KA, s -> s.role("04"));
        bench.floor = Optional.of("-7");

        CredentialsReport report = bench.check();

        assertThat(codes(report)).containsExactlyInAnyOrder("PST-2133", "PST-2134", "PST-2140");
        assertThat(report.refusal())
                .hasValueSatisfying(
                        fault -> assertThat(fault.cause()).endsWith("and 2 more, see dcc:check-certificates"));
    }
}
