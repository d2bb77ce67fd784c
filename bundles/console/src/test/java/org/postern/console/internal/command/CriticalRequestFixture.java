package org.postern.console.internal.command;

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
import org.junit.jupiter.api.io.TempDir;
import org.postern.appliance.AllowedFiles;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.CorrelationVerdict;
import org.postern.catalogue.Lane;
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
import org.postern.ledger.Ledger;
import org.postern.ledger.NewRequest;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.Origin;
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
import org.postern.testkit.Rtds;

/**
 * Critical requests of the reference data in a real ledger with a real security log, and commands that are run against
 * them.
 */
abstract class CriticalRequestFixture {

    protected static final EcProvider EC = EcProvider.fastest();
    protected static final Instant THEN = Instant.parse("2015-01-01T00:00:12Z");

    @TempDir
    protected Path folder;

    protected OpenLedger ledger;
    protected OpenSecurityLog log;
    protected final Map<Class<?>, Object> services = new HashMap<>();
    protected String lastOutput = "";

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

    protected String print(PosternCommand command, boolean json) throws Exception {
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

    protected String show(String id) throws Exception {
        ShowCommand command = new ShowCommand();
        command.id = id;
        return print(command, false);
    }

    protected static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** A reference message whose file name begins with a given name: request, Pre-Command and device. */
    protected record Given(DuisRequest request, byte[] document, byte[] preCommand, DeviceFacts device) {

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

    protected String admitted(Given given) {
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

    /** Stores a request as the life cycle does after its correlation. */
    protected String correlated(Given given, byte[] preCommand) throws Exception {
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

    protected void signed(String id, Given given, byte[] preCommand) throws Exception {
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

    /** Names of the members of the outermost object; JSON to its end. */
    protected static List<String> tree(String json) throws IOException {
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
