package org.postern.servicerequests.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisVerifier;
import org.postern.duis.SchemaValidator;
import org.postern.ecprovider.EcProvider;
import org.postern.gatewayclient.DccGateway;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.parsecorrelate.Correlator;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.parsecorrelate.MappingCatalogue;
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
import org.postern.servicerequests.internal.admission.Admitter;
import org.postern.servicerequests.internal.admission.FirmwareRule;
import org.postern.servicerequests.internal.admission.OutgoingRules;
import org.postern.servicerequests.internal.credentials.CredentialChecker;
import org.postern.servicerequests.internal.inbound.Processing;
import org.postern.servicerequests.internal.inbound.Processor;
import org.postern.servicerequests.internal.inbound.Receiver;
import org.postern.servicerequests.internal.keys.DccDocuments;
import org.postern.servicerequests.internal.keys.DccSigners;
import org.postern.servicerequests.internal.keys.VaultPartyKeys;
import org.postern.servicerequests.internal.lifecycle.Attempts;
import org.postern.servicerequests.internal.lifecycle.Backoff;
import org.postern.servicerequests.internal.lifecycle.CriticalPath;
import org.postern.servicerequests.internal.lifecycle.Dispatcher;
import org.postern.servicerequests.internal.lifecycle.Endings;
import org.postern.servicerequests.internal.lifecycle.ExchangedAnswers;
import org.postern.servicerequests.internal.lifecycle.FutureDatedRequests;
import org.postern.servicerequests.internal.lifecycle.LedgerOutbox;
import org.postern.servicerequests.internal.lifecycle.OwnKeys;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Sender;
import org.postern.servicerequests.internal.lifecycle.Settlement;
import org.postern.servicerequests.internal.lifecycle.Timers;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;
import org.postern.servicerequests.internal.lifecycle.Withdrawals;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.reading.OwnDocuments;
import org.postern.servicerequests.internal.reading.SubmissionReader;
import org.postern.servicerequests.internal.topup.Submissions;
import org.postern.servicerequests.internal.topup.TopUpMaker;

/**
 * Builds the complete life cycle: creates the services of all steps and delegates the calls of the supplier-facing
 * interfaces, the routes and Receive Response to them. It contains no rules. Plain Java without OSGi.
 */
public class LifeCycle implements ServiceRequests, TopUps, Outbox, AutoCloseable {

    /**
     * The components that it uses.
     *
     * @param mappings mappings of device answers and alerts to MMC
     */
    public record Collaborators(
            Ledger ledger,
            KeyVault vault,
            CertificateDirectory certificates,
            DeviceInventory inventory,
            UserRoles roles,
            ServiceCatalogue catalogue,
            ResponseCodes codes,
            DccGateway gateway,
            SecurityLog securityLog,
            Correlator correlator,
            EcProvider ec,
            Metrics metrics,
            TrustedClock clock,
            MappingCatalogue mappings) {

        /** Loads the mappings. */
        public Collaborators(
                Ledger ledger,
                KeyVault vault,
                CertificateDirectory certificates,
                DeviceInventory inventory,
                UserRoles roles,
                ServiceCatalogue catalogue,
                ResponseCodes codes,
                DccGateway gateway,
                SecurityLog securityLog,
                Correlator correlator,
                EcProvider ec,
                Metrics metrics,
                TrustedClock clock) {
            this(
                    ledger,
                    vault,
                    certificates,
                    inventory,
                    roles,
                    catalogue,
                    codes,
                    gateway,
                    securityLog,
                    correlator,
                    ec,
                    metrics,
                    clock,
                    MappingCatalogue.load(UseCaseTable.load()));
        }
    }

    /**
     * The operator's settings.
     *
     * @param accessControlBroker the DCC's Access Control Broker
     * @param transformSigners who signs documents that carry a Pre-Command
     * @param acbSigners who signs all others
     * @param maxBytes maximum size of a sent or received document
     * @param schema validator with the official schema, or one that accepts everything
     * @param retries delays between attempts
     * @param giveUpAfter a request that the DCC has not accepted for this time becomes OVERDUE, or UNKNOWN if the DCC
     *     may have accepted it
     * @param tries how often a request is sent whose exchange does not show its outcome
     * @param overdueGrace how long after its target time an answer counts as overdue
     * @param secrets maximum number of agreed secrets cached in memory
     */
    public record Settings(
            Eui64 accessControlBroker,
            Set<Eui64> transformSigners,
            Set<Eui64> acbSigners,
            int maxBytes,
            SchemaValidator schema,
            Backoff retries,
            Duration giveUpAfter,
            int tries,
            Duration overdueGrace,
            int secrets) {}

