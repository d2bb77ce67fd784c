package org.postern.servicerequests.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyPurpose;
import org.postern.inventory.CertificateUsage;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.CredentialsReport.Finding;
import org.postern.servicerequests.internal.credentials.Bench.Kind;
import org.postern.servicerequests.internal.credentials.TestPki.Made;

/**
 * The pre-checks of credentials: every rule against every service that replaces a remote party's credentials; each case
 * changes one thing of a right request.
 */
class ReplacementRulesTest {

    private static final String DS = "DigitalSigningCertificate";
    private static final String KA = "KeyAgreementCertificate";
    private static final String TOP_UP = "KeyAgreementTopUpCertificate";
    private static final Instant NOW = Bench.NOW;

    /**
     * A thing that is wrong.
     *
     * @param code number of the refusal, the only one
     * @param field end of the path that it names
     */
    private record Wrong(
            String code, String field, Consumer<Bench> change, java.util.function.Predicate<Kind> appliesTo) {}

    private static final Map<String, Wrong> WRONG = new LinkedHashMap<>();

    private static void wrong(String what, String code, String field, Consumer<Bench> change) {
        WRONG.put(what, new Wrong(code, field, change, kind -> true));
    }

    private static void wrong(
            String what, String code, String field, java.util.function.Predicate<Kind> where, Consumer<Bench> change) {
        WRONG.put(what, new Wrong(code, field, change, where));
    }

    static {
        form();
        kinds();
        keys();
        validity();
        paths();
        parties();
        floors();
        contents();
    }

    private static void form() {
        wrong("not base64", "PST-2130", KA, b -> b.texts.put(KA, "MII?"));
        wrong(
                "cut off",
                "PST-2130",
                KA,
                b -> b.texts.put(
                        KA,
                        Base64.getEncoder()
                                .encodeToString(
                                        Arrays.copyOf(b.specs.get(KA).make().der(), 200))));
        wrong("a byte more", "PST-2130", DS, b -> {
            byte[] der = b.specs.get(DS).make().der();
            b.texts.put(DS, Base64.getEncoder().encodeToString(Arrays.copyOf(der, der.length + 1)));
        });
        wrong(
                "PEM instead of DER",
                "PST-2130",
                DS,
                b -> b.texts.put(
                        DS, Base64.getEncoder().encodeToString("-----BEGIN".getBytes(StandardCharsets.US_ASCII))));
        wrong(
                "path certificate cut off",
                "PST-2130",
                "CertificationPathCertificates/Certificate[2]",
                b -> b.path.add(new Made(null, Arrays.copyOf(Bench.ROOT.der(), 99), null)));
        wrong("another curve", "PST-2131", DS, b -> b.change(DS, s -> s.keys(TestPki.pair("secp384r1"))));
        wrong("another signature algorithm", "PST-2131", KA, b -> b.change(KA, s -> s.algorithm("SHA384withECDSA")));
        wrong("no subject key identifier", "PST-2132", KA, b -> b.change(KA, TestPki.Spec::withoutSubjectKey));
    }

    private static void kinds() {
        wrong("another party's role", "PST-2133", KA, b -> b.change(KA, s -> s.role("04")));
        wrong("an issuing authority's role", "PST-2133", DS, b -> b.change(DS, s -> s.role("07")));
        wrong("a device's certificate", "PST-2133", DS, b -> b.change(DS, TestPki.Spec::device));
        wrong(
                "key agreement where signing is due",
                "PST-2134",
                DS,
                b -> b.change(DS, s -> s.usage(KeyUsage.keyAgreement)));
        wrong(
                "signing where key agreement is due",
                "PST-2134",
                KA,
                b -> b.change(KA, s -> s.usage(KeyUsage.digitalSignature)));
        wrong(
                "signing where top-up agreement is due",
                "PST-2134",
                TOP_UP,
                kind -> kind.topUp,
                b -> b.change(TOP_UP, s -> s.usage(KeyUsage.digitalSignature)));
        wrong(
                "two usages",
                "PST-2134",
                DS,
                b -> b.change(DS, s -> s.usage(KeyUsage.digitalSignature | KeyUsage.keyAgreement)));
        wrong("usage of an authority", "PST-2134", DS, b -> b.change(DS, s -> s.usage(KeyUsage.keyCertSign)));
    }

