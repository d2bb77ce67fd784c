package org.postern.servicerequests.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.Table;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.inventory.CertificateUsage;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.CredentialsReport.Finding;
import org.postern.servicerequests.internal.credentials.Bench.Kind;
import org.postern.servicerequests.internal.credentials.TestPki.Made;
import org.postern.servicerequests.internal.credentials.TestPki.Spec;

/** 6.15.2, 6.17, 6.24.1 and 6.24.2: the device's own certificates, and questions about certificates. */
class DeviceRulesTest {

    private static final String ELEMENT = "Body/UpdateSecurityCredentialsDevice/DeviceCertificate";

    private final Bench bench = new Bench(Kind.SUPPLIER_BY_ITSELF);

    DeviceRulesTest() {
        // a device's certificate comes without a path, so its issuer must be installed
        bench.anchors.add(Bench.ISSUING);
    }

    private static Spec device() {
        return TestPki.device(Bench.NOW, Bench.ISSUING, Bench.METER, KeyUsage.digitalSignature);
    }

    private CredentialsReport certificate(String base64) {
        return bench.checker()
                .check(Bench.request(
                        Bench.SUPPLIER,
                        "6.15.2",
                        DuisElement.of(
                                "UpdateSecurityCredentialsDevice", DuisElement.leaf("DeviceCertificate", base64))));
    }

    private static List<String> refusals(CredentialsReport report) {
        return report.findings().stream()
                .filter(Finding::refuses)
                .map(f -> f.fault().code() + " " + f.fault().field())
                .distinct()
                .toList();
    }

    private record Case(String code, UnaryOperator<Spec> certificate, Consumer<Bench> around) {}

    private static Case wrong(String code, UnaryOperator<Spec> certificate) {
        return new Case(code, certificate, b -> {});
    }

    private static Stream<Arguments> wrongCertificates() {
        return Stream.of(
                Arguments.of("another device's", wrong("PST-2139", s -> s.eui(Eui64.parse("00DB1234567890A1")))),
                Arguments.of("another curve", wrong("PST-2131", s -> s.keys(TestPki.pair("secp384r1")))),
                Arguments.of("no key identifier", wrong("PST-2132", Spec::withoutSubjectKey)),
                Arguments.of(
                        "two usages",
                        wrong("PST-2134", s -> s.usage(KeyUsage.digitalSignature | KeyUsage.keyAgreement))),
                Arguments.of("usage of an authority", wrong("PST-2134", s -> s.usage(KeyUsage.keyCertSign))),
                Arguments.of(
                        "ended",
                        wrong(
                                "PST-2136",
                                s -> s.valid(Bench.NOW.minus(Duration.ofDays(9)), Bench.NOW.minusSeconds(1)))),
                Arguments.of(
                        "not begun",
                        wrong(
                                "PST-2136",
                                s -> s.valid(Bench.NOW.plusSeconds(1), Bench.NOW.plus(Duration.ofDays(900))))),
                Arguments.of("another signer", wrong("PST-2137", s -> s.signer(TestPki.pair("secp256r1")))),
                Arguments.of("another issuer", wrong("PST-2137", s -> s.issuerName("CN=Z9"))),
                Arguments.of("another key identifier", wrong("PST-2137", s -> s.authorityKey(new byte[8]))),
                Arguments.of("an ended authority", wrong("PST-2136", s -> s.issuer(ENDED))),
                Arguments.of("no anchor", new Case("PST-2138", s -> s, b -> b.anchors.clear())),
                Arguments.of(
                        "the root alone",
                        wrong(
                                "PST-2137",
                                s -> s.issuer(TestPki.authority(Bench.NOW, "CN=Z5", Bench.ROOT)
                                        .make()))),
                Arguments.of(
                        "the DCC's key",
                        new Case(
                                "PST-2135",
                                s -> s.keys(ACB_KEYS),
                                b -> b.directory.put(
                                        Bench.ACB.hex() + CertificateUsage.KEY_AGREEMENT,
                                        TestPki.organisation(
                                                        Bench.NOW,
                                                        Bench.ISSUING,
                                                        "04",
                                                        Bench.ACB,
                                                        KeyUsage.keyAgreement)
                                                .keys(ACB_KEYS)
                                                .make()))),
                Arguments.of(
                        "the device's key of the other usage",
                        new Case(
                                "PST-2135",
                                s -> s.keys(ACB_KEYS),
                                b -> b.directory.put(
                                        Bench.METER.hex() + CertificateUsage.KEY_AGREEMENT,
                                        TestPki.device(Bench.NOW, Bench.ISSUING, Bench.METER, KeyUsage.keyAgreement)
                                                .keys(ACB_KEYS)
                                                .make()))),
                Arguments.of(
                        "no request of the device, where one is asked for",
                        new Case(
                                "PST-2143",
                                s -> s,
                                b -> b.settings = new CredentialSettings(
                                        Duration.ofDays(30), 1, 1, false, Set.of(), Set.of(), true, false, true))));
    }

