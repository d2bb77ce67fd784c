package org.postern.servicerequests.internal.admission;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.FutureDating;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisRequest;
import org.postern.duis.RequestRules;
import org.postern.ledger.Admitted;
import org.postern.ledger.Ledger;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.TextLimit;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.WorkStep;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SubmissionLocks a submission into a numbered request on disk and in its queue, or into a refusal on disk. The order
 * matters: read, rules, counter, our own document, ledger, queue. No request is numbered that will not be carried out,
 * and nothing is acknowledged before it is in the ledger.
 *
 * <p>Safe for use by several threads. Submissions with the same correlation id are processed one after the other;
 * others do not wait.
 */
public final class Admitter {

    private static final Logger LOG = LoggerFactory.getLogger(Admitter.class);

    /** Longer than an admission takes while vault, security log and ledger respond. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    private final AdmissionRules rules;
    private final UserRoles roles;
    private final OutgoingRules outgoing;
    private final Ledger ledger;
    private final WorkOffers offers;
    private final SecurityLog securityLog;
    private final Metrics metrics;
    private final Settings settings;
    private final Clock clock;
    private final CredentialsGate credentials;
    private final SubmissionLocks locks = new SubmissionLocks(LOCK_TIMEOUT);

    /**
     * The operator's settings for admission.
     *
     * @param accessControlBroker target of non-device requests
     * @param maxBytes maximum size of one submission, independent of the limit of the interface
     * @param overdueGrace how long after its target time an answer counts as overdue
     */
    public record Settings(Eui64 accessControlBroker, int maxBytes, Duration overdueGrace) {
        public Settings {
            Objects.requireNonNull(accessControlBroker, "accessControlBroker");
            Objects.requireNonNull(overdueGrace, "overdueGrace");
        }
    }

    /**
     * The components that it uses.
     *
     * @param outgoing rules for our own document
     * @param credentials pre-checks of the credentials services
     * @param offers work queues; an admitted request is offered to the queue of its lane
     */
    public record Collaborators(
            ServiceCatalogue catalogue,
            UserRoles roles,
            OutgoingRules outgoing,
            CredentialChecks credentials,
            Ledger ledger,
            WorkOffers offers,
            SecurityLog securityLog,
            Metrics metrics,
            Clock clock) {}

    public Admitter(Collaborators with, Settings settings) {
        this.rules = new AdmissionRules(
                new RequestRules(with.catalogue()), with.roles(), settings.accessControlBroker(), with.clock());
        this.roles = with.roles();
        this.outgoing = with.outgoing();
        this.ledger = with.ledger();
        this.offers = with.offers();
        this.securityLog = with.securityLog();
        this.metrics = with.metrics();
        this.settings = settings;
        this.clock = with.clock();
        this.credentials = new CredentialsGate(with.credentials(), ledger.counters(), securityLog, metrics);
    }

    /**
     * Admits or refuses a submission; never throws because of its content.
     *
     * @param source reads the submission, or makes a request from it; a fault that it throws becomes the refusal
     */
    public Admission admit(Submission submission, Supplier<Draft> source) {
        Optional<Draft> draft = Optional.empty();
        Optional<DuisRequest> request = Optional.empty();
        Admission admission;
        try {
            if (submission.bytes().length > settings.maxBytes()) {
                throw new PosternException(ServiceRequestFault.SUBMISSION_TOO_LARGE.fault(
                        "submission",
                        "at most " + settings.maxBytes() + " bytes",
                        submission.bytes().length + " bytes"));
            }
            submission.correlationId().ifPresent(TextLimit.CORRELATION_ID::checked);
            submission.replyTo().map(ReplyAddress::toString).ifPresent(TextLimit.REPLY_TO::checked);
            draft = Optional.of(source.get());
            DuisRequest submitted = draft.get().request();
            request = Optional.of(AdmissionRules.transformable(submitted));
            AdmissionRules.Admissible admissible = rules.check(request.get(), submitted.variant());
            Draft made = draft.get();
            DuisRequest checked = request.get();
            admission = locks.exclusively(
                    submission.correlationId().map(id -> submission.channel().text() + ":" + id),
                    () -> admitted(submission, made, checked, admissible));
        } catch (CredentialsGate.Refusal e) {
            admission = refused(
                    submission,
                    request,
                    e.fault(),
                    e.event(submission, request.orElseThrow().requestId()));
        } catch (PosternException e) {
            admission = e.fault().mayPass()
                    ? temporary(submission, e.fault())
                    : refusedUnlessRepeated(submission, request, e.fault());
        }
        return draft.isPresent() ? draft.get().acknowledgement(admission) : admission;
    }