    private static void keys() {
        wrong("one key for two usages", "PST-2135", KA, b -> {
            KeyPair pair = TestPki.pair("secp256r1");
            b.change(DS, s -> s.keys(pair));
            b.change(KA, s -> s.keys(pair));
        });
        wrong("one key for agreement and top-ups", "PST-2135", TOP_UP, kind -> kind.topUp, b -> {
            KeyPair pair = TestPki.pair("secp256r1");
            b.change(TOP_UP, s -> s.keys(pair));
            b.change(KA, s -> s.keys(pair));
        });
        wrong(
                "the device's key",
                "PST-2135",
                DS,
                b -> b.change(DS, s -> s.keys(b.held(Bench.METER, CertificateUsage.DIGITAL_SIGNATURE))));
        wrong(
                "the DCC's key",
                "PST-2135",
                KA,
                b -> b.change(KA, s -> s.keys(b.held(Bench.ACB, CertificateUsage.KEY_AGREEMENT))));
        wrong("an authority's key", "PST-2135", KA, b -> b.change(KA, s -> s.keys(Bench.ISSUING.keys())));
        wrong(
                "the party's own key of another usage",
                "PST-2135",
                DS,
                b -> b.change(DS, s -> s.keys(b.held(b.kind.owner, CertificateUsage.KEY_AGREEMENT))));
        wrong(
                "a key that the vault has for another purpose",
                "PST-2135",
                DS,
                b -> b.change(DS, s -> s.keys(inVault(b, KeyPurpose.XML_SIGNING, b.kind.owner))));
        wrong(
                "a key that the vault has for another User ID",
                "PST-2135",
                DS,
                b -> b.change(DS, s -> s.keys(inVault(b, KeyPurpose.GBCS_SIGNING, Bench.OTHER_SUPPLIER))));
        wrong("own credentials without a key in the vault", "PST-2135", DS, Kind::own, b -> {
            b.specs.keySet().removeIf(name -> !name.equals(DS));
            b.topUpFloor = Optional.empty();
            b.settings = new CredentialSettings(
                    Duration.ofDays(30), 86_400_000L, 1000, false, Set.of(), Set.of(), true, true, false);
        });
    }