    private static final KeyPair ACB_KEYS = TestPki.pair("secp256r1");
    private static final Made ENDED = TestPki.authority(Bench.NOW, "CN=Z6", Bench.ROOT)
            .valid(Bench.NOW.minus(Duration.ofDays(9)), Bench.NOW.minusSeconds(1))
            .make();

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongCertificates")
    void aWrongDeviceCertificateIsRefused(String what, Object wrong) {
        Case here = (Case) wrong;
        bench.anchors.add(ENDED);
        here.around().accept(bench);

        CredentialsReport report =
                certificate(here.certificate().apply(device()).make().base64());

        assertThat(refusals(report)).as("%s", report.findings()).containsExactly(here.code() + " " + ELEMENT);
    }

    @Test
    void anOrganisationsCertificateIsNoneOfADevice() {
        CredentialsReport report =
                certificate(TestPki.organisation(Bench.NOW, Bench.ISSUING, "02", Bench.METER, KeyUsage.digitalSignature)
                        .make()
                        .base64());

        assertThat(refusals(report)).containsExactly("PST-2133 " + ELEMENT);
        assertThat(refusals(certificate("no base64!"))).containsExactly("PST-2130 " + ELEMENT);
    }

    @ParameterizedTest
    @CsvSource({"128, digitalSignature", "8, keyAgreement"})
    void aValidDeviceCertificateIsAdmittedWithAWarningAboutTheMissingRequest(int usage, String text) {
        CredentialsReport report = certificate(device().usage(usage).make().base64());

        assertThat(refusals(report)).isEmpty();
        assertThat(report.findings())
                .singleElement()
                .satisfies(f -> assertThat(f.fault().code()).isEqualTo("PST-2143"));
        assertThat(report.party()).isEqualTo("device");
        assertThat(report.postCheck()).contains("6.24.2");
        assertThat(report.certificates()).singleElement().satisfies(c -> {
            assertThat(c.usage()).isEqualTo(text);
            assertThat(c.eui()).isEqualTo(Bench.METER.dashed());
            assertThat(c.replaces()).isTrue();
        });
    }

    @Test
    void anIssuingAuthorityAloneIsTrustedToo() {
        bench.anchors.remove(Bench.ROOT);

        assertThat(refusals(certificate(device().make().base64()))).isEmpty();
    }

    private CredentialsReport asked(String service, String body, String element, String... values) {
        return bench.checker()
                .check(Bench.request(
                        Bench.SUPPLIER,
                        service,
                        DuisElement.of(
                                body,
                                Stream.of(values)
                                        .map(v -> DuisElement.leaf(element, v))
                                        .toList())));
    }