    /** Objects that several steps share. */
    private record Shared(
            Collaborators with,
            Settings settings,
            WorkOffers offers,
            DuisLimits limits,
            DuisReader reader,
            OwnDocuments documents,
            Progress progress,
            FutureDatedRequests futureDated,
            DccDocuments answers) {

        static Shared of(Collaborators with, Settings settings, WorkOffers offers) {
            DuisLimits limits = DuisLimits.DEFAULT.withMaxBytes(settings.maxBytes());
            DccSigners signers =
                    new DccSigners(with.certificates(), settings.transformSigners(), settings.acbSigners());
            DuisReader reader = new DuisReader(limits);
            return new Shared(
                    with,
                    settings,
                    offers,
                    limits,
                    reader,
                    new OwnDocuments(with.ledger(), reader),
                    new Progress(with.ledger(), offers, with.metrics()),
                    new FutureDatedRequests(with.ledger(), with.catalogue(), settings.overdueGrace()),
                    new DccDocuments(new DuisVerifier(limits, signers, with.ec()), signers, with.securityLog()));
        }
    }

    private final TrustedClock clock;
    private final WorkOffers offers;
    private final SharedSecretCache secrets;
    private final GbcsParser parser;
    private final Submissions submissions;
    private final TopUpMaker topUps;
    private final Dispatcher dispatcher;
    private final Withdrawals withdrawals;
    private final Receiver receiver;
    private final Processing processing;
    private final Timers timers;
    private final Outbox outbox;

    /** Uses the pre-checks of credentials services with default settings. */
    public LifeCycle(Collaborators with, Settings settings) {
        this(
                with,
                settings,
                new CredentialChecker(new CredentialChecker.Collaborators(
                        with.ledger(),
                        with.certificates(),
                        with.inventory(),
                        with.roles(),
                        CredentialChecker.reader(with.catalogue(), with.roles()),
                        with.vault(),
                        with.clock())));
    }

    /** @param credentials pre-checks of the credentials services */
    public LifeCycle(Collaborators with, Settings settings, CredentialChecks credentials) {
        this(with, settings, credentials, Timers.oneThread());
    }

    /** @param timed runs the timers; shut down by {@link #close} */
    public LifeCycle(
            Collaborators with, Settings settings, CredentialChecks credentials, ScheduledExecutorService timed) {
        Ledger ledger = with.ledger();
        clock = with.clock();
        offers = new WorkOffers(clock::nanos);
        Shared shared = Shared.of(with, settings, offers);
        secrets = new SharedSecretCache(settings.secrets());
        parser = GbcsParser.over(
                new VaultPartyKeys(with.vault(), with.certificates()),
                with.ec(),
                secrets,
                settings.accessControlBroker(),
                with.mappings());
        SubmissionReader submissionReader =
                new SubmissionReader(with.catalogue(), with.roles(), settings.accessControlBroker(), shared.limits());
        Admitter admitter = admitter(shared, credentials);
        topUps = topUps(shared, admitter, submissionReader);
        submissions = new Submissions(submissionReader, admitter, topUps, ledger.counters());
        Settlement settlement = settlement(shared, parser);
        Endings endings = new Endings(ledger, shared.progress(), shared.futureDated(), clock, settings.giveUpAfter());
        dispatcher = dispatcher(shared, settlement, endings);
        withdrawals = new Withdrawals(
                ledger, dispatcher::cancel, shared.futureDated(), shared.documents(), submissions::admit);
        timers = new Timers(ledger, offers, endings, clock, with.metrics(), timed);
        receiver = new Receiver(
                shared.answers(),
                settings.schema()::validate,
                ledger,
                with.securityLog(),
                offers,
                with.metrics(),
                clock);
        processing = new Processing(
                new Processor(ledger, settlement, with.metrics(), clock::nanos),
                ledger,
                shared.progress(),
                settings.retries(),
                offers,
                timers);
        outbox = new LedgerOutbox(ledger, settings.retries(), offers, timers, with.metrics(), clock);
        clock.startAfter(ledger.newest());
        ledger.useClock(clock);
    }

