package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.dccsimulator.Population;
import org.postern.dccsimulator.SimulatorPki;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisSigner;
import org.postern.duis.DuisVerifier;
import org.postern.duis.DuisWriter;
import org.postern.catalogue.RequestId;
import org.postern.duis.ResponseBody;
import org.postern.catalogue.ResponseId;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.inventory.internal.FolderCertificateDirectory;
import org.postern.ledger.Change;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.internal.keys.DccSigners;
import org.postern.servicerequests.internal.lifecycle.Dated;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.testkit.Rtds;

/** Issue 2, steps 6 and 7: verified, on disk, then our word; read, matched, advanced, delivered. Real ledger, real signatures. */
class InboundTest {

    private static final EcProvider EC = EcProvider.fastest();
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    private static final Eui64 METER = Eui64.parse("00DB1234567890A0");

    @TempDir
    static Path pkiFolder;
    private static SimulatorPki pki;

    @TempDir
    Path folder;
    private final List<SecurityEvent> logged = new ArrayList<>();
    private final List<String> queued = new ArrayList<>();
    private JdbcLedger ledger;
    private Receiver receiver;
    private Processor processor;

    @BeforeAll
    static void throwawayPki() {
        pki = SimulatorPki.create(pkiFolder, new Population(1, 1), CLOCK);
    }

    @BeforeEach
    void open() {
        ledger = new JdbcLedger(JdbcLedger.Options.sqlite(folder.resolve("ledger.db")), CLOCK);
        Path signersFolder = pki.certificates().resolveSibling("signers");
        DccSigners signers = new DccSigners(new FolderCertificateDirectory(pki.certificates(), signersFolder, Duration.ofMinutes(1), 100,
                CLOCK), Set.of(SimulatorPki.TRANSFORM), Set.of(SimulatorPki.ACCESS_CONTROL_BROKER));
        SecurityLog log = (SecurityLog) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {SecurityLog.class},
                (proxy, method, args) -> {
                    logged.add((SecurityEvent) args[0]);
                    return (long) logged.size();
                });
        WorkOffers offers = new WorkOffers();
        offers.bind((step, lane, id) -> queued.add(step + " " + lane + " " + id));
        receiver = new Receiver(new DuisVerifier(DuisLimits.DEFAULT, signers, EC), signers, document -> { }, ledger, log, offers,
                new NoMetrics(), CLOCK);
        Path keys = Rtds.present() ? Rtds.required().keystore() : folder;
        GbcsParser parser = GbcsParser.over(new KeyFolder(keys, EC, new GbcsCrypto(EC)), EC, new SharedSecretCache(10),
                Eui64.parse("90B3D51F30000002"));
        ServiceCatalogue catalogue = new ServiceCatalogue();
        processor = new Processor(new DuisReader(DuisLimits.DEFAULT), parser, ResponseCodes.standard(), new RoleRegistry(catalogue), ledger,
                new Progress(ledger, offers, new NoMetrics()), log, new NoMetrics(), new Dated(ledger, catalogue, Duration.ofMinutes(10)));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void aDocumentIsOnDiskAndQueuedBeforeOurWord() {
        String id = sent(7, "11.2");

        CallbackVerdict verdict = receiver.receive(signed(answer(7, "I0", Optional.empty())), "CN=dcc");

        String inbound = ((CallbackVerdict.Stored) verdict).id();
        assertThat(ledger.inbound(inbound)).isPresent();
        assertThat(queued).containsExactly("PROCESS ROUTINE " + inbound);
        assertThat(state(id)).isEqualTo(RequestState.SENT);
    }