    @ParameterizedTest
    @CsvSource({"6.17, IssueSecurityCredentials", "6.24.2, RetrieveDeviceSecurityCredentialsDevice"})
    void aCredentialTypeIsOneOfTwoAndTheDeviceOfAKindThatCan(String service, String body) {
        for (String type : List.of("Digital Signature", "Key Agreement")) {
            CredentialsReport right = asked(service, body, "CredentialType", type);
            assertThat(right.findings()).isEmpty();
            assertThat(right.postCheck()).isEmpty();
        }
        for (String type : List.of("Digital signature", "KeyAgreement", "")) {
            assertThat(refusals(asked(service, body, "CredentialType", type)))
                    .containsExactly("PST-2141 Body/" + body + "/CredentialType");
        }
        for (DeviceType type : DeviceType.values()) {
            bench.devices.put(Bench.METER, type);
            boolean can = type != DeviceType.IHD && type != DeviceType.CAD;
            assertThat(refusals(asked(service, body, "CredentialType", "Key Agreement")))
                    .as("%s", type)
                    .isEqualTo(can ? List.of() : List.of("PST-2142 Header/RequestID"));
        }
        bench.devices.clear();
        assertThat(refusals(asked(service, body, "CredentialType", "Key Agreement")))
                .containsExactly("PST-2142 Header/RequestID");
        bench.settings =
                new CredentialSettings(Duration.ofDays(30), 1, 1, false, Set.of(), Set.of(), false, false, false);
        CredentialsReport excused = asked(service, body, "CredentialType", "Key Agreement");
        assertThat(refusals(excused)).isEmpty();
        assertThat(excused.findings()).hasSize(1);
    }

    @Test
    void thePartiesReadAreOnesThatTheDeviceHas() {
        String body = "RetrieveDeviceSecurityCredentialsKRP";
        String element = "RemotePartyRole";
        String path = "Body/" + body + "/" + element;
        String[] all = {"Root", "Recovery", "Supplier", "NetworkOperator", "ACB", "TransCoS", "LoadController"};

        CredentialsReport right = asked("6.24.1", body, element, all);
        assertThat(right.findings()).isEmpty();
        assertThat(right.party()).isEqualTo("ACB LoadController NetworkOperator Recovery Root Supplier TransCoS");
        assertThat(refusals(asked("6.24.1", body, element))).containsExactly("PST-2141 " + path);
        assertThat(refusals(asked("6.24.1", body, element, "Supplier", "Supplier")))
                .containsExactly("PST-2141 " + path + "[2]");
        assertThat(refusals(asked("6.24.1", body, element, "Supplier", "Issuing")))
                .containsExactly("PST-2141 " + path + "[2]");
        bench.devices.put(Bench.METER, DeviceType.GSME);
        assertThat(refusals(asked("6.24.1", body, element, "Supplier", "LoadController")))
                .containsExactly("PST-2142 " + path + "[2]");
        bench.devices.put(Bench.METER, DeviceType.IHD);
        assertThat(refusals(asked("6.24.1", body, element, "ACB"))).containsExactly("PST-2142 " + path + "[1]");
        bench.devices.clear();
        assertThat(asked("6.24.1", body, element, "LoadController").findings())
                .as("a read request is harmless")
                .isEmpty();
    }

    @Test
    void anotherServiceIsNotTheirs() {
        CredentialChecker checker = bench.checker();
        DuisRequest other = Bench.request(Bench.SUPPLIER, "7.1", DuisElement.of("EnableSupply"));

        assertThat(Stream.of("6.15.1", "6.15.2", "6.17", "6.21", "6.23", "6.24.1", "6.24.2"))
                .allMatch(checker::concerns);
        assertThat(checker.concerns("7.1")).isFalse();
        assertThat(checker.concerns("8.5")).isFalse();
        assertThatThrownBy(() -> checker.check(other))
                .isInstanceOf(PosternException.class)
                .hasMessageContaining("PST-2149");
    }

    @Test
    void aBrokenTableNamesItsLine() {
        assertThatThrownBy(() -> new CredentialsTable((file, columns) -> file.equals("readings.tsv")
                        ? Table.read(
                                file,
                                new StringReader("# a remark\nservice\telement\tparty\texcept\n"
                                        + "6.24.1\tRemotePartyRole\tNobody\t-\n"),
                                columns)
                        : Table.resource(CredentialsTable.class, file, columns)))
                .isInstanceOf(PosternException.class)
                .hasMessageContaining("PST-1004")
                .hasMessageContaining("readings.tsv:3 party");
    }
}