    private Admission admitted(
            Submission submission, Draft draft, DuisRequest request, AdmissionRules.Admissible admissible) {
        ServiceRow service = admissible.service();
        // a repeated submission is found before it uses up a counter; the ledger checks it again
        Optional<RequestRecord> earlier =
                submission.correlationId().flatMap(id -> ledger.findByCorrelation(submission.channel(), id));
        Optional<CredentialsReport> checked = earlier.isPresent() ? Optional.empty() : credentials.check(request);
        Draft.Numbered numbered = earlier.isPresent()
                ? new Draft.Numbered(request, Optional.empty())
                : draft.numbered(request, admissible.role(), service);
        DuisRequest ours = numbered.request();
        byte[] document = outgoing.document(ours);
        RequestId id = ours.requestId();
        Optional<String> remark = earlier.isPresent() ? Optional.empty() : outgoing.remark(ours);
        checked.ifPresent(report -> credentials.admitted(report, submission, id));
        Lane lane = lane(draft, service);
        Admitted admitted = store(
                service,
                numbered,
                new NewRequest(
                        origin(submission, submission.correlationId()),
                        submission.bytes(),
                        Optional.of(id),
                        new Target(
                                Optional.of(admissible.role().role()),
                                Optional.of(service.variant()),
                                Optional.of(admissible.variant()),
                                Optional.of(id.target())),
                        lane,
                        Optional.of(document),
                        admissible.executionTime(),
                        Optional.of(dueBy(service, admissible.executesAt())),
                        Optional.empty(),
                        remark));
        metrics.count("postern_admissions_total", "outcome", admitted.existing() ? "again" : "accepted");
        if (admitted.existing()) {
            RequestId known = earlier.filter(record -> record.id().equals(admitted.id()))
                    .or(() -> ledger.find(admitted.id()))
                    .flatMap(RequestRecord::requestId)
                    .orElse(id);
            return new Admission.Accepted(admitted.id(), known.toString(), true);
        }
        metrics.count("postern_transitions_total", "to", RequestState.ADMITTED.name());
        remark.ifPresent(text -> LOG.warn("{}: {}", admitted.id(), text));
        if (offers.isLocal(WorkStep.DISPATCH)) {
            admitted.stored()
                    .ifPresent(stored ->
                            offers.written().admitted(stored, Optional.of(ours).filter(any -> !service.critical())));
        }
        offers.offer(WorkStep.DISPATCH, lane, admitted.id());
        return new Admission.Accepted(admitted.id(), id.toString(), false, numbered.token());
    }

    private Admitted store(ServiceRow service, Draft.Numbered numbered, NewRequest request) {
        return TopUps.SERVICE.equals(service.variant())
                ? ledger.admitTopUp(request, numbered.token().isPresent())
                : ledger.admit(request);
    }

    private Instant dueBy(ServiceRow service, Optional<Instant> executesAt) {
        return executesAt
                .map(time -> time.plus(FutureDating.OUTCOME_WITHIN))
                .orElseGet(() -> clock.instant().plusSeconds(service.targetSeconds()))
                .plus(settings.overdueGrace());
    }

    private static Lane lane(Draft draft, ServiceRow service) {
        Lane requested = draft.lane().orElse(service.lane());
        return requested == Lane.PREPAYMENT && service.lane() != Lane.PREPAYMENT ? Lane.INTERACTIVE : requested;
    }

