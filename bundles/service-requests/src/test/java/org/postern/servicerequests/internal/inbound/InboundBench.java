package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ResponseId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.CanonicalDuis;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisVerifier;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponsePayload;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.inventory.standalone.InventoryFiles;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.internal.DccSignatory;
import org.postern.servicerequests.internal.keys.DccDocuments;
import org.postern.servicerequests.internal.keys.DccSigners;
import org.postern.servicerequests.internal.lifecycle.FutureDatedRequests;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Settlement;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Rtds;
import org.postern.testkitservices.Answers;
import org.postern.testkitservices.ForwardingLedger;
import org.postern.testkitservices.RecordingSecurityLog;

/** Receive Response and what comes after it, over a real ledger, with real signatures and the given devices' keys. */
abstract class InboundBench {

    static final EcProvider EC = EcProvider.fastest();
    static final Clock CLOCK = Clock.systemUTC();
    static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    static final Eui64 METER = Eui64.parse("00DB1234567890A0");

    @TempDir
    static Path pkiFolder;

    static SimulatorPki pki;

    @TempDir
    Path folder;

    final List<SecurityEvent> logged = new ArrayList<>();
    final List<String> queued = new ArrayList<>();
    OpenLedger ledger;
    /** The ledger as the life cycle sees it. */
    Ledger seen;
    /** Methods by which the life cycle writes, with how many parameters each has, that fail: {@code apply/1}. */
    final Set<String> failing = ConcurrentHashMap.newKeySet();
    /** Durable ids of requests whose documents cannot be read. */
    final Set<String> damaged = ConcurrentHashMap.newKeySet();
    /** When the ledger was last restored, if a test sets it differently. */
    Optional<Instant> restored = Optional.empty();
    /** For one ledger, as the cached data. */
    WorkOffers offers;

    DccSigners signers;
    DccDocuments documents;
    SecurityLog log;
    Settlement settlement;
    FutureDatedRequests dated;
    Receiver receiver;
    Processor processor;

    @BeforeAll
    static void throwawayPki() {
        pki = SimulatorPki.create(pkiFolder, new Population(1, 1), CLOCK);
    }

