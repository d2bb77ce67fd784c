package org.postern.servicerequests.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.Lane;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.standalone.InventoryFiles;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.SecurityLogFault;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.internal.admission.Admitter;
import org.postern.servicerequests.internal.admission.Draft;
import org.postern.servicerequests.internal.admission.FirmwareRule;
import org.postern.servicerequests.internal.admission.OutgoingRules;
import org.postern.servicerequests.internal.lifecycle.CountingMetrics;
import org.postern.servicerequests.internal.lifecycle.Results;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.reading.SubmissionReader;
import org.postern.servicerequests.internal.roles.FixedVault;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkitservices.RecordingSecurityLog;

/**
 * The pre-checks of credentials through admission: a real ledger, the throwaway PKI, the order of checking, raising,
 * logging and numbering.
 */
class CredentialsAdmissionTest {

    private static final Clock CLOCK = Clock.systemUTC();
    private static final Eui64 SUPPLIER = SimulatorPki.user(UserRole.IS);
    private static final Eui64 NETWORK = SimulatorPki.user(UserRole.ED);

    @TempDir
    static Path pkiFolder;

    private static SimulatorPki pki;
    private static Eui64 meter;

    @TempDir
    Path folder;

    private OpenLedger ledger;
    private final List<SecurityEvent> logged = new ArrayList<>();
    private final CountingMetrics metrics = new CountingMetrics();
    private PosternException logFailure;
    private CredentialChecker checker;
    private Admitter admitter;
    private SubmissionReader reader;

    @BeforeAll
    static void throwawayPki() {
        Population population = new Population(2, 2);
        pki = SimulatorPki.create(pkiFolder, population, CLOCK);
        meter = population.devices(DeviceType.ESME).get(0).deviceId();
    }