    private static Origin origin(Submission submission, Optional<String> correlationId) {
        return new Origin(
                submission.channel(),
                correlationId,
                submission.replyTo().filter(address -> TextLimit.REPLY_TO.holds(address.toString())),
                submission.principal(),
                submission.format() == Submission.Format.XML ? "xml" : "json");
    }

    /** The submission is valid, but a component of Postern is not available. */
    private Admission temporary(Submission submission, Fault fault) {
        LOG.warn("submission by {} not accepted: {}", submission.channel().text(), fault);
        metrics.count("postern_admissions_total", "outcome", "unavailable");
        return Admission.Refused.temporary(fault);
    }

    /**
     * A request that was admitted before is acknowledged again even if it does not satisfy the rules any more, for
     * example because its execution time has passed.
     */
    private Admission refusedUnlessRepeated(Submission submission, Optional<DuisRequest> request, Fault fault) {
        try {
            Optional<RequestRecord> earlier = submission
                    .correlationId()
                    .filter(TextLimit.CORRELATION_ID::holds)
                    .flatMap(id -> ledger.findByCorrelation(submission.channel(), id))
                    .filter(record -> ledger.documents(record.id())
                            .map(RequestDocuments::original)
                            .filter(original -> Arrays.equals(original, submission.bytes()))
                            .isPresent());
            if (earlier.isPresent()) {
                metrics.count("postern_admissions_total", "outcome", "again");
                return new Admission.Accepted(earlier.get().id(), earlier.get().name(), true);
            }
        } catch (PosternException e) {
            return temporary(submission, e.fault());
        }
        return refused(submission, request, fault);
    }

    private Admission refused(Submission submission, Optional<DuisRequest> request, Fault fault) {
        return refused(
                submission,
                request,
                fault,
                new SecurityEvent.AccessRefused(
                        submission.principal(),
                        submission.channel().text(),
                        request.map(DuisRequest::requestId)
                                .map(RequestId::toString)
                                .orElse("submission"),
                        fault.code(),
                        fault.cause()));
    }

    private Admission refused(Submission submission, Optional<DuisRequest> request, Fault fault, SecurityEvent event) {
        Optional<RequestId> id = request.map(DuisRequest::requestId);
        Optional<UserRole> role =
                id.flatMap(i -> roles.byUserId(i.originator())).map(UserRoleProfile::role);
        try {
            securityLog.append(event);
            Admitted record = ledger.admit(new NewRequest(
                    origin(submission, Optional.empty()),
                    storedBytes(submission),
                    Optional.empty(),
                    new Target(
                            role,
                            request.map(DuisRequest::serviceReferenceVariant),
                            request.map(DuisRequest::variant),
                            id.map(RequestId::target)),
                    Lane.ROUTINE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(fault.toString()),
                    Optional.empty()));
            LOG.info(
                    "{} refused at interface {}: {}",
                    record.id(),
                    submission.channel().text(),
                    fault);
            metrics.count("postern_admissions_total", "outcome", "refused");
            metrics.count("postern_transitions_total", "to", RequestState.REJECTED.name());
            return Admission.Refused.permanent(record.id(), fault);
        } catch (PosternException e) {
            LOG.warn(
                    "submission by {} refused ({}), but the refusal could not be recorded: {}",
                    submission.channel().text(),
                    fault,
                    e.fault());
            metrics.count("postern_admissions_total", "outcome", "unavailable");
            return Admission.Refused.temporary(e.fault());
        }
    }

    /**
     * An oversized submission is not stored completely, so that a refusal does not need as much space as an admission.
     */
    private byte[] storedBytes(Submission submission) {
        byte[] bytes = submission.bytes();
        return bytes.length <= settings.maxBytes() ? bytes : Arrays.copyOf(bytes, Math.min(1024, settings.maxBytes()));
    }
}