    @BeforeEach
    void open() {
        offers = new WorkOffers(System::nanoTime);
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), CLOCK);
        seen = new Faulty(ledger);
        Path signersFolder = pki.certificates().resolveSibling("signers");
        signers = new DccSigners(
                InventoryFiles.certificates(pki.certificates(), signersFolder, Duration.ofMinutes(1), 100, CLOCK),
                Set.of(SimulatorPki.TRANSFORM),
                Set.of(SimulatorPki.ACCESS_CONTROL_BROKER));
        log = new RecordingSecurityLog() {
            @Override
            public long append(SecurityEvent event) {
                logged.add(event);
                return super.append(event);
            }
        };
        offers.bind((step, lane, id) -> queued.add(step + " " + lane + " " + id));
        documents = new DccDocuments(new DuisVerifier(DuisLimits.DEFAULT, signers, EC), signers, log);
        receiver = new Receiver(
                documents,
                document -> {},
                ledger,
                log,
                offers,
                new NoMetrics(),
                new TrustedClock(CLOCK, System::nanoTime, new NoMetrics()));
        Path keys = Rtds.present() ? Rtds.required().keystore() : folder;
        GbcsParser parser = GbcsParser.over(
                new KeyFolder(keys, EC, new GbcsCrypto(EC)),
                EC,
                new SharedSecretCache(10),
                Eui64.parse("90B3D51F30000002"));
        ServiceCatalogue catalogue = new ServiceCatalogue();
        dated = new FutureDatedRequests(ledger, catalogue, Duration.ofMinutes(10));
        settlement = new Settlement(new Settlement.Collaborators(
                new DuisReader(DuisLimits.DEFAULT),
                parser,
                ResponseCodes.standard(),
                catalogue,
                new RoleRegistry(catalogue, System::nanoTime, java.time.Duration.ZERO),
                ledger,
                new Progress(seen, offers, new NoMetrics()),
                log,
                new NoMetrics(),
                dated,
                Clock.systemUTC()));
        processor = new Processor(ledger, settlement, new NoMetrics(), System::nanoTime);
    }

    /** The ledger, with what fails now. */
    private final class Faulty extends ForwardingLedger {

        Faulty(Ledger ledger) {
            super(ledger);
        }

        @Override
        protected void before(String method, Object... arguments) {
            if (failing.contains(method + "/" + arguments.length)) {
                throw new LedgerException(
                        LedgerException.Kind.UNAVAILABLE,
                        "ledger",
                        "every write is on disk",
                        "the disk is full",
                        "make room");
            }
            if (method.equals("stored") && damaged.contains((String) arguments[0])) {
                throw new LedgerException(
                        LedgerException.Kind.DOCUMENT_DAMAGED,
                        arguments[0] + "/document",
                        "what was written",
                        "a different digest",
                        "mend it");
            }
        }

        @Override
        public Optional<Instant> restored() {
            return restored.isPresent() ? restored : super.restored();
        }
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    /** The request that a response answers, from its grouping header: counter at 3, device at 12, User at 21. */
    static RequestId asked(byte[] message) {
        int at = 0;
        while (message[at] != (byte) 0xDF) {
            at++;
        }
        return new RequestId(
                Eui64.of(message, at + 21),
                Eui64.of(message, at + 12),
                Eui64.of(message, at + 3).value());
    }

    void process(DuisResponse response) {
        String inbound = ((CallbackVerdict.Stored) receiver.receive(
                        signed(
                                response,
                                response.kind().equals("PreCommand")
                                        ? SimulatorPki.TRANSFORM
                                        : SimulatorPki.ACCESS_CONTROL_BROKER),
                        "CN=dcc"))
                .id();
        assertThat(processor.process(inbound)).isTrue();
    }

    List<OutboxEntry> pending() {
        return ledger.deliveriesOutstanding(CLOCK.instant(), "", 10).stream()
                .map(w -> ledger.delivery(w.id()).orElseThrow())
                .toList();
    }

    RequestState state(String id) {
        return ledger.find(id).map(RequestRecord::state).orElseThrow();
    }

    String sent(long counter, String service) {
        return sent(new RequestId(USER, METER, counter), service);
    }

    String sent(RequestId request, String service) {
        String id = admitted(request, service);
        assertThat(ledger.apply(Change.of(id)
                        .from(RequestState.ADMITTED)
                        .to(RequestState.SENT, "test")
                        .wire(ServiceEndpoint.SEND_COMMAND, new byte[] {1})))
                .isTrue();
        return id;
    }

    String admitted(RequestId request, String service) {
        boolean nonDevice = new ServiceCatalogue().require(service).nonDevice();
        return ledger.admit(new NewRequest(
                        new Origin(Channel.JMS, Optional.empty(), ReplyAddress.parse("replies"), "crm", "xml"),
                        new byte[] {1},
                        Optional.of(request),
                        new Target(
                                Optional.of(UserRole.IS),
                                Optional.of(service),
                                Optional.of(nonDevice ? CommandVariant.CV8 : CommandVariant.CV1),
                                Optional.of(request.target())),
                        Lane.ROUTINE,
                        Optional.of(new byte[] {1}),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .id();
    }

    static Optional<RequestId> requestId(long counter) {
        return Optional.of(new RequestId(USER, METER, counter));
    }

    static Optional<ResponseId> responseId(long counter) {
        return requestId(counter).map(RequestId::responseId);
    }

    DuisResponse answer(long counter, String code, Optional<ResponsePayload> payload) {
        return answer(new RequestId(USER, METER, counter), code, payload);
    }

    /** An answer that names the service that was asked for. */
    DuisResponse answer(RequestId request, String code, Optional<ResponsePayload> payload) {
        String service = ledger.findByRequestId(request)
                .flatMap(record -> record.target().service())
                .orElse("11.2");
        Answers answer = Answers.to(request, service).code(code);
        return payload.map(answer::with).orElse(answer).response();
    }

    static byte[] signed(DuisResponse response) {
        return signed(response, SimulatorPki.ACCESS_CONTROL_BROKER);
    }

    static byte[] signed(DuisResponse response, Eui64 signer) {
        return signed(DuisWriter.write(response), signer);
    }

    /** A document of whatever content, signed by the DCC with the JDK's signature. */
    static byte[] signedText(String text) {
        return dcc(SimulatorPki.ACCESS_CONTROL_BROKER).signed(text);
    }

    private static byte[] signed(CanonicalDuis document, Eui64 signer) {
        return dcc(signer).signed(document);
    }

    private static DccSignatory dcc(Eui64 signer) {
        return DccSignatory.of(pki, signer);
    }

    static final class NoMetrics implements Metrics {
        @Override
        public void count(String name, String label, String value) {
            // not this test's concern
        }

        @Override
        public void time(String name, long nanos) {
            // not this test's concern
        }

        @Override
        public Map<String, Number> snapshot() {
            return Map.of();
        }
    }
}