    private static Admitter admitter(Shared shared, CredentialChecks credentials) {
        Collaborators with = shared.with();
        FirmwareRule firmware = new FirmwareRule(with.inventory(), with.ledger(), shared.reader());
        OutgoingRules outgoing =
                new OutgoingRules(shared.limits(), firmware, shared.settings().schema()::validate);
        return new Admitter(
                new Admitter.Collaborators(
                        with.catalogue(),
                        with.roles(),
                        outgoing,
                        credentials,
                        with.ledger(),
                        shared.offers(),
                        with.securityLog(),
                        with.metrics(),
                        with.clock()),
                new Admitter.Settings(
                        shared.settings().accessControlBroker(),
                        shared.settings().maxBytes(),
                        shared.settings().overdueGrace()));
    }

    private static TopUpMaker topUps(Shared shared, Admitter admitter, SubmissionReader reader) {
        Collaborators with = shared.with();
        return new TopUpMaker(new TopUpMaker.Collaborators(
                admitter,
                reader,
                with.roles(),
                with.catalogue(),
                with.inventory(),
                with.certificates(),
                with.vault(),
                new GbcsCrypto(with.ec()),
                with.ledger(),
                shared.progress(),
                with.securityLog(),
                with.metrics(),
                shared.reader(),
                with.clock()));
    }

    private static Settlement settlement(Shared shared, GbcsParser parser) {
        Collaborators with = shared.with();
        return new Settlement(new Settlement.Collaborators(
                shared.reader(),
                parser,
                with.codes(),
                with.catalogue(),
                with.roles(),
                with.ledger(),
                shared.progress(),
                with.securityLog(),
                with.metrics(),
                shared.futureDated(),
                with.clock()));
    }

    private static Dispatcher dispatcher(Shared shared, Settlement settlement, Endings endings) {
        Collaborators with = shared.with();
        Progress progress = shared.progress();
        OwnKeys keys = new OwnKeys(with.roles(), with.vault());
        Attempts attempts = new Attempts(
                with.clock(), shared.settings().retries(), shared.settings().tries());
        CriticalPath critical = new CriticalPath(
                with.ledger(),
                progress,
                with.correlator(),
                with.inventory(),
                with.vault(),
                keys,
                with.securityLog(),
                with.clock());
        ExchangedAnswers answers = new ExchangedAnswers(
                with.ledger(),
                shared.answers(),
                shared.reader(),
                settlement,
                critical,
                progress,
                attempts,
                with.clock());
        Sender sender =
                new Sender(keys, with.gateway(), answers, progress, attempts, with.metrics(), with.clock()::nanos);
        return new Dispatcher(
                with.ledger(), shared.documents(), shared.offers(), sender, critical, endings, progress, attempts);
    }

    /** Starts the timers. */
    public LifeCycle start() {
        timers.start();
        return this;
    }

    /** The registry of work queues, to which queues are bound when they appear. */
    public WorkOffers offers() {
        return offers;
    }

    /** The parser with access to our keys, for console commands. */
    public GbcsParser parser() {
        return parser;
    }

    @Override
    public Admission admit(Submission submission) {
        return submissions.admit(submission);
    }

    @Override
    public Admission topUp(TopUpOrder order) {
        return topUps.topUp(order);
    }

    @Override
    public Admission topUp(Submission submission) {
        return topUps.topUp(submission);
    }

    @Override
    public void step(String id) {
        dispatcher.step(id);
    }

    @Override
    public CallbackVerdict receive(byte[] document, String peerCertificate) {
        return receiver.receive(document, peerCertificate);
    }

    @Override
    public void process(String inboundId) {
        processing.process(inboundId);
    }

    @Override
    public Optional<OutboxEntry> take(String id) {
        return outbox.take(id);
    }

    @Override
    public void delivered(String id) {
        outbox.delivered(id);
    }

    @Override
    public void failed(OutboxEntry entry, Lane lane, String reason) {
        outbox.failed(entry, lane, reason);
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

    /** Why the clock makes the appliance not ready; empty if it does not. */
    Optional<Fault> clockTrouble() {
        return clock.trouble();
    }

    /** A fault if the DCC's time differs from the clock; empty if it does not. */
    Optional<Fault> clockRemark() {
        return clock.remark();
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
