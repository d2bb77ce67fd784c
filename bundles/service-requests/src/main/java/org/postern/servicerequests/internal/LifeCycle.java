package org.postern.servicerequests.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisVerifier;
import org.postern.duis.JsonRequests;
import org.postern.duis.RequestRules;
import org.postern.duis.SchemaValidator;
import org.postern.ecprovider.EcProvider;
import org.postern.gatewayclient.DccGateway;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.SharedSecretCache;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.Outbox;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpOrder;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.Withdrawal;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;
import org.postern.servicerequests.internal.admission.Admitter;
import org.postern.servicerequests.internal.admission.DoorReader;
import org.postern.servicerequests.internal.admission.FirmwareRule;
import org.postern.servicerequests.internal.credentials.CredentialChecker;
import org.postern.servicerequests.internal.inbound.Processing;
import org.postern.servicerequests.internal.inbound.Processor;
import org.postern.servicerequests.internal.inbound.Receiver;
import org.postern.servicerequests.internal.keys.DccSigners;
import org.postern.servicerequests.internal.keys.VaultPartyKeys;
import org.postern.servicerequests.internal.keys.VaultSigners;
import org.postern.servicerequests.internal.lifecycle.Backoff;
import org.postern.servicerequests.internal.lifecycle.Dated;
import org.postern.servicerequests.internal.lifecycle.Dispatcher;
import org.postern.servicerequests.internal.lifecycle.LedgerOutbox;
import org.postern.servicerequests.internal.lifecycle.OwnKeys;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Settlement;
import org.postern.servicerequests.internal.lifecycle.Timers;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;
import org.postern.servicerequests.internal.lifecycle.Withdrawals;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.topup.TopUpMaker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole life cycle, put together: what the doors, the routes and Receive Response call. Plain Java; starts its timers itself. */
public final class LifeCycle implements ServiceRequests, TopUps, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LifeCycle.class);

    /** Those it works with. */
    public record Collaborators(Ledger ledger, KeyVault vault, CertificateDirectory certificates, DeviceInventory inventory,
            UserRoles roles, ServiceCatalogue catalogue, ResponseCodes codes, DccGateway gateway, SecurityLog securityLog,
            Correlator correlator, EcProvider ec, Metrics metrics, TrustedClock clock) {
    }

    /**
     * What an operator decides.
     *
     * @param accessControlBroker the DCC's Access Control Broker
     * @param transformSigners    who signs documents that carry a Pre-Command
     * @param brokerSigners       who signs all others
     * @param maxBytes            size of a document, in or out
     * @param schema              official schema, or none
     * @param retries             distance between attempts
     * @param giveUpAfter         when the DCC has not taken a request for so long it is OVERDUE
     * @param overdueGrace        how long after its target time an answer counts as overdue
     * @param secrets             agreed secrets kept in memory
     */
    public record Settings(Eui64 accessControlBroker, Set<Eui64> transformSigners, Set<Eui64> brokerSigners, int maxBytes,
            SchemaValidator schema, Backoff retries, Duration giveUpAfter, Duration overdueGrace, int secrets) {
    }

    private final Ledger ledger;
    private final Metrics metrics;
    private final WorkOffers offers = new WorkOffers();
    private final Progress progress;
    private final SharedSecretCache secrets;
    private final GbcsParser parser;
    private final FirmwareRule firmware;
    private final Admitter admitter;
    private final TopUpMaker topUps;
    private final Receiver receiver;
    private final Processing processing;
    private final Dispatcher dispatcher;
    private final Withdrawals withdrawals;
    private final TrustedClock clock;
    private final Timers timers;
    private final Outbox outbox;

    /** With the pre-checks of credentials services as they are where an operator says nothing. */
    public LifeCycle(Collaborators with, Settings settings) {
        this(with, settings, new CredentialChecker(new CredentialChecker.Collaborators(with.ledger(), with.certificates(), with.inventory(),
                with.roles(), CredentialChecker.reader(with.catalogue(), with.roles()), with.vault(), with.clock())));
    }

    /** @param credentials pre-checks of the credentials services */
    public LifeCycle(Collaborators with, Settings settings, CredentialChecks credentials) {
        ledger = with.ledger();
        metrics = with.metrics();
        progress = new Progress(ledger, offers, metrics);
        DuisLimits limits = DuisLimits.DEFAULT.withMaxBytes(settings.maxBytes());
        DuisReader reader = new DuisReader(limits);
        DccSigners dccSigners = new DccSigners(with.certificates(), settings.transformSigners(), settings.brokerSigners());
        DuisVerifier verifier = new DuisVerifier(limits, dccSigners, with.ec());
        secrets = new SharedSecretCache(settings.secrets());
        parser = GbcsParser.over(new VaultPartyKeys(with.vault(), with.certificates()), with.ec(), secrets,
                settings.accessControlBroker());
        RequestRules rules = new RequestRules(with.catalogue());
        firmware = new FirmwareRule(with.inventory(), ledger, reader);
        Consumer<byte[]> outgoing = document -> {
            DuisRequest request = reader.readRequest(document);
            rules.check(request);
            firmware.check(request);
            settings.schema().validate(document);
        };
        admitter = new Admitter(new DoorReader(with.catalogue(), with.roles(), settings.accessControlBroker(), limits),
                with.catalogue(), with.roles(), outgoing, credentials, ledger, with.securityLog(), metrics,
                new Admitter.Settings(settings.accessControlBroker(), settings.maxBytes(), settings.overdueGrace()), with.clock());
        topUps = new TopUpMaker(new TopUpMaker.Collaborators((submission, source) -> offered(admitter.admit(submission, source)),
                with.roles(), with.catalogue(), with.inventory(), with.certificates(), with.vault(), new GbcsCrypto(with.ec()),
                ledger, progress, with.securityLog(), metrics, new JsonRequests(with.catalogue(), limits), reader, with.clock()));
        receiver = new Receiver(verifier, dccSigners, settings.schema()::validate, ledger, with.securityLog(), offers, metrics,
                with.clock());
        Dated dated = new Dated(ledger, with.catalogue(), settings.overdueGrace());
        Settlement settlement = new Settlement(new Settlement.Collaborators(reader, parser, with.codes(), with.catalogue(), with.roles(),
                ledger, progress, with.securityLog(), metrics, dated, with.clock()));
        dispatcher = new Dispatcher(new Dispatcher.Collaborators(ledger, progress, offers, with.gateway(), verifier, dccSigners,
                reader, with.vault(), new OwnKeys(with.roles(), with.vault()), new VaultSigners(with.vault()), with.correlator(),
                with.inventory(), with.securityLog(), metrics, with.clock(), dated, settlement),
                new Dispatcher.Settings(settings.retries(), settings.giveUpAfter()));
        withdrawals = new Withdrawals(ledger, dispatcher, dated, reader, this::admit);
        clock = with.clock();
        timers = new Timers(ledger, offers, dispatcher, with.clock(), metrics, with.clock()::nanos);
        processing = new Processing(new Processor(ledger, settlement, metrics), ledger, progress, settings.retries(),
                (lane, id, distance) -> timers.later(WorkStep.PROCESS, lane, id, distance));
        outbox = new LedgerOutbox(ledger, settings.retries(), (entry, distance) -> timers.later(WorkStep.DELIVER,
                entry.request().flatMap(ledger::find).map(RequestRecord::lane).orElse(Lane.INTERACTIVE), entry.id(), distance),
                id -> offers.taken(WorkStep.DELIVER, id), metrics, with.clock());
        with.clock().startAfter(ledger.newest());
    }

    /** Begins to work by itself. */
    public LifeCycle start() {
        timers.start();
        return this;
    }

    /** The queues, to be bound when they come. */
    public WorkOffers offers() {
        return offers;
    }

    /** The outbox, for the delivery routes. */
    public Outbox outbox() {
        return outbox;
    }

    /** The parser over our keys, for people. */
    public GbcsParser parser() {
        return parser;
    }

    @Override
    public Admission admit(Submission submission) {
        return topUps.takes(submission) ? topUps.topUp(submission) : offered(admitter.admit(submission));
    }

    @Override
    public Admission topUp(TopUpOrder order) {
        return topUps.topUp(order);
    }

    @Override
    public Admission topUp(Submission submission) {
        return topUps.topUp(submission);
    }

    private Admission offered(Admission admission) {
        if (admission instanceof Admission.Accepted accepted && !accepted.again()) {
            remarked(accepted.id());
            offers.offer(WorkStep.DISPATCH, lane(accepted.id()), accepted.id());
        }
        return admission;
    }

    /** What a person should know of it; its admission stands whatever becomes of the remark. */
    private void remarked(String id) {
        try {
            ledger.find(id).flatMap(firmware::remark).ifPresent(remark -> {
                LOG.warn("{}: {}", id, remark);
                ledger.apply(Change.of(id).remark(remark));
            });
        } catch (RuntimeException e) {
            LOG.warn("{}: not looked at for a remark: {}", id, e.toString());
        }
    }

    private Lane lane(String id) {
        try {
            return ledger.find(id).map(RequestRecord::lane).orElse(Lane.ROUTINE);
        } catch (PosternException e) {
            // it is admitted, whatever the look-up says
            return Lane.ROUTINE;
        }
    }

    @Override
    public void step(String id) {
        offers.taken(WorkStep.DISPATCH, id);
        dispatcher.step(id);
    }

    @Override
    public CallbackVerdict receive(byte[] document, String peerCertificate) {
        return receiver.receive(document, peerCertificate);
    }

    @Override
    public void process(String inboundId) {
        offers.taken(WorkStep.PROCESS, inboundId);
        processing.process(inboundId);
    }

    @Override
    public boolean cancel(String id, String by) {
        return dispatcher.cancel(id, by);
    }

    @Override
    public Withdrawal withdraw(String id, String by) {
        return withdrawals.withdraw(id, by);
    }

    @Override
    public Optional<String> clockDoubt() {
        return clock.doubt();
    }

    @Override
    public void confirmTime(String by) {
        clock.confirm(by);
    }

    @Override
    public Optional<Sweep> lastSweep() {
        return timers.lastSweep();
    }

    @Override
    public List<WorkQueue.Depth> depths() {
        return offers.depths();
    }

    @Override
    public Rebuilt rebuild() {
        return timers.rebuild();
    }

    @Override
    public void close() {
        timers.close();
        secrets.close();
    }
}
