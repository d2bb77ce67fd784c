package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisWriter;
import org.postern.ecprovider.EcProvider;
import org.postern.testkit.Rtds;

/** Evidence can be rechecked years later and without the appliance, and every change of it is detected. */
class RecheckTest {

    private static final EcProvider EC = EcProvider.fastest();
    private static Instant signed;
    private static List<GivenCases.Pair> pairs;
    private static PrivateKey key;
    private static X509Certificate certificate;

    @TempDir
    Path folder;

    @BeforeAll
    static void given() throws Exception {
        Rtds rtds = Rtds.required();
        pairs = GivenCases.preCommands(rtds);
        certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(
                        Files.readAllBytes(rtds.keystore().resolve("90b3d51f30010000-ds.pem"))));
        signed = certificate.getNotBefore().toInstant().plusSeconds(1).plusMillis(123);
        String pem = Files.readString(rtds.keystore().resolve("90b3d51f30010000-ds.key"))
                .replaceAll("-----[A-Z ]+-----", "");
        key = EC.privateKey(Base64.getMimeDecoder().decode(pem));
    }

    private static GivenCases.Pair pair(String start) {
        return pairs.stream()
                .filter(p -> p.name().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /**
     * The evidence that the appliance stores for a pair whose Pre-Command is right, or was changed in its last byte.
     */
    private static EvidenceFile evidence(GivenCases.Pair pair, boolean altered) throws Exception {
        byte[] preCommand = pair.message().clone();
        if (altered) {
            preCommand[preCommand.length - 1] ^= 1;
        }
        Instant exchanged = GivenCases.BUILT.plusSeconds(12);
        Duration tolerance = Duration.ofSeconds(60);
        byte[] document = DuisWriter.write(pair.request()).toArray();
        Correlation verdict = new Recheck(tolerance).recheck(document, preCommand, pair.device(), exchanged);
        byte[] signature = EC.sign(key, preCommand, 1, preCommand.length - 1);
        return new EvidenceFile(
                "r-1",
                pair.request().requestId().toString(),
                pair.request().serviceReferenceVariant(),
                verdict.fold(same -> "identical", other -> "different"),
                verdict.ruleVersion(),
                verdict.fold(Correlation.Identical::useCase, Correlation.Different::useCase),
                pair.device(),
                exchanged,
                tolerance,
                document,
                sha256(document),
                preCommand,
                sha256(preCommand),
                verdict.fold(same -> EvidenceFile.excused(same.excused(), exchanged), other -> List.of()),
                verdict.fold(same -> List.of(), other -> EvidenceFile.differences(other.differences())),
                altered
                        ? Optional.empty()
                        : Optional.of(new EvidenceFile.Signing(
                                signature,
                                "is-sign",
                                certificate.getIssuerX500Principal().getName(),
                                certificate.getSerialNumber().toString(),
                                certificate.getEncoded(),
                                signed)),
                Optional.empty());
    }

    @Test
    void everyGivenPairThatCorrelatesCanBeRecheckedFromItsFile() throws Exception {
        int identical = 0;
        for (GivenCases.Pair pair : pairs) {
            EvidenceFile file = EvidenceFile.read(evidence(pair, false).json());
            Recheck.Report report = Recheck.of(file, EC);
            assertThat(report.verdict()).as(pair.name()).isEqualTo(file.verdict());
            assertThat(report.sameRules()).isTrue();
            if (report.verdict().equals("identical")) {
                identical++;
                // some are a network operator's, who has another key
                boolean ours = pair.request().requestId().originator().hex().equalsIgnoreCase("90B3D51F30010000");
                assertThat(report.agrees())
                        .as("%s %s", pair.name(), report.findings())
                        .isEqualTo(ours);
                assertThat(report.signature()).isEqualTo(Recheck.SignatureCheck.VERIFIED);
            }
        }
        assertThat(identical).isGreaterThanOrEqualTo(60);
    }

    // nothing is left out of the list: the fields in their order are the message
    @Test
    void theFieldsListedAreTheWholeMessage() throws Exception {
        int identical = 0;
        for (GivenCases.Pair pair : pairs) {
            Recheck.Report report = Recheck.of(evidence(pair, false), EC);
            StringBuilder all = new StringBuilder();
            report.fields().forEach(field -> all.append(field.expected()));
            if (report.verdict().equals("identical")) {
                identical++;
                assertThat(all.toString())
                        .as(pair.name())
                        .isEqualTo(HexFormat.of().withUpperCase().formatHex(pair.message()));
                assertThat(report.fields()).noneMatch(field -> field.outcome() == ComparedField.Outcome.DIFFERENT);
            }
        }
        assertThat(identical).isGreaterThanOrEqualTo(60);
    }

    @Test
    void theValuesThatTheDccChoseAreStoredWithTheirTime() throws Exception {
        EvidenceFile gas = evidence(pair("GCS01a"), false);
        assertThat(gas.verdict()).isEqualTo("identical");
        assertThat(gas.excused())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("value", "804A371C")
                        .containsEntry("time", "2015-01-01T00:00:00Z")
                        .containsEntry("secondsFromExchange", "-12"));
        assertThat(evidence(pair("ECS42"), false).excused()).isEmpty();
    }

    @Test
    void aRefusalIsRepeatedWithItsDifferences() throws Exception {
        EvidenceFile file = EvidenceFile.read(evidence(pair("ECS42"), true).json());
        Recheck.Report report = Recheck.of(file, EC);
        assertThat(report.verdict()).isEqualTo("different");
        assertThat(report.agrees()).isTrue();
        assertThat(report.signature()).isEqualTo(Recheck.SignatureCheck.ABSENT);
        assertThat(report.fields())
                .filteredOn(field -> field.outcome() == ComparedField.Outcome.DIFFERENT)
                .singleElement()
                .satisfies(field -> assertThat(field.expected()).isNotEqualTo(field.got()));
    }

    /** Changes every scalar of the file, one at a time, to another of its type. */
    private static List<Map.Entry<String, String>> changes(String json) {
        List<Map.Entry<String, String>> changed = new ArrayList<>();
        Matcher members = Pattern.compile("\"(\\w+)\" : (\"([^\"]*)\"|\\d+)").matcher(json);
        while (members.find()) {
            String value = members.group(3) == null
                    ? Long.toString(Long.parseLong(members.group(2)) + 1)
                    : other(members.group(1), members.group(3));
            String written = members.group(3) == null ? value : "\"" + value + "\"";
            changed.add(Map.entry(
                    members.group(1) + " at " + members.start(),
                    json.substring(0, members.start(2)) + written + json.substring(members.end(2))));
        }
        return changed;
    }

    private static String other(String member, String value) {
        return switch (member) {
            case "exchangedAt", "proofConsumedAt" ->
                Instant.parse(value).plusSeconds(1).toString();
            case "verdict" -> value.equals("identical") ? "different" : "identical";
            case "deviceType" -> value.equals("ESME") ? "GSME" : "ESME";
            case "variant" -> "TWIN";
            case "request", "preCommand", "signature", "certificate" -> {
                byte[] bytes = Base64.getDecoder().decode(value);
                bytes[bytes.length - 1] ^= 1;
                yield Base64.getEncoder().encodeToString(bytes);
            }
            default -> value.isEmpty() ? "x" : (value.charAt(0) == '0' ? '1' : '0') + value.substring(1);
        };
    }

    @Test
    void everyChangeOfAFileIsDetected() throws Exception {
        int count = 0;
        for (EvidenceFile good : List.of(
                evidence(pair("ECS42"), false), evidence(pair("GCS01a"), false), evidence(pair("ECS42"), true))) {
            String json = new String(good.json(), StandardCharsets.UTF_8);
            assertThat(exit(json)).isZero();
            for (Map.Entry<String, String> change : changes(json)) {
                assertThat(change.getValue()).as(change.getKey()).isNotEqualTo(json);
                assertThat(exit(change.getValue())).as(change.getKey()).isIn(1, 2);
                count++;
            }
        }
        assertThat(count).isGreaterThan(60);
    }

    /** A forgery with a recomputed digest is still detected if it contradicts other content. */
    @Test
    void aRecomputedDigestHidesOnlyChangesThatContradictNothing() throws Exception {
        for (EvidenceFile good : List.of(
                evidence(pair("ECS42"), false), evidence(pair("GCS01a"), false), evidence(pair("ECS42"), true))) {
            Map<String, Boolean> found = new LinkedHashMap<>();
            for (Map.Entry<String, String> change : changes(new String(good.json(), StandardCharsets.UTF_8))) {
                String member = change.getKey().replaceAll(" .*", "");
                String forged;
                try {
                    EvidenceFile read = EvidenceFile.read(change.getValue().getBytes(StandardCharsets.UTF_8));
                    forged = new String(read.json(), StandardCharsets.UTF_8);
                } catch (PosternException e) {
                    continue;
                }
                found.merge(member, exit(forged) != 0, Boolean::logicalAnd);
                // and the digest in the security log differs
                assertThat(exit(forged, "--digest", good.computedDigest()) == 0)
                        .as(change.getKey())
                        .isEqualTo(member.equals("digest"));
            }
            List<String> hidden = found.entrySet().stream()
                    .filter(e -> !e.getValue())
                    .map(Map.Entry::getKey)
                    .toList();
            // the certificate's own signature is its issuer's, who is not in the file; the rest of it is compared with
            // issuer, serial number and key
            assertThat(hidden)
                    .isSubsetOf(
                            "id",
                            "ruleVersion",
                            "keyAlias",
                            "proofConsumedAt",
                            "certificate",
                            "toleranceSeconds",
                            "exchangedAt",
                            "deviceType",
                            "variant",
                            "digest");
            assertThat(found)
                    .containsEntry("verdict", true)
                    .containsEntry("request", true)
                    .containsEntry("preCommand", true)
                    .containsEntry("requestSha256", true)
                    .containsEntry("preCommandSha256", true)
                    .containsEntry("useCase", true);
        }
    }

    private int exit(String json, String... options) throws Exception {
        Path file = Files.writeString(folder.resolve("evidence.json"), json);
        List<String> arguments = new ArrayList<>(List.of("recheck"));
        arguments.addAll(List.of(options));
        arguments.add(file.toString());
        out = new StringWriter();
        err = new StringWriter();
        return org.postern.parsecorrelate.cli.RunPac.run(out, err, arguments.toArray(String[]::new));
    }

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @Test
    void theCommandLineReportsItsFindings() throws Exception {
        String json = new String(evidence(pair("ECS42"), false).json(), StandardCharsets.UTF_8);
        assertThat(exit(json, "--fields")).isZero();
        assertThat(out.toString())
                .contains(
                        "\"result\":\"identical\"",
                        "\"agrees\":\"yes\"",
                        "\"signature\":\"verified\"",
                        "\"fields\":[{\"path\":")
                .contains("\"outcome\":\"equal\"")
                .as("the present and the former names")
                .contains("\"recordedResult\":\"identical\",\"resultOfTheDay\":\"identical\"")
                .containsPattern("\"recordedRules\":\"([0-9a-f]{16})\",\"rulesOfTheDay\":\"\\1\"");
        assertThat(exit("{}")).isEqualTo(2);
        assertThat(err.toString()).contains("PST-4020");
        assertThat(exit("")).isEqualTo(2);
        assertThat(exit("{\"a\":[1")).isEqualTo(2);
        assertThat(exit(json.replace("\"format\"", "\"formal\""))).isEqualTo(2);
        assertThat(exit(json.replaceFirst("\\{", "{\"extra\":\"x\","))).isEqualTo(2);
        assertThat(exit(json.replaceFirst("\\{", "{\"id\":\"x\",")))
                .as("a member twice")
                .isEqualTo(2);
        assertThat(exit(json + "{}")).isEqualTo(2);
    }

    @Test
    void evidenceWithoutAStoredCertificateIsNotCheckedAgainstOne() throws Exception {
        EvidenceFile good = evidence(pair("ECS42"), false);
        EvidenceFile.Signing old =
                new EvidenceFile.Signing(good.signing().orElseThrow().signature(), "", "", "", new byte[0], signed);
        EvidenceFile file = new EvidenceFile(
                good.id(),
                good.requestId(),
                good.service(),
                good.verdict(),
                good.ruleVersion(),
                good.useCase(),
                good.device(),
                good.exchangedAt(),
                good.tolerance(),
                good.request(),
                good.requestSha256(),
                good.preCommand(),
                good.preCommandSha256(),
                good.excused(),
                good.differences(),
                Optional.of(old),
                Optional.empty());
        Recheck.Report report = Recheck.of(file, EC);
        assertThat(report.agrees()).isTrue();
        assertThat(report.signature()).isEqualTo(Recheck.SignatureCheck.UNCHECKED);
    }

    @Test
    void deviceFactsAreReadInTheFormOfTheLedger() {
        assertThat(EvidenceFile.device(
                                "{\"deviceId\":\"00DB1234567890A0\",\"deviceType\":\"GPF\",\"variant\":\"TWIN\",\"attributes\":{\"target\":\"GSME\"}}")
                        .attributes())
                .containsEntry("target", "GSME");
        for (String bad : new String[] {
            "",
            "{}",
            "[",
            "{\"deviceId\":\"00DB1234567890A0\",\"deviceType\":\"TOASTER\",\"variant\":\"SINGLE\",\"attributes\":{}}"
        }) {
            assertThatThrownBy(() -> EvidenceFile.device(bad)).isInstanceOf(PosternException.class);
        }
    }
}
