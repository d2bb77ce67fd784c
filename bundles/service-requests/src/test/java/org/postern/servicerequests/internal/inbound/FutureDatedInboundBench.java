package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.Bytes;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
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
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.internal.lifecycle.FutureDatedRequests;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Settlement;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.testkit.Rtds;
import org.postern.testkitservices.RecordingSecurityLog;

/** Documents for future-dated requests, processed with a real ledger and reference messages. */
abstract class FutureDatedInboundBench {

    static final EcProvider EC = EcProvider.fastest();
    static final Instant TIME = Instant.parse("2030-01-15T09:00:00Z");
    static final Instant NEVER = Instant.parse("3000-12-31T00:00:00Z");
    static final Eui64 USER = Eui64.parse("90B3D51F30010000");

    @TempDir
    Path folder;

    final List<SecurityEvent> logged = Collections.synchronizedList(new ArrayList<>());
    OpenLedger ledger;
    Processor processor;
    int documents;

    @BeforeEach
    void open() {
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), Clock.systemUTC());
        SecurityLog log = new RecordingSecurityLog() {
            @Override
            public long append(SecurityEvent event) {
                logged.add(event);
                return super.append(event);
            }
        };
        GbcsParser parser = GbcsParser.over(
                new KeyFolder(Rtds.required().keystore(), EC, new GbcsCrypto(EC)),
                EC,
                new SharedSecretCache(10),
                Eui64.parse("90B3D51F30000002"));
        ServiceCatalogue catalogue = new ServiceCatalogue();
        Metrics metrics = new InboundBench.NoMetrics();
        processor = new Processor(
                ledger,
                new Settlement(new Settlement.Collaborators(
                        new DuisReader(DuisLimits.DEFAULT),
                        parser,
                        ResponseCodes.standard(),
                        catalogue,
                        new RoleRegistry(catalogue, System::nanoTime, java.time.Duration.ZERO),
                        ledger,
                        new Progress(ledger, new WorkOffers(System::nanoTime), metrics),
                        log,
                        metrics,
                        new FutureDatedRequests(ledger, catalogue, Duration.ofMinutes(10)),
                        Clock.systemUTC())),
                metrics,
                System::nanoTime);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    static byte[] given(String folder, String part) {
        return Rtds.hex(Rtds.required().messages(folder).stream()
                .filter(f -> f.getFileName().toString().contains(part))
                .findFirst()
                .orElseThrow());
    }

    static List<byte[]> alerts(String folder) {
        return Rtds.required().messages(folder).stream()
                .filter(f -> f.getFileName().toString().contains("_ALERT"))
                .map(Rtds::hex)
                .toList();
    }

    /** The RequestID of a given Pre-Command (GBCS, Grouping Header): counter at 3, originator at 12, target at 21. */
    static RequestId asked(byte[] preCommand) {
        return new RequestId(
                Eui64.of(preCommand, 12),
                Eui64.of(preCommand, 21),
                Eui64.of(preCommand, 3).value());
    }

    /** A request that was sent with that Pre-Command. */
    String sent(RequestId request, String service, Optional<byte[]> preCommand, Optional<Instant> time) {
        String id = ledger.admit(new NewRequest(
                        new Origin(Channel.JMS, Optional.empty(), ReplyAddress.parse("replies"), "crm", "xml"),
                        new byte[] {1},
                        Optional.of(request),
                        new Target(
                                Optional.of(UserRole.IS),
                                Optional.of(service),
                                Optional.of(CommandVariant.CV4),
                                Optional.of(request.target())),
                        Lane.ROUTINE,
                        Optional.of(new byte[] {1}),
                        time,
                        Optional.of(TIME),
                        Optional.empty()))
                .id();
        Change change = Change.of(id)
                .from(RequestState.ADMITTED)
                .to(RequestState.SENT, "test")
                .wire(ServiceEndpoint.SEND_COMMAND, new byte[] {1});
        preCommand.ifPresent(change::preCommand);
        ledger.apply(change);
        return id;
    }

    String sent(byte[] preCommand, String service, Instant time) {
        return sent(asked(preCommand), service, Optional.of(preCommand), Optional.of(time));
    }

    String receive(RequestId request, String code, ResponsePayload payload) {
        String service = ledger.findByRequestId(request)
                .flatMap(record -> record.target().service())
                .orElse("1.6");
        DuisResponse response = new DuisResponse(
                "5.4",
                Optional.of(request),
                Optional.of(request.responseId()),
                code,
                Clock.systemUTC().instant(),
                new ResponseBody.ResponseMessage(
                        new ServiceCatalogue().require(service).reference(), service, Optional.ofNullable(payload)));
        return store(request, response);
    }

    String store(RequestId request, DuisResponse response) {
        String inbound = ledger.store(new InboundDocument(
                        new InboundIdentity("document " + documents++),
                        Optional.ofNullable(request),
                        response.kind(),
                        response.responseCode(),
                        DuisWriter.write(response).toArray(),
                        Clock.systemUTC().instant(),
                        "acb"))
                .id();
        return inbound;
    }

    void outcome(RequestId request, boolean actioned, byte[] alert, int number, int total) {
        assertThat(processor.process(receive(
                        request,
                        "I0",
                        new ResponsePayload.FutureDatedDeviceAlertMessage(actioned, Bytes.of(alert), number, total))))
                .isTrue();
    }

    void answer(RequestId request, byte[] message) {
        assertThat(processor.process(receive(request, "I0", new ResponsePayload.GbcsPayload(Bytes.of(message)))))
                .isTrue();
    }

    RequestState state(String id) {
        return ledger.find(id).map(RequestRecord::state).orElseThrow();
    }

    OutboxEntry last(String id) {
        List<OutboxEntry> all = ledger.deliveriesOf(id);
        return all.get(all.size() - 1);
    }

    static byte[] prepayment() {
        return given("2.1_ECS08", "_FUTURE_DATED_SUCCESS_PRECOMMAND");
    }
}