    @BeforeEach
    void open() {
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), CLOCK);
        ServiceCatalogue catalogue = new ServiceCatalogue();
        RoleRegistry roles = new RoleRegistry(catalogue, System::nanoTime, java.time.Duration.ZERO);
        roles.vault(FixedVault.of(SUPPLIER, NETWORK));
        roles.add(new Role(catalogue, UserRole.IS, SUPPLIER));
        roles.add(new Role(catalogue, UserRole.ED, NETWORK));
        CertificateDirectory certificates =
                InventoryFiles.certificates(pki.certificates(), folder, Duration.ofMinutes(1), 100, CLOCK);
        DeviceInventory inventory = InventoryFiles.devices(
                pki.certificates().resolveSibling("inventory.csv"), Optional.empty(), Duration.ofMinutes(1), CLOCK);
        checker = new CredentialChecker(new CredentialChecker.Collaborators(
                ledger,
                certificates,
                inventory,
                roles,
                CredentialChecker.reader(catalogue, roles),
                FixedVault.of(SUPPLIER, NETWORK),
                CLOCK));
        SecurityLog log = new RecordingSecurityLog() {
            @Override
            public long append(SecurityEvent event) {
                if (logFailure != null) {
                    throw logFailure;
                }
                logged.add(event);
                return super.append(event);
            }
        };
        reader = new SubmissionReader(catalogue, roles, SimulatorPki.ACCESS_CONTROL_BROKER, DuisLimits.DEFAULT);
        OutgoingRules outgoing = new OutgoingRules(
                DuisLimits.DEFAULT,
                new FirmwareRule(inventory, ledger, new DuisReader(DuisLimits.DEFAULT)),
                document -> {});
        admitter = new Admitter(
                new Admitter.Collaborators(
                        catalogue,
                        roles,
                        outgoing,
                        checker,
                        ledger,
                        new WorkOffers(System::nanoTime),
                        log,
                        metrics,
                        CLOCK),
                new Admitter.Settings(SimulatorPki.ACCESS_CONTROL_BROKER, 1_000_000, Duration.ofHours(1)));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private static String base64(String name) {
        try {
            return Files.readString(pki.certificates().resolve(name + ".pem")).replaceAll("-----[A-Z ]+-----|\\s", "");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<DuisElement> certificates(Eui64 owner, boolean topUp) {
        List<DuisElement> elements = new ArrayList<>(List.of(
                DuisElement.leaf("DigitalSigningCertificate", base64(owner.fileName() + "-ds")),
                DuisElement.leaf("KeyAgreementCertificate", base64(owner.fileName() + "-ka"))));
        if (topUp) {
            elements.add(DuisElement.leaf("KeyAgreementTopUpCertificate", base64(owner.fileName() + "-pp-ka")));
        }
        return elements;
    }

    private static DuisElement path() {
        return DuisElement.of("CertificationPathCertificates", DuisElement.leaf("Certificate", base64("issuing")));
    }

    private static DuisElement timed() {
        return DuisElement.leaf("ApplyTimeBasedCPVChecks", "true");
    }

    private static DuisRequest request(Eui64 originator, String service, DuisElement body) {
        DuisRequest made = Bench.request(originator, service, body);
        return made.withRequestId(new RequestId(originator, meter, 1));
    }

    private static DuisRequest ownCredentials(long floor, long topUpFloor) {
        return request(
                SUPPLIER,
                "6.15.1",
                DuisElement.of(
                        "UpdateSecurityCredentialsKRP",
                        DuisElement.leaf("RemotePartyRole", "Supplier"),
                        DuisElement.leaf("RemotePartyFloorSeqNumber", Long.toString(floor)),
                        DuisElement.leaf("RemotePartyPrepaymentTopUpFloorSeqNumber", Long.toString(topUpFloor)),
                        DuisElement.of(
                                "ReplacementCertificates",
                                DuisElement.of("SupplierOrNetworkOperatorCertificates", certificates(SUPPLIER, true))),
                        path(),
                        timed()));
    }

    private static DuisRequest handover(String party, Eui64 owner, boolean topUp) {
        return request(
                SUPPLIER,
                "6.21",
                DuisElement.of(
                        "RequestHandoverOfDCCControlledDevice",
                        DuisElement.leaf("RemotePartyRole", party),
                        DuisElement.of("ReplacementCertificates", certificates(owner, topUp)),
                        path(),
                        timed()));
    }

    private static DuisRequest deviceCertificate(String base64) {
        return request(
                SUPPLIER,
                "6.15.2",
                DuisElement.of("UpdateSecurityCredentialsDevice", DuisElement.leaf("DeviceCertificate", base64)));
    }

    private static DuisRequest issue(String type) {
        return request(
                SUPPLIER, "6.17", DuisElement.of("IssueSecurityCredentials", DuisElement.leaf("CredentialType", type)));
    }

    private static List<DuisRequest> one() {
        return List.of(
                ownCredentials(0, 0),
                request(
                        NETWORK,
                        "6.15.1",
                        DuisElement.of(
                                "UpdateSecurityCredentialsKRP",
                                DuisElement.leaf("RemotePartyRole", "NetworkOperator"),
                                DuisElement.leaf("RemotePartyFloorSeqNumber", "0"),
                                DuisElement.of(
                                        "ReplacementCertificates",
                                        DuisElement.of(
                                                "SupplierOrNetworkOperatorCertificates", certificates(NETWORK, false))),
                                path(),
                                timed())),
                handover("Supplier", SUPPLIER, true),
                handover("NetworkOperator", NETWORK, false),
                request(
                        SUPPLIER,
                        "6.23",
                        DuisElement.of(
                                "UpdateSecurityCredentialsCoS",
                                DuisElement.leaf("SupplierFloorSeqNumber", Long.toString(CLOCK.millis() + 60_000)),
                                DuisElement.of("SupplierReplacementCertificates", certificates(SUPPLIER, true)),
                                path(),
                                timed(),
                                DuisElement.leaf("ImportMPxN", "1312345678333"))),
                deviceCertificate(base64(meter.fileName() + "-ds")),
                deviceCertificate(base64(meter.fileName() + "-ka")),
                issue("Digital Signature"),
                request(
                        SUPPLIER,
                        "6.24.1",
                        DuisElement.of(
                                "RetrieveDeviceSecurityCredentialsKRP",
                                DuisElement.leaf("RemotePartyRole", "Supplier"))),
                request(
                        SUPPLIER,
                        "6.24.2",
                        DuisElement.of(
                                "RetrieveDeviceSecurityCredentialsDevice",
                                DuisElement.leaf("CredentialType", "Key Agreement"))));
    }

    private Admission admit(DuisRequest request, String correlation) {
        Submission submission = new Submission(
                Channel.HTTP,
                Submission.Format.XML,
                DuisWriter.write(request).toArray(),
                Optional.empty(),
                Optional.ofNullable(correlation),
                Optional.empty(),
                "crm");
        return admitter.admit(
                submission,
                () -> Draft.of(
                        reader.read(submission.format(), submission.bytes()), submission.lane(), ledger.counters()));
    }

    private Fault refused(DuisRequest request) {
        Admission admission = admit(request, null);
        assertThat(admission).isInstanceOf(Admission.Refused.class);
        return ((Admission.Refused) admission).fault();
    }

    private Admission.Accepted accepted(DuisRequest request, String correlation) {
        Admission admission = admit(request, correlation);
        assertThat(admission).as("%s", admission).isInstanceOf(Admission.Accepted.class);
        return (Admission.Accepted) admission;
    }

    @Test
    void everyServiceIsAdmittedWithCertificatesOfTheThrowawayPki() {
        for (DuisRequest request : one()) {
            Admission.Accepted accepted = accepted(request, null);
            assertThat(ledger.find(accepted.id()).map(RequestRecord::state)).contains(RequestState.ADMITTED);
            assertThat(logged).last().isInstanceOfSatisfying(SecurityEvent.CredentialsAdmitted.class, event -> {
                assertThat(event.object()).isEqualTo(accepted.requestId());
                assertThat(event.service()).isEqualTo(request.serviceReferenceVariant());
                assertThat(event.actor()).isEqualTo("crm");
            });
        }
        assertThat(logged).hasSize(one().size());
        assertThat(logged.get(0)).isInstanceOfSatisfying(SecurityEvent.CredentialsAdmitted.class, event -> {
            assertThat(event.party()).isEqualTo("Supplier");
            assertThat(event.euis()).containsExactly(SUPPLIER.dashed());
            assertThat(event.serials()).hasSize(3).allMatch(serial -> serial.matches("[0-9A-F]+"));
        });
        assertThat(metrics.snapshot())
                .containsEntry("postern_credentials_total{outcome=\"admitted\"}", (long) one().size());
    }

    @Test
    void aRefusalIsRejectedOnDiskLoggedAsItsOwnKindAndSpendsNoCounter() {
        DuisRequest wrong = handover("Supplier", NETWORK, false);

        Fault fault = refused(wrong);

        assertThat(fault.code()).isEqualTo("PST-2133");
        assertThat(fault.field())
                .isEqualTo(
                        "Body/RequestHandoverOfDCCControlledDevice/ReplacementCertificates/DigitalSigningCertificate");
        assertThat(ledger.requests(RequestFilter.newest(10))).singleElement().satisfies(record -> {
            assertThat(record.state()).isEqualTo(RequestState.REJECTED);
            assertThat(record.progress().cause()).startsWith("PST-2133");
            assertThat(record.requestId()).isEmpty();
        });
        assertThat(logged).singleElement().isInstanceOfSatisfying(SecurityEvent.CredentialsRefused.class, event -> {
            assertThat(event.id()).isEqualTo("SL-402");
            assertThat(event.faultCode()).isEqualTo("PST-2133");
            assertThat(event.field()).isEqualTo(fault.field());
            assertThat(event.party()).isEqualTo("Supplier");
            assertThat(event.channel()).isEqualTo("http");
        });
        assertThat(ledger.counters().highest(SUPPLIER)).isZero();
        assertThat(metrics.snapshot())
                .containsEntry("postern_credentials_total{outcome=\"refused\"}", 1L)
                .containsKey("postern_credential_findings_total{code=\"PST-2139\"}");
    }

    @Test
    void ourCountersGoOnAboveAFloorFromAdmissionOn() {
        long floor = CLOCK.millis() + 3_600_000;

        Admission.Accepted first = accepted(ownCredentials(floor, 5L << 32), null);

        assertThat(RequestId.parse(first.requestId()).counter()).isGreaterThan(floor);
        assertThat(ledger.counters().next(SUPPLIER)).isGreaterThan(floor);
        assertThat(ledger.counters().nextPrepayment(SUPPLIER, meter)).isEqualTo(6L << 32);
        assertThat(refused(ownCredentials(floor, 6L << 32)).code())
                .as("the same floor is below the counters now")
                .isEqualTo("PST-2140");
    }

    @Test
    void aFloorBelowAnyCounterUsedIsRefusedAndARefusalRaisesNothing() {
        long used = ledger.counters().next(SUPPLIER);

        assertThat(refused(ownCredentials(used - 1, 0))).satisfies(fault -> {
            assertThat(fault.code()).isEqualTo("PST-2140");
            assertThat(fault.rule()).contains(Long.toString(used));
            assertThat(fault.field()).endsWith("UpdateSecurityCredentialsKRP/RemotePartyFloorSeqNumber");
        });
        refused(ownCredentials(CLOCK.millis() + 3_600_000, (5L << 32) + 1));
        assertThat(ledger.counters().next(SUPPLIER)).isEqualTo(used + 1);
        accepted(ownCredentials(used + 1, 0), null);
    }

    @Test
    void theSameWorkHandedInAgainIsTheSameRequestThoughItsFloorIsPassed() {
        DuisRequest request = ownCredentials(CLOCK.millis() + 3_600_000, 1L << 32);
        Admission.Accepted first = accepted(request, "rotation-1");
        long highest = ledger.counters().highest(SUPPLIER);

        Admission.Accepted again = accepted(request, "rotation-1");

        assertThat(again.repeated()).isTrue();
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(ledger.counters().highest(SUPPLIER)).isEqualTo(highest);
    }

    @Test
    void withoutASecurityLogNothingIsAdmitted() {
        logFailure = new PosternException(
                new Fault(SecurityLogFault.NOT_WRITABLE, "security-log", "on disk first", "disk full", "make room"));

        Admission admission = admit(ownCredentials(0, 0), null);

        assertThat(((Admission.Refused) admission).worthRepeating()).isTrue();
        assertThat(ledger.requests(RequestFilter.newest(10))).isEmpty();
    }

    /** The answer of the device to 6.17, as the life cycle leaves it in the ledger. */
    private RequestId answered(String type, KeyPair key, boolean success) throws Exception {
        Admission.Accepted asked = accepted(issue(type), null);
        RequestId id = RequestId.parse(asked.requestId());
        ledger.store(document(id, "answer", key, "dcc"));
        ledger.apply(Change.of(asked.id()).success(success));
        return id;
    }

    @SuppressWarnings("ArgumentSelectionDefectChecker") // an answer goes from the target to the originator
    private static InboundDocument document(RequestId id, String what, KeyPair key, String signer) throws Exception {
        GbcsCodec codec = new GbcsCodec();
        byte[] csr = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), key.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                .getEncoded();
        GbcsMessage answer = GbcsMessage.unsigned(
                        new GroupingHeader(
                                2,
                                id.counter(),
                                id.target(),
                                id.originator(),
                                Optional.empty(),
                                0x000A,
                                org.postern.gbcs.Supplement.NONE),
                        new Asn1Payload(codec.decodeDer(Bytes.of(csr))))
                .wrapped(new byte[12]);
        byte[] document = DuisWriter.write(new DuisResponse(
                        "5.4",
                        Optional.of(id),
                        Optional.of(new ResponseId(id.target(), id.originator(), id.counter())),
                        "I0",
                        CLOCK.instant(),
                        new ResponseBody.ResponseMessage(
                                "6.17",
                                "6.17",
                                Optional.of(new ResponsePayload.GbcsPayload(org.postern.duis.Bytes.of(
                                        answer.encoded().toArray()))))))
                .toArray();
        return new InboundDocument(
                new InboundIdentity(what + " " + id),
                Optional.of(id),
                "ResponseMessage",
                "I0",
                document,
                CLOCK.instant(),
                signer);
    }

    private static String certificate(KeyPair key, int usage) {
        TestPki.Made issuing = new TestPki.Made(ISSUING_KEYS, null, new X500Name("CN=Test issuing"));
        return TestPki.device(CLOCK.instant(), issuing, meter, usage)
                .keys(key)
                .make()
                .base64();
    }

    private static final KeyPair ISSUING_KEYS = TestPki.pair("secp256r1");

    @Test
    void aDeviceCertificateIsForTheKeyThatTheDeviceMadeLast() throws Exception {
        KeyPair old = TestPki.pair("secp256r1");
        KeyPair latest = TestPki.pair("secp256r1");
        answered("Digital Signature", old, true);
        RequestId asked = answered("Digital Signature", latest, true);
        // kept for people alone
        ledger.quarantine(document(asked, "put aside", old, "dcc"));
        ledger.store(document(asked, "untrusted", old, InboundDocument.NOT_PROVEN));
        answered("Digital Signature", TestPki.pair("secp256r1"), false);
        answered("Key Agreement", TestPki.pair("secp256r1"), true);
        // delivered as what it says, with nobody having checked its MAC
        String unchecked = ledger.findByRequestId(answered("Digital Signature", old, true))
                .orElseThrow()
                .id();
        ledger.apply(Change.of(unchecked)
                .deliver(OutboxEntry.pending(
                        "unchecked",
                        Optional.of(unchecked),
                        DeliveryKind.RESULT,
                        ReplyAddress.COMMON,
                        Map.of("authenticated", "no"),
                        "t",
                        new byte[0],
                        Optional.empty())));

        // its issuer is nobody we hold: that is said, and the key is judged all the same
        assertThat(codes(checker.check(deviceCertificate(certificate(latest, KeyUsage.digitalSignature)))))
                .containsExactly("PST-2137");
        assertThat(codes(checker.check(deviceCertificate(certificate(old, KeyUsage.digitalSignature)))))
                .containsExactly("PST-2137", "PST-2143");
        assertThat(codes(checker.check(deviceCertificate(certificate(latest, KeyUsage.keyAgreement)))))
                .containsExactly("PST-2137", "PST-2143");
        assertThat(refused(deviceCertificate(base64(meter.fileName() + "-ds"))).code())
                .isEqualTo("PST-2143");
    }

    private static List<String> codes(CredentialsReport report) {
        return report.findings().stream().map(finding -> finding.fault().code()).toList();
    }

    @Test
    void aFileIsReadAsTheDoorsDoAndNothingIsHandedIn() {
        CredentialsReport xml = checker.check(
                Submission.Format.XML, DuisWriter.write(ownCredentials(0, 0)).toArray());
        CredentialsReport json = checker.check(
                Submission.Format.JSON,
                ("{\"service\":\"6.17\",\"device\":\"" + meter.dashed()
                                + "\",\"role\":\"IS\",\"body\":{\"CredentialType\":\"Key Agreement\"}}")
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(xml.refusal()).isEmpty();
        assertThat(xml.certificates()).hasSize(4);
        assertThat(json.refusal()).isEmpty();
        assertThat(json.device()).isEqualTo(meter);
        assertThat(ledger.counts()).isEmpty();
        assertThat(ledger.counters().highest(SUPPLIER)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "6.15.1, success, 6.24.1",
        "6.21, success, 6.24.1",
        "6.23, actioned, 6.24.1",
        "6.15.2, success, 6.24.2",
        "6.15.1, accepted-by-device, ''",
        "6.15.1, failed, ''",
        "6.17, success, ''",
        "7.1, success, ''"
    })
    void aResultThatReplacedCredentialsSaysHowToReadThemBack(String service, String outcome, String postCheck) {
        RequestRecord record = new RequestRecord(
                "R1",
                Optional.empty(),
                new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "xml"),
                new Target(
                        Optional.of(UserRole.IS),
                        Optional.of(service),
                        Optional.of(CommandVariant.CV4),
                        Optional.of(meter)),
                Lane.ROUTINE,
                new RequestRecord.Progress(RequestState.SENT, "", Optional.empty(), Optional.empty()),
                RequestRecord.Sending.NONE,
                new RequestRecord.Timing(Optional.empty(), Optional.empty(), 0),
                CLOCK.instant(),
                CLOCK.instant());

        Map<String, String> headers = Results.headers(record, Outcome.of(outcome));

        assertThat(headers.getOrDefault("postCheck", "")).isEqualTo(postCheck);
    }

    private record Role(ServiceCatalogue catalogue, UserRole role, Eui64 userId) implements RoleBundle {
        @Override
        public String name() {
            return "test-" + role;
        }

        @Override
        public Optional<UserRoleProfile> profile() {
            Set<String> services = catalogue.rows().stream()
                    .filter(row -> row.roles().contains(role))
                    .map(row -> row.variant())
                    .collect(Collectors.toSet());
            return Optional.of(new UserRoleProfile(
                    role,
                    userId,
                    services,
                    new KeyAliases(
                            "xml-" + userId,
                            Optional.of("sign-" + userId),
                            Optional.of("agree-" + userId),
                            Optional.empty()),
                    "postern.alerts.test"));
        }

        @Override
        public Optional<String> inactiveReason() {
            return Optional.empty();
        }
    }
}
