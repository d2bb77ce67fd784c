package org.postern.console.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.appliance.AllowedFiles;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.CorrelationVerdict;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.UserRole;
import org.postern.console.internal.ConsoleFiles;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.ecprovider.EcProvider;
import org.postern.inventory.DeviceFacts;
import org.postern.ledger.Change;
import org.postern.ledger.Evidence;
import org.postern.ledger.Instruction;
import org.postern.ledger.Ledger;
import org.postern.ledger.NewRequest;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.parsecorrelate.Recheck;
import org.postern.securitylogging.OpenSecurityLog;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.standalone.SecurityLogFiles;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Withdrawal;
import org.postern.testkit.Rtds;

/**
 * What an auditor sees of a critical request: the commands against a real ledger and a real security log, with given
 * requests and Pre-Commands.
 */
class AuditTest {

    private static final EcProvider EC = EcProvider.fastest();
    private static final Instant THEN = Instant.parse("2015-01-01T00:00:12Z");

    @TempDir
    Path folder;

    private OpenLedger ledger;
    private OpenSecurityLog log;
    private final Map<Class<?>, Object> services = new HashMap<>();
    private String lastOutput = "";

    @BeforeEach
    void open() {
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), Clock.systemUTC());
        log = SecurityLogFiles.open(
                folder.resolve("security-log"), 1_000_000, Duration.ofSeconds(10), Clock.systemUTC());
        services.put(Ledger.class, ledger);
        services.put(SecurityLog.class, log);
        services.put(EcProvider.class, EC);
        services.put(
                ConsoleFiles.class,
                new ConsoleFiles(new AllowedFiles(List.of(folder), List.of(), List.of()), folder.resolve("export")));
    }

    @AfterEach
    void close() throws IOException {
        ledger.close();
        log.close();
    }

    private String print(PosternCommand command, boolean json) throws Exception {
        Services here = new Services() {
            @Override
            public <T> Optional<T> find(Class<T> type) {
                return Optional.ofNullable(type.cast(services.get(type)));
            }
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            command.in(here, new PrintStream(out, true, StandardCharsets.UTF_8), json)
                    .execute();
        } finally {
            lastOutput = out.toString(StandardCharsets.UTF_8);
        }
        return lastOutput;
    }

    private String show(String id) throws Exception {
        ShowCommand command = new ShowCommand();
        command.id = id;
        return print(command, false);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** A given case of that name's beginning: request, Pre-Command, device. */
    private record Given(DuisRequest request, byte[] document, byte[] preCommand, DeviceFacts device) {

        static Given of(String folder, String name, String device) throws Exception {
            Rtds rtds = Rtds.required();
            Path hex = rtds.messages(folder).stream()
                    .filter(f -> f.getFileName().toString().startsWith(name)
                            && f.getFileName().toString().contains("PRECOMMAND"))
                    .findFirst()
                    .orElseThrow();
            String start = hex.getFileName().toString().replace("_PRECOMMAND_GBCS.HEX", "");
            byte[] document = Files.readAllBytes(rtds.requests().stream()
                    .filter(f -> f.getFileName().toString().startsWith(start + "_"))
                    .findFirst()
                    .orElseThrow());
            DuisRequest request = new DuisReader(DuisLimits.DEFAULT).readRequest(document);
            return new Given(
                    request,
                    document,
                    Rtds.hex(hex),
                    DeviceFacts.of(request.requestId().target(), org.postern.catalogue.DeviceType.valueOf(device)));
        }
    }

    private String admitted(Given given) {
        return ledger.admit(new NewRequest(
                        new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "crm", "xml"),
                        given.document(),
                        Optional.of(given.request().requestId()),
                        new Target(
                                Optional.of(UserRole.IS),
                                Optional.of(given.request().serviceReferenceVariant()),
                                Optional.of(CommandVariant.CV4),
                                Optional.of(given.request().requestId().target())),
                        Lane.ROUTINE,
                        Optional.of(given.document()),
                        given.request().executionDateTime(),
                        Optional.of(Instant.parse("2030-01-16T09:10:00Z")),
                        Optional.empty()))
                .id();
    }

    /** As the life cycle keeps it: compared, and where identical signed with the given key. */
    private String correlated(Given given, byte[] preCommand) throws Exception {
        String id = admitted(given);
        Correlation verdict =
                new Recheck(Duration.ofSeconds(600)).recheck(given.document(), preCommand, given.device(), THEN);
        String facts = "{\"deviceId\":\"" + given.device().deviceId().hex() + "\",\"deviceType\":\""
                + given.device().deviceType().orElseThrow() + "\",\"variant\":\"SINGLE\",\"attributes\":{}}";
        boolean identical = verdict.fold(same -> true, different -> false);
        Evidence evidence = new Evidence(
                identical ? CorrelationVerdict.IDENTICAL : CorrelationVerdict.DIFFERENT,
                verdict.ruleVersion(),
                verdict.fold(Correlation.Identical::useCase, Correlation.Different::useCase),
                facts,
                THEN,
                Duration.ofSeconds(600),
                sha256(given.document()),
                sha256(preCommand),
                EvidenceFile.written(
                        verdict.fold(same -> EvidenceFile.excused(same.excused(), THEN), different -> List.of())),
                EvidenceFile.written(verdict.fold(
                        same -> List.of(), different -> EvidenceFile.differences(different.differences()))),
                Optional.empty());
        ledger.apply(Change.of(id).to(RequestState.TRANSFORM_SENT, "handed to serviceT"));
        if (!identical) {
            Map<String, String> first =
                    EvidenceFile.rows(evidence.differences()).get(0);
            log.append(new SecurityEvent.CorrelationFailed(
                    "service-requests",
                    given.request().requestId().toString(),
                    first.get("path"),
                    first.get("expected"),
                    first.get("got"),
                    first.get("rule")));
            ledger.apply(Change.of(id)
                    .preCommand(preCommand)
                    .evidence(evidence)
                    .to(RequestState.NOT_CORRELATED, "it differs"));
            return id;
        }
        ledger.apply(Change.of(id).preCommand(preCommand).evidence(evidence).to(RequestState.CORRELATED, "identical"));
        return id;
    }

    private void signed(String id, Given given, byte[] preCommand) throws Exception {
        Path keystore = Rtds.required().keystore();
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Files.readAllBytes(keystore.resolve("90b3d51f30010000-ds.pem"))));
        PrivateKey key = EC.privateKey(Base64.getMimeDecoder()
                .decode(Files.readString(keystore.resolve("90b3d51f30010000-ds.key"))
                        .replaceAll("-----[A-Z ]+-----", "")));
        byte[] signature = EC.sign(key, preCommand, 1, preCommand.length - 1);
        log.append(new SecurityEvent.KeyUsed(
                given.request().requestId().originator().dashed(),
                "SIGN_PRE_COMMAND",
                "is-gbcs",
                given.request().requestId().toString(),
                sha256(preCommand)));
        byte[] message = Arrays.copyOf(preCommand, preCommand.length + 65);
        message[preCommand.length] = 0x40;
        System.arraycopy(signature, 0, message, preCommand.length + 1, 64);
        ledger.apply(Change.of(id)
                .signedPreCommand(
                        message,
                        new Evidence.Signing(
                                signature,
                                "is-gbcs",
                                certificate.getIssuerX500Principal().getName(),
                                certificate.getSerialNumber().toString(),
                                certificate.getEncoded(),
                                certificate.getNotBefore().toInstant().plusSeconds(5)))
                .to(RequestState.COMMAND_SIGNED, "proof consumed")
                .to(RequestState.SENT, "handed to serviceS")
                .to(RequestState.ACKNOWLEDGED, "I99"));
    }

    @Test
    void whyItWasSignedStandsAtTheTop() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        String id = correlated(given, given.preCommand());
        assertThat(show(id))
                .startsWith(
                        "Not yet signed: it is CORRELATED (identical). The Pre-Command is byte for byte what use case ECS42 (004F) "
                                + "makes of this Service Request under rules ");
        signed(id, given, given.preCommand());
        String shown = show(given.request().requestId().toString());
        assertThat(shown.lines().limit(4).toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(
                                        "Signed\\. The Pre-Command is byte for byte what use case ECS42 \\(004F\\) makes of this Service Request "
                                                + "under rules \\w{6,}.*"),
                        line -> assertThat(line).isEqualTo("  Nothing was excused."),
                        line -> assertThat(line)
                                .matches("  signed with key is-gbcs \\(certificate serial \\d+ of .+\\) at .+Z\\."),
                        line -> assertThat(line).matches("  security log: record \\d+\\."));
        ShowCommand json = new ShowCommand();
        json.id = id;
        assertThat(tree(print(json, true))).contains("explanation");
        assertThat(lastOutput).startsWith("{\"explanation\":[\"Signed. The");
    }

    @Test
    void whatWasExcusedIsSaidWithItsDistance() throws Exception {
        Given given = Given.of("1.1.1_GCS01a", "GCS01a_1.1.1_FUTURE_DATED_BLOCK_SUCCESS", "GSME");
        String id = correlated(given, given.preCommand());
        signed(id, given, given.preCommand());
        assertThat(show(id))
                .containsPattern(
                        "  excused: the DCC's build time \\(issuer event and calendar ids\\) in \\d+ places, all 2015-01-01T00:00:00Z,"
                                + " 12 s before the exchange \\(600 s are allowed\\)\\.")
                .contains("Dated for 2030-01-15T09:00:00Z: the device has not accepted it yet");
    }

    @Test
    void whyItWasRefusedStandsAtTheTop() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        byte[] altered = given.preCommand().clone();
        altered[altered.length - 1] ^= 1;
        String id = correlated(given, altered);
        List<String> lines = show(id).lines().toList();
        assertThat(lines.get(0))
                .isEqualTo(
                        "Refused: 1 field differs between the Pre-Command and our Service Request, use case ECS42 (004F); nothing was signed.");
        assertThat(lines.get(1)).matches("  EnableSupply#item 1 .*: expected \\w+, got \\w+; rule: ECS42 .*");
        assertThat(lines.get(2)).startsWith("  compared at 2015-01-01T00:00:12Z under rules ");
        assertThat(lines.get(3)).matches("  security log: record \\d+\\.");
        // the refusal is repeated from what is stored, and agrees
        RecheckCommand recheck = new RecheckCommand();
        recheck.id = id;
        assertThat(print(recheck, false))
                .containsPattern("agrees +true")
                .containsPattern("signature +none: nothing was signed")
                .contains("EnableSupply#item 1");
    }

    @Test
    void whatHasNoPreCommandSaysSo() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        String id = admitted(given);
        assertThat(show(id)).startsWith("Not yet signed: no Pre-Command has come; it is ADMITTED");
        ledger.apply(Change.of(id).to(RequestState.TRANSFORM_SENT, "").retry(1, THEN, "DCC unreachable: refused"));
        assertThat(show(id))
                .startsWith(
                        "Not yet signed: no Pre-Command has come; it is TRANSFORM_SENT (DCC unreachable: refused), next attempt at "
                                + THEN + ".");
        ledger.apply(Change.of(id).noRetry().to(RequestState.REFUSED, "E5 status incompatible"));
        assertThat(show(id))
                .startsWith(
                        "Never signed: it ended REFUSED (E5 status incompatible) before a Pre-Command was compared.");
        EvidenceCommand export = new EvidenceCommand();
        export.id = id;
        assertThat(catchThrowableOfType(PosternException.class, () -> print(export, false))
                        .fault()
                        .code())
                .isEqualTo("PST-7092");
    }

    @Test
    void aDatedRequestTellsWhatItWaitsForAndWhatCameOfEachInstruction() throws Exception {
        Given given = Given.of("2.1_ECS08", "ECS08_2.1_FUTURE_DATED_SUCCESS", "ESME");
        String id = correlated(given, given.preCommand());
        signed(id, given, given.preCommand());
        ledger.apply(Change.of(id).to(RequestState.ACCEPTED_BY_DEVICE, "the device will act at its time"));
        assertThat(show(id))
                .contains(
                        "Pending: the device will carry it out at 2030-01-15T09:00:00Z; no outcome yet, awaited until 2030-01-16T09:10:00Z.");
        ledger.apply(Change.of(id)
                .instruction(new Instruction(2, 3, true, "9000/0-0:94.44.128.9/6", "i-1", THEN, ""))
                .to(RequestState.PARTIALLY_ACTIONED, ""));
        ledger.apply(Change.of(id)
                .instruction(new Instruction(1, 3, false, "9000/0-0:94.44.2.10/6", "i-2", THEN, ""))
                .remark("something odd"));
        String shown = show(id);
        assertThat(shown)
                .contains(
                        "Pending: it was dated for 2030-01-15T09:00:00Z; 2 of 3 instructions have an outcome, the others are awaited until",
                        "  instruction 1/3 NOT carried out: 9000/0-0:94.44.2.10/6, reported at " + THEN + ".",
                        "  instruction 2/3 carried out: 9000/0-0:94.44.128.9/6",
                        ": something odd.");
        ledger.apply(Change.of(id).to(RequestState.CANCELLED, "cancelled by X"));
        assertThat(show(id)).contains("Cancelled: it was dated for 2030-01-15T09:00:00Z; cancelled by X.");
    }

    @Test
    void whatIsDamagedIsNamedAndAllElseIsShown() throws Exception {
        String id = ledger.admit(new NewRequest(
                        new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "crm", "xml"),
                        new byte[] {1},
                        Optional.empty(),
                        new Target(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                        Lane.ROUTINE,
                        Optional.of(new byte[] {1}),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .id();
        ledger.apply(Change.of(id)
                .to(RequestState.TRANSFORM_SENT, "")
                .remark("something odd")
                .deliver(OutboxEntry.pending(
                        "d1",
                        Optional.of(id),
                        DeliveryKind.RESULT,
                        ReplyAddress.COMMON,
                        Map.of(),
                        "t",
                        new byte[] {1},
                        Optional.empty())));
        ledger.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                Statement damage = connection.createStatement()) {
            assertThat(damage.executeUpdate("UPDATE outbox SET packed = X'00'")).isEqualTo(1);
            assertThat(damage.executeUpdate("UPDATE requests SET document_packed = X'00'"))
                    .isEqualTo(1);
        }
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), Clock.systemUTC());
        services.put(Ledger.class, ledger);
        assertThat(show(id))
                .contains("something odd", "TRANSFORM_SENT", "PST-6015 outbox/d1", "PST-6015 " + id + "/document");
        ShowCommand command = new ShowCommand();
        command.id = id;
        assertThat(tree(print(command, true))).contains("remarks", "deliveries", "damaged");
    }

    @Test
    void aStoredVerdictIsRepeatedFieldByFieldAndTheSignatureVerified() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        String id = correlated(given, given.preCommand());
        signed(id, given, given.preCommand());
        RecheckCommand command = new RecheckCommand();
        command.id = id;
        command.fields = true;
        String shown = print(command, false);
        assertThat(shown)
                .containsPattern("agrees +true")
                .containsPattern("verdict +identical")
                .contains("today's are those of the day", "verified with the certificate", "is-gbcs")
                .contains("Header/RequestID")
                .contains("equal");
        assertThat(tree(print(command, true))).contains("fields", "recheck", "excused", "differences");

        // whoever changes the ledger afterwards is found
        ledger.apply(Change.of(id).preCommand(Arrays.copyOf(given.preCommand(), given.preCommand().length + 1)));
        assertThatThrownBy(() -> print(command, true))
                .isInstanceOf(PosternException.class)
                .hasMessageStartingWith("PST-7093")
                .hasMessageContaining("Pre-Command is not the one that was compared")
                .hasMessageContaining("signature");
        assertThat(lastOutput).contains("\"agrees\":false");
    }

    @Test
    void evidenceIsExportedOnceWithItsDigestInTheSecurityLog() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        String id = correlated(given, given.preCommand());
        signed(id, given, given.preCommand());
        EvidenceCommand command = new EvidenceCommand();
        command.id = id;
        command.file = "evidence.json";
        print(command, false);
        EvidenceFile file = EvidenceFile.read(Files.readAllBytes(folder.resolve("export/evidence.json")));
        assertThat(Recheck.of(file, EC).agrees()).isTrue();
        assertThat(Recheck.of(file, EC).signature()).isEqualTo(Recheck.SignatureCheck.VERIFIED);
        assertThat(lastOutput).contains(file.computedDigest());
        assertThat(log.tail(1))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.object()).isEqualTo("dcc:evidence " + id + " " + file.computedDigest()));
        assertThat(catchThrowableOfType(PosternException.class, () -> print(command, false))
                        .fault()
                        .cause())
                .isEqualTo("it exists");
        command.file = null;
        assertThat(EvidenceFile.read(print(command, false).getBytes(StandardCharsets.UTF_8))
                        .computedDigest())
                .isEqualTo(file.computedDigest());
    }

    @Test
    void takingARequestBackSaysWhatThatMeant() throws Exception {
        Given given = Given.of("7.1_ECS42", "ECS42", "ESME");
        String id = admitted(given);
        List<Withdrawal> answers = new ArrayList<>(List.of(
                Withdrawal.withdrawn(),
                Withdrawal.cancelling(new Admission.Accepted("r-2", "a:b:2", false)),
                Withdrawal.cancelling(
                        Admission.Refused.forGood("r-3", ServiceRequestFault.ROLE_INACTIVE.fault("role", "c"))),
                Withdrawal.tooLate("it is DELIVERED and not future-dated")));
        services.put(
                ServiceRequests.class,
                java.lang.reflect.Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {ServiceRequests.class}, (proxy, method, args) -> {
                            assertThat(method.getName() + args[0]).isEqualTo("withdraw" + id);
                            return answers.remove(0);
                        }));
        CancelCommand command = new CancelCommand();
        command.id = id;
        assertThat(print(command, false)).contains("withdrawn", "It had not been sent");
        assertThat(log.tail(1))
                .singleElement()
                .satisfies(event -> assertThat(event.id() + event.object()).isEqualTo("SL-303dcc:cancel " + id));
        assertThat(print(command, false)).contains("r-2", "a:b:2", "pending until that is confirmed");
        assertThat(catchThrowableOfType(PosternException.class, () -> print(command, true))
                        .fault()
                        .code())
                .isEqualTo("PST-2110");
        assertThat(catchThrowableOfType(PosternException.class, () -> print(command, true))
                        .fault())
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo("PST-7094");
                    assertThat(fault.cause()).contains("not future-dated");
                });
    }

    /** Names of the members of the outermost object; JSON to its end. */
    private static List<String> tree(String json) throws IOException {
        List<String> names = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                if (parser.getParsingContext().getParent() != null
                        && parser.getParsingContext().getParent().inRoot()
                        && parser.currentName() != null) {
                    names.add(parser.currentName());
                }
            }
        }
        return names;
    }
}