    private static KeyPair inVault(Bench bench, KeyPurpose purpose, Eui64 owner) {
        try {
            KeyPair pair = TestPki.pair("secp256r1");
            bench.vault.add(new KeyEntry(
                    "alias",
                    purpose,
                    owner,
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256")
                                    .digest(pair.getPublic().getEncoded())),
                    "CN=Z1",
                    "1",
                    NOW));
            return pair;
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void validity() {
        wrong(
                "ended",
                "PST-2136",
                DS,
                b -> b.change(DS, s -> s.valid(NOW.minus(Duration.ofDays(100)), NOW.minusSeconds(1))));
        wrong(
                "not begun",
                "PST-2136",
                KA,
                b -> b.change(KA, s -> s.valid(NOW.plusSeconds(1), NOW.plus(Duration.ofDays(100)))));
        wrong(
                "ends too soon",
                "PST-2136",
                DS,
                b -> b.change(
                        DS,
                        s -> s.valid(
                                NOW.minusSeconds(9),
                                NOW.plus(Duration.ofDays(30)).minusSeconds(1))));
        wrong("ends before the execution time", "PST-2136", DS, b -> {
            b.execution = Optional.of("2027-03-01T00:00:00.00Z");
            b.change(DS, s -> s.valid(NOW.minusSeconds(9), Instant.parse("2027-02-28T23:59:59Z")));
        });
        wrong("ends too soon after the execution time", "PST-2136", DS, b -> {
            b.execution = Optional.of("2027-03-01T00:00:00.00Z");
            b.change(DS, s -> s.valid(NOW.minusSeconds(9), Instant.parse("2027-03-30T23:59:59Z")));
        });
        wrong("never valid, even where time is disregarded", "PST-2136", DS, b -> {
            b.timeChecks = "false";
            b.change(DS, s -> s.valid(NOW.plusSeconds(9), NOW.minusSeconds(9)));
        });
        wrong(
                "issuing authority ended",
                "PST-2136",
                "CertificationPathCertificates/Certificate[1]",
                b -> issuedBy(
                        b,
                        TestPki.authority(NOW, "CN=Z2,OU=07", Bench.ROOT)
                                .valid(NOW.minus(Duration.ofDays(9)), NOW.minusSeconds(1))
                                .make()));
    }

    /** All certificates by that authority, which alone is in the path. */
    private static void issuedBy(Bench bench, Made authority) {
        bench.path.clear();
        bench.path.add(authority);
        bench.changeAll(s -> s.issuer(authority));
    }

    private static void paths() {
        wrong("signed by another key", "PST-2137", DS, b -> b.change(DS, s -> s.signer(TestPki.pair("secp256r1"))));
        wrong("another authority key identifier", "PST-2137", KA, b -> b.change(KA, s -> s.authorityKey(new byte[8])));
        wrong("another issuer name", "PST-2137", KA, b -> b.change(KA, s -> s.issuerName("CN=Z9,OU=07")));
        wrong("self-signed", "PST-2137", DS, b -> b.change(DS, s -> s.issuer(null)));
        wrong("issuing certificate missing", "PST-2137", DS, b -> {
            b.path.clear();
            b.path.add(Bench.ROOT);
            b.anchors.add(Bench.ISSUING);
        });
        wrong("self-made root and issuing authority", "PST-2137", DS, b -> {
            Made root = TestPki.root(NOW, "CN=ZA,OU=00").make();
            issuedBy(b, TestPki.authority(NOW, "CN=Z1,OU=07", root).make());
            b.path.add(root);
        });
        wrong(
                "issuing authority signed by a stranger",
                "PST-2137",
                DS,
                b -> issuedBy(
                        b,
                        TestPki.authority(NOW, "CN=Z1,OU=07", Bench.ROOT)
                                .signer(TestPki.pair("secp256r1"))
                                .make()));
        wrong("four certificates to the root", "PST-2137", DS, b -> {
            Made upper = TestPki.authority(NOW, "CN=Z3,OU=07", Bench.ROOT).make();
            issuedBy(b, TestPki.authority(NOW, "CN=Z4,OU=07", upper).make());
            b.path.add(upper);
        });
        wrong("two authorities below a root that is not shown", "PST-2137", DS, b -> {
            Made upper = TestPki.authority(NOW, "CN=Z3,OU=07", Bench.ROOT).make();
            issuedBy(b, TestPki.authority(NOW, "CN=Z4,OU=07", upper).make());
            b.path.add(upper);
            b.anchors.clear();
            b.anchors.add(upper);
        });
        wrong("authorities in a circle", "PST-2137", DS, b -> {
            KeyPair one = TestPki.pair("secp256r1");
            KeyPair two = TestPki.pair("secp256r1");
            Made first = TestPki.root(NOW, "CN=Y1").keys(one).make();
            Made second = TestPki.authority(NOW, "CN=Y2", first).keys(two).make();
            Made again = TestPki.authority(NOW, "CN=Y1", second).keys(one).make();
            issuedBy(b, again);
            b.path.add(second);
            b.anchors.add(second);
        });
        wrong(
                "a certificate too many",
                "PST-2137",
                "Certificate[2]",
                b -> b.path.add(
                        TestPki.authority(NOW, "CN=Z2,OU=07", Bench.ROOT).make()));
        wrong("one twice", "PST-2137", "Certificate[2]", b -> b.path.add(Bench.ISSUING));
        wrongOnlyFor(
                "four in the list",
                "PST-2137",
                "Certificate[4]",
                b -> {
                    b.path.add(Bench.ROOT);
                    for (String element : List.of(DS, KA)) {
                        Made authority = TestPki.authority(NOW, "CN=" + element, Bench.ROOT)
                                .make();
                        b.path.add(authority);
                        b.change(element, s -> s.issuer(authority));
                    }
                    // so that each of the four is on a path
                    b.specs.putIfAbsent(TOP_UP, b.specs.get(KA).issuer(Bench.ISSUING));
                },
                kind -> kind.topUp);
        wrong(
                "no authority in the path",
                "PST-2137",
                "Certificate[2]",
                b -> b.path.add(
                        TestPki.organisation(NOW, Bench.ISSUING, "02", Bench.SUPPLIER, KeyUsage.digitalSignature)
                                .make()));
        wrong(
                "an authority that may not sign certificates",
                "PST-2137",
                "Certificate[2]",
                b -> b.path.add(TestPki.authority(NOW, "CN=Z2,OU=07", Bench.ROOT)
                        .usage(KeyUsage.cRLSign)
                        .make()));
        wrong("an authority deeper than the root allows", "PST-2137", DS, b -> {
            Made root = TestPki.root(NOW, "CN=ZB,OU=00").pathLength(0).make();
            b.anchors.add(root);
            issuedBy(b, TestPki.authority(NOW, "CN=Z1,OU=07", root).make());
        });
        wrong("no trust anchor", "PST-2138", DS, b -> b.anchors.clear());
    }

    private static void wrongOnlyFor(
            String what, String code, String field, Consumer<Bench> change, java.util.function.Predicate<Kind> where) {
        wrong(what, code, field, where, change);
    }

    private static void parties() {
        wrong(
                "one certificate of another User ID",
                "PST-2139",
                KA,
                b -> b.change(KA, s -> s.eui(Eui64.parse("90B3D51F30040000"))));
        wrong(
                "all of another User ID",
                "PST-2139",
                DS,
                Kind::own,
                b -> b.changeAll(s -> s.eui(Eui64.parse("90B3D51F30040000"))));
    }

    private static void floors() {
        wrong(
                "floor below the counters in use",
                "PST-2140",
                "FloorSeqNumber",
                Kind::own,
                b -> b.floor = Optional.of("4999"));
        wrong("floor below those used with the device", "PST-2140", "FloorSeqNumber", Kind::own, b -> {
            b.settings = new CredentialSettings(
                    Duration.ofDays(30), 86_400_000L, 1000, true, Set.of(), Set.of(), true, false, false);
            b.floor = Optional.of("3999");
        });
        wrong(
                "floor far above",
                "PST-2140",
                "FloorSeqNumber",
                Kind::own,
                b -> b.floor = Optional.of(Long.toString(NOW.toEpochMilli() + 86_400_001L)));
        wrong(
                "the largest floor",
                "PST-2140",
                "FloorSeqNumber",
                Kind::own,
                b -> b.floor = Optional.of(Long.toString(Long.MAX_VALUE)));
        wrong(
                "floor of 2^63",
                "PST-2140",
                "FloorSeqNumber",
                b -> b.floor = Optional.of(BigInteger.TWO.pow(63).toString()));
        wrong("negative floor", "PST-2140", "FloorSeqNumber", b -> b.floor = Optional.of("-1"));
        wrong("floor that is no number", "PST-2140", "FloorSeqNumber", b -> b.floor = Optional.of("many"));
        wrong(
                "top-up floor of one that has no top-ups",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> !kind.topUp,
                b -> b.topUpFloor = Optional.of("0"));
        wrong(
                "top-up floor without its certificate",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> kind.topUp,
                b -> b.specs.remove(TOP_UP));
        wrong(
                "top-up floor of another shape",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> kind.topUp,
                b -> b.topUpFloor = Optional.of(Long.toString((8L << 32) + 1)));
        wrong(
                "top-up floor below the top-ups made",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> kind.topUp,
                b -> b.topUpFloor = Optional.of(Long.toString(6L << 32)));
        wrong(
                "top-up floor far above",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> kind.topUp,
                b -> b.topUpFloor = Optional.of(Long.toString(1008L << 32)));
        wrong(
                "top-up floor of 2^63",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> kind.topUp,
                b -> b.topUpFloor = Optional.of(BigInteger.TWO.pow(63).toString()));
    }

    private static void contents() {
        wrong(
                "top-up certificate of one that has no top-ups",
                "PST-2141",
                TOP_UP,
                kind -> !kind.topUp,
                b -> b.specs.put(TOP_UP, b.specs.get(KA)));
        wrong("no certificate", "PST-2141", "ertificates", b -> {
            b.specs.clear();
            b.topUpFloor = Optional.empty();
        });
        wrong("a party that is not replaced so", "PST-2141", "RemotePartyRole", b -> b.party = "ACB");
        wrong(
                "a User Role that may not",
                "PST-2141",
                "",
                kind -> !kind.service.equals("6.23"),
                b -> b.role = UserRole.OU);
        wrong("a device without credentials", "PST-2142", "RequestID", b -> b.devices.put(Bench.METER, DeviceType.IHD));
        wrong(
                "a load controller on gas",
                "PST-2142",
                "RequestID",
                kind -> kind == Kind.CONTROLLER_BY_SUPPLIER,
                b -> b.devices.put(Bench.METER, DeviceType.GSME));
    }

    private static Stream<Arguments> wrongCases() {
        return WRONG.entrySet().stream()
                .flatMap(wrong -> Arrays.stream(Kind.values())
                        .filter(wrong.getValue().appliesTo())
                        .map(kind -> Arguments.of(wrong.getKey(), kind)));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("wrongCases")
    void whatIsWrongIsRefusedByItsNumberAndPath(String what, Kind kind) {
        Wrong wrong = WRONG.get(what);
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
                b -> b.change(DS, s -> s.keys(inVault(b, KeyPurpose.GBCS_SIGNING, b.kind.owner))));
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
                    .as("said, not refused")
                    .hasSize(bench.specs.size());
        }
    }

    private static Stream<Arguments> eachOnce() {
        return WRONG.entrySet().stream()
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
        WRONG.get(what).change().accept(bench);
        bench.execution = Optional.of("3000-12-31T00:00:00.00Z");

        CredentialsReport report = bench.check();

        assertThat(report.refusal()).isEmpty();
        assertThat(report.findings()).isNotEmpty();
        assertThat(report.postCheck()).isEmpty();
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
                .as("said beforehand")
                .isEqualTo(kind.own());
        assertThat(new Bench(kind).check().floors()).noneMatch(CredentialsReport.Floor::raises);
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