    @Test
    void theSameAgainIsDroppedAndAnotherContentUnderItsIdentityIsPutAside() {
        byte[] first = signed(answer(7, "I0", Optional.empty()));
        receiver.receive(first, "CN=dcc");

        assertThat(receiver.receive(first, "CN=dcc")).isInstanceOf(CallbackVerdict.Duplicate.class);
        DuisResponse other = new DuisResponse("5.4", requestId(7), responseId(7), "I0", Instant.parse("2026-11-23T13:00:00Z"),
                new ResponseBody.ResponseMessage("11.2", "11.2", Optional.empty()));
        assertThat(receiver.receive(signed(other), "CN=dcc")).isInstanceOf(CallbackVerdict.Quarantined.class);
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.Quarantined.class);
        assertThat(queued).hasSize(1);
    }

    @Test
    void whatIsToBeDeliveredIsOfferedOnceItIsOnDisk() {
        String id = sent(7, "11.2");
        process(answer(7, "E20", Optional.empty()));

        assertThat(queued).last().isEqualTo("DELIVER ROUTINE " + ledger.deliveriesOf(id).get(0).id());
    }

    @Test
    void acknowledgementResponseAndInstructionsShareAResponseIdAndAreFourDocuments() {
        Bytes payload = Bytes.of(new byte[] {1});
        assertThat(List.of(answer(7, "I99", Optional.empty()), answer(7, "I0", Optional.of(new ResponsePayload.GbcsPayload(payload))),
                answer(7, "I0", Optional.of(new ResponsePayload.FutureDatedDeviceAlertMessage(true, payload, 1, 2))),
                answer(7, "I0", Optional.of(new ResponsePayload.FutureDatedDeviceAlertMessage(true, payload, 2, 2)))))
                .allSatisfy(document -> assertThat(receiver.receive(signed(document), "CN=dcc"))
                        .isInstanceOf(CallbackVerdict.Stored.class));
    }

    @Test
    void unsignedForgedAndWronglySignedDocumentsAreRefusedAndLogged() {
        byte[] unsigned = DuisWriter.write(answer(7, "I0", Optional.empty())).toArray();
        byte[] changed = new String(signed(answer(7, "I0", Optional.empty())), StandardCharsets.UTF_8).replace(">I0<", ">I1<")
                .getBytes(StandardCharsets.UTF_8);
        byte[] byTransform = signed(answer(7, "I0", Optional.empty()), SimulatorPki.TRANSFORM);

        assertThat(List.of(unsigned, changed, byTransform, "<x".getBytes(StandardCharsets.UTF_8)))
                .allSatisfy(document -> assertThat(receiver.receive(document, "CN=dcc")).isInstanceOf(CallbackVerdict.Refused.class));
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.SignatureInvalid.class, SecurityEvent.SignatureInvalid.class,
                SecurityEvent.WrongSigner.class, SecurityEvent.SignatureInvalid.class);
        assertThat(queued).isEmpty();
    }

    @Test
    void aLateAcknowledgementChangesNothingThatHasGoneFurther() {
        String id = sent(7, "11.2");
        process(answer(7, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(new byte[] {1})))));
        process(answer(7, "I99", Optional.empty()));

        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(ledger.deliveriesOf(id)).hasSize(1);
        assertThat(ledger.inboundCounts()).containsOnlyKeys(InboundState.PROCESSED);
    }

    @Test
    void theDccsRefusalEndsTheRequestAndReachesItsCaller() {
        String id = sent(7, "11.2");
        process(answer(7, "E20", Optional.empty()));

        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> {
            assertThat(entry.destination()).hasToString("queue:replies");
            assertThat(entry.headers()).containsEntry("outcome", "refused").containsEntry("responseCode", "E20");
        });
    }

    @Test
    void whatCannotBeReadIsDeliveredAsItCameWithTheReason() {
        String id = sent(7, "11.2");
        byte[] nonsense = {(byte) 0xDF, 9, 2, 0, 1};
        process(answer(7, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(nonsense)))));

        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> {
            assertThat(entry.body()).isEqualTo(nonsense);
            assertThat(entry.headers()).containsEntry("outcome", "unproven").containsEntry("authenticated", "no").containsKey("flag");
        });
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.MessageNotAuthentic.class);
    }

    @Test
    void anAnswerToARequestThatNobodyMadeIsDeliveredAsSuch() {
        process(answer(99, "I0", Optional.empty()));

        OutboxEntry entry = pending().get(0);
        assertThat(entry.destination()).isEqualTo(ReplyAddress.COMMON);
        assertThat(entry.headers()).containsEntry("outcome", "unmatched");
    }

    @Test
    void aDccAlertIsDeliveredByItsPayload() {
        process(new DuisResponse("5.4", Optional.empty(), Optional.of(new ResponseId(SimulatorPki.ACCESS_CONTROL_BROKER, USER, 5)), "I0",
                CLOCK.instant(), new ResponseBody.DccAlertMessage("AD1", Throttle.NONE, DuisElement.of("PowerOutageEvent"))));

        assertThat(pending()).singleElement().satisfies(entry -> {
            assertThat(entry.destination()).hasToString("topic:postern.alerts");
            assertThat(entry.headers()).containsEntry("alertCode", "AD1").containsEntry("alert", "PowerOutageEvent");
        });
    }

    /** Issue 2: the given answers of the main line's use cases, by the way every answer goes, up to the delivery queue. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"4.1.1, ECS17b, ReadInstantaneousImportRegistersRsp", "4.1.1, GCS13a, ReadInstantaneousImportRegistersRsp",
        "11.2, ECS52, ReadFirmwareVersionRsp", "11.2, GCS38, ReadFirmwareVersionRsp", "7.1, ECS42, EnableSupplyRsp"})
    void everyGivenAnswerIsProvenReadAndDelivered(String service, String useCase, String element) {
        List<Path> answers = Rtds.required().messages(service + "_" + useCase).stream().filter(f -> f.toString().contains("_RESPONSE_"))
                .toList();
        assertThat(answers).isNotEmpty();
        for (Path file : answers) {
            byte[] message = Rtds.hex(file);
            RequestId request = asked(message);
            String id = sent(request, service);
            process(answer(request, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message)))));

            assertThat(state(id)).as(file.toString()).isEqualTo(RequestState.RESPONDED);
            assertThat(ledger.deliveriesOf(id)).as(file.toString()).singleElement().satisfies(entry -> {
                assertThat(entry.headers()).containsEntry("authenticated", "yes").containsEntry("useCase", useCase)
                        .doesNotContainKey("flag").containsEntry("outcome",
                                ledger.find(id).flatMap(r -> r.progress().success()).orElseThrow() ? "success" : "failed");
                assertThat(new String(entry.body(), StandardCharsets.UTF_8)).contains(element);
                assertThat(entry.json()).hasValueSatisfying(json -> assertThat(json).contains(element));
            });
        }
    }

    @Test
    void aGenuineAnswerUnderTheRequestOfAnotherIsFlagged() {
        byte[] message = Rtds.hex(Rtds.required().messages("11.2_ECS52").stream().filter(f -> f.toString().contains("_RESPONSE_"))
                .findFirst().orElseThrow());
        long other = asked(message).counter() + 1;
        String id = sent(other, "11.2");
        process(answer(other, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message)))));

        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> assertThat(entry.headers())
                .containsEntry("outcome", "unproven").containsEntry("flag", "the GBCS message answers another request"));
    }

    /** 6.21, 6.23, 6.24.1: the command was another party's, and the device answers that party under a counter that is not ours. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"6.24.1, CS02aMAC", "6.21, CS02bSupplierBySupplierHandover", "6.21, CS02bNOByNOHandover", "6.23, CS02bSupplierByTransCoS"})
    void anAnswerToThePartyThatCommandedInOurPlaceIsTheRequestsAnswer(String service, String useCase) {
        byte[] message = Rtds.hex(Rtds.required().messages(service + "_" + useCase).stream()
                .filter(f -> f.toString().contains("SUCCESS_RESPONSE_")).findFirst().orElseThrow());
        Eui64 device = asked(message).target();
        for (Map.Entry<String, String> one : Map.of(service, "success", "11.2", "unproven").entrySet()) {
            RequestId request = new RequestId(USER, device, one.getValue().length());
            String id = sent(request, one.getKey());
            process(answer(request, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message)))));

            assertThat(ledger.deliveriesOf(id)).as(one.getKey()).singleElement()
                    .satisfies(entry -> assertThat(entry.headers()).containsEntry("outcome", one.getValue()));
        }
        String other = sent(new RequestId(USER, Eui64.parse("00DB123456789FFF"), 4711), service);
        process(answer(new RequestId(USER, Eui64.parse("00DB123456789FFF"), 4711), "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message)))));
        assertThat(ledger.deliveriesOf(other)).singleElement().satisfies(entry -> assertThat(entry.headers())
                .containsEntry("outcome", "unproven").containsEntry("flag", "the GBCS message answers another request"));
    }

    @Test
    void processingADocumentTwiceDeliversItOnce() {
        String id = sent(7, "11.2");
        String inbound = ((CallbackVerdict.Stored) receiver.receive(signed(answer(7, "I0", Optional.empty())), "CN=dcc")).id();

        assertThat(processor.process(inbound)).isTrue();
        assertThat(processor.process(inbound)).isTrue();
        assertThat(ledger.deliveriesOf(id)).hasSize(1);
    }

    @Test
    void whileTheLedgerIsClosedADocumentWaits() {
        sent(7, "11.2");
        String inbound = ((CallbackVerdict.Stored) receiver.receive(signed(answer(7, "I0", Optional.empty())), "CN=dcc")).id();
        byte[] second = signed(answer(7, "I0", Optional.empty()));
        ledger.close();

        assertThat(processor.process(inbound)).as("offered again later").isFalse();
        assertThat(receiver.receive(second, "CN=dcc")).as("the DCC sends it again").isInstanceOf(CallbackVerdict.Busy.class);
    }

    // DUIS facts F10.7: no other token is made, and the result says what to do with the one that was given out
    @ParameterizedTest
    @CsvSource({"E20, true", "E21, true", "E4, false", "E11, false"})
    void aTopUpThatDidNotReachItsMeterIsAdvisedToBeKeyedIn(String code, boolean advised) {
        String id = sent(7L << 32, "2.2");
        String read = sent(8, "4.1.1");

        process(answer(7L << 32, code, Optional.empty()));
        process(answer(8, code, Optional.empty()));

        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> assertThat(entry.headers().containsKey("advice")).isEqualTo(advised));
        assertThat(ledger.deliveriesOf(read)).singleElement().satisfies(entry -> assertThat(entry.headers()).doesNotContainKey("advice"));
    }

    /** The request that a response answers, from its grouping header (GBCS facts 1.3): counter at 3, device at 12, User at 21. */
    private static RequestId asked(byte[] message) {
        int at = 0;
        while (message[at] != (byte) 0xDF) {
            at++;
        }
        return new RequestId(Eui64.of(message, at + 21), Eui64.of(message, at + 12), Eui64.of(message, at + 3).value());
    }

    private void process(DuisResponse response) {
        String inbound = ((CallbackVerdict.Stored) receiver.receive(signed(response), "CN=dcc")).id();
        assertThat(processor.process(inbound)).isTrue();
    }

    private List<OutboxEntry> pending() {
        return ledger.deliveriesOutstanding(CLOCK.instant(), "", 10).stream().map(w -> ledger.delivery(w.id()).orElseThrow()).toList();
    }

    private RequestState state(String id) {
        return ledger.find(id).map(RequestRecord::state).orElseThrow();
    }

    private String sent(long counter, String service) {
        return sent(new RequestId(USER, METER, counter), service);
    }

    private String sent(RequestId request, String service) {
        String id = ledger.admit(new NewRequest(new Origin(Channel.JMS, Optional.empty(), ReplyAddress.parse("replies"), "crm", "xml"),
                new byte[] {1}, Optional.of(request),
                new Target(Optional.of(UserRole.IS), Optional.of(service), Optional.of(CommandVariant.CV1), Optional.of(request.target())), Lane.ROUTINE,
                Optional.of(new byte[] {1}), Optional.empty(), Optional.empty(), Optional.empty())).id();
        assertThat(ledger.apply(Change.of(id).from(RequestState.ADMITTED).to(RequestState.SENT, "test")
                .wire(ServiceEndpoint.SEND_COMMAND, new byte[] {1}))).isTrue();
        return id;
    }

    private static Optional<RequestId> requestId(long counter) {
        return Optional.of(new RequestId(USER, METER, counter));
    }

    private static Optional<ResponseId> responseId(long counter) {
        return requestId(counter).map(RequestId::responseId);
    }

    private static DuisResponse answer(long counter, String code, Optional<ResponsePayload> payload) {
        return answer(new RequestId(USER, METER, counter), code, payload);
    }

    private static DuisResponse answer(RequestId request, String code, Optional<ResponsePayload> payload) {
        return new DuisResponse("5.4", Optional.of(request), Optional.of(request.responseId()), code, Instant.parse("2026-11-23T12:00:00Z"),
                new ResponseBody.ResponseMessage("11.2", "11.2", payload));
    }

    private static byte[] signed(DuisResponse response) {
        return signed(response, SimulatorPki.ACCESS_CONTROL_BROKER);
    }

    private static byte[] signed(DuisResponse response, Eui64 signer) {
        try {
            Path certificate = pki.certificates().resolveSibling("signers").resolve(signer.fileName() + "-xml.pem");
            X509Certificate x509 = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(Files.newInputStream(certificate));
            String pem = Files.readString(pki.secretKeys().resolve(signer.fileName() + "-xml.key")).replaceAll("-----[A-Z ]+-----", "");
            PrivateKey key = EC.privateKey(Base64.getMimeDecoder().decode(pem));
            return new DuisSigner(x509, signedInfo -> EC.sign(key, signedInfo)).sign(DuisWriter.write(response));
        } catch (IOException | java.security.cert.CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class NoMetrics implements Metrics {
        @Override
        public void count(String name, String label, String value) {
            // not this test's concern
        }

        @Override
        public void time(String name, long nanos) {
            // not this test's concern
        }

        @Override
        public Map<String, Long> snapshot() {
            return Map.of();
        }
    }
}
