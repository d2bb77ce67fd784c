package org.postern.servicerequests.internal.admission;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.FutureDating;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.postern.duis.RequestRules;
import org.postern.ledger.Admitted;
import org.postern.ledger.Ledger;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.Target;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a submission to a numbered request on disk, or to a refusal on disk. The order matters: read, rules, schema, counter,
 * ledger; nothing is numbered that will not be carried out, and nothing is answered before the ledger has it.
 *
 * <p>Safe for many threads; holds no lock.
 */
public final class Admitter {

    private static final Logger LOG = LoggerFactory.getLogger(Admitter.class);
    /** The one service whose RequestID counter is made by whoever made its token (DUIS, RequestID). */
    private static final String TOP_UP = TopUpRules.SERVICE;

    private final RequestReader reader;
    private final AdmissionRules rules;
    private final UserRoles roles;
    private final Consumer<byte[]> schema;
    private final Ledger ledger;
    private final SecurityLog securityLog;
    private final Metrics metrics;
    private final Settings settings;
    private final Clock clock;
    private final CredentialsGate credentials;

    /**
     * What an operator decides about admission.
     *
     * @param accessControlBroker target of non-device requests
     * @param maxBytes            size of one submission, whatever the door lets through
     * @param overdueGrace        how long after its target time an answer counts as overdue
     */
    public record Settings(Eui64 accessControlBroker, int maxBytes, Duration overdueGrace) {
        public Settings {
            Objects.requireNonNull(accessControlBroker, "accessControlBroker");
            Objects.requireNonNull(overdueGrace, "overdueGrace");
        }
    }

    /**
     * @param schema      refuses a document that the official schema does not accept; does nothing where none is installed
     * @param credentials pre-checks of the credentials services
     */
    public Admitter(RequestReader reader, ServiceCatalogue catalogue, UserRoles roles, Consumer<byte[]> schema,
            CredentialChecks credentials, Ledger ledger, SecurityLog securityLog, Metrics metrics, Settings settings, Clock clock) {
        this.reader = reader;
        this.rules = new AdmissionRules(new RequestRules(catalogue), roles, settings.accessControlBroker(), clock);
        this.roles = roles;
        this.schema = schema;
        this.ledger = ledger;
        this.securityLog = securityLog;
        this.metrics = metrics;
        this.settings = settings;
        this.clock = clock;
        this.credentials = new CredentialsGate(credentials, ledger.counters(), securityLog, metrics);
    }

    /** How a request comes about: read from what was handed in, or made here. */
    public interface Source {

        /** The request to be checked, not yet under a counter of ours. */
        DuisRequest draft();

        /** The request that is sent; asked for only once it is admissible and new. */
        DuisRequest complete(DuisRequest draft, UserRoleProfile role, ServiceRow service);

        /** True where a top-up's counter was reserved in {@link #complete}; false where it came with the request. */
        boolean reserved();
    }

    /** Admits or refuses; never throws for what was handed in. */
    public Admission admit(Submission submission) {
        return admit(submission, new Source() {
            @Override
            public DuisRequest draft() {
                return reader.read(submission.format(), submission.bytes());
            }

            @Override
            public DuisRequest complete(DuisRequest draft, UserRoleProfile role, ServiceRow service) {
                return draft.withRequestId(numbered(draft, service));
            }

            @Override
            public boolean reserved() {
                return false;
            }
        });
    }

    /** The same for a request that comes from elsewhere than the submission's bytes. */
    public Admission admit(Submission submission, Source source) {
        DuisRequest request = null;
        try {
            if (submission.bytes().length > settings.maxBytes()) {
                throw new PosternException(ServiceRequestFault.SUBMISSION_TOO_LARGE.fault("submission",
                        "at most " + settings.maxBytes() + " bytes", submission.bytes().length + " bytes"));
            }
            DuisRequest asked = source.draft();
            request = AdmissionRules.transformable(asked);
            AdmissionRules.Admissible admissible = rules.check(request, asked.variant());
            return admitted(submission, request, admissible, source);
        } catch (CredentialsGate.Refusal e) {
            return refused(submission, Optional.of(request), e.fault(), e.event(submission, request.requestId()));
        } catch (PosternException e) {
            return e.fault().mayPass() ? notNow(submission, e.fault())
                    : refused(submission, Optional.ofNullable(request), e.fault());
        }
    }

    private Admission admitted(Submission submission, DuisRequest request, AdmissionRules.Admissible admissible, Source source) {
        ServiceRow service = admissible.service();
        // The same work handed in again is found before a counter is spent on it; the ledger decides all the same.
        Optional<RequestRecord> earlier = submission.correlationId()
                .flatMap(id -> ledger.findByCorrelation(submission.channel(), id));
        Optional<CredentialsReport> checked = earlier.isPresent() ? Optional.empty() : credentials.check(request);
        DuisRequest ours = earlier.isPresent() ? request : source.complete(request, admissible.role(), service);
        byte[] document = DuisWriter.write(ours).toArray();
        schema.accept(document);
        RequestId id = ours.requestId();
        checked.ifPresent(report -> credentials.admitted(report, submission, id));
        Admitted admitted = onDisk(service, source, new NewRequest(origin(submission, submission.correlationId()), submission.bytes(),
                Optional.of(id), new Target(Optional.of(admissible.role().role()), Optional.of(service.variant()),
                        Optional.of(admissible.variant()), Optional.of(id.target())), lane(submission, service), Optional.of(document),
                admissible.executionTime(), Optional.of(dueBy(service, admissible.datedFor())), Optional.empty()));
        metrics.count("postern_admissions_total", "outcome", admitted.existing() ? "again" : "accepted");
        RequestId known = admitted.existing() ? ledger.find(admitted.id()).flatMap(RequestRecord::requestId).orElse(id) : id;
        return new Admission.Accepted(admitted.id(), known.toString(), admitted.existing());
    }

    private Admitted onDisk(ServiceRow service, Source source, NewRequest request) {
        return TOP_UP.equals(service.variant()) ? ledger.admitTopUp(request, source.reserved()) : ledger.admit(request);
    }

    private RequestId numbered(DuisRequest request, ServiceRow service) {
        RequestId asked = request.requestId();
        if (TOP_UP.equals(service.variant())) {
            // the token in the body was made for this very counter
            TopUpRules.check(request);
            return asked;
        }
        return new RequestId(asked.originator(), asked.target(), ledger.counters().next(asked.originator()));
    }

    private Instant dueBy(ServiceRow service, Optional<Instant> datedFor) {
        return datedFor.map(time -> time.plus(FutureDating.OUTCOME_WITHIN))
                .orElseGet(() -> clock.instant().plusSeconds(service.targetSeconds())).plus(settings.overdueGrace());
    }

    private static Lane lane(Submission submission, ServiceRow service) {
        Lane wished = submission.lane().orElse(service.lane());
        return wished == Lane.PREPAYMENT && service.lane() != Lane.PREPAYMENT ? Lane.INTERACTIVE : wished;
    }

    private static Origin origin(Submission submission, Optional<String> correlationId) {
        return new Origin(submission.channel(), correlationId, submission.replyTo(), submission.principal(),
                submission.format() == Submission.Format.XML ? "xml" : "json");
    }

    /** Nothing is wrong with it: something of ours is not there. */
    private Admission notNow(Submission submission, Fault fault) {
        LOG.warn("submission by {} not taken: {}", submission.channel().text(), fault);
        metrics.count("postern_admissions_total", "outcome", "unavailable");
        return Admission.Refused.notNow(fault);
    }

    private Admission refused(Submission submission, Optional<DuisRequest> request, Fault fault) {
        return refused(submission, request, fault, new SecurityEvent.AccessRefused(submission.principal(), submission.channel().text(),
                request.map(DuisRequest::requestId).map(RequestId::toString).orElse("submission"), fault.code(), fault.cause()));
    }

    private Admission refused(Submission submission, Optional<DuisRequest> request, Fault fault, SecurityEvent event) {
        Optional<RequestId> id = request.map(DuisRequest::requestId);
        Optional<UserRole> role = id.flatMap(i -> roles.byUserId(i.originator())).map(UserRoleProfile::role);
        try {
            securityLog.append(event);
            Admitted record = ledger.admit(new NewRequest(origin(submission, Optional.empty()), kept(submission), Optional.empty(),
                    new Target(role, request.map(DuisRequest::serviceReferenceVariant), request.map(DuisRequest::variant),
                            id.map(RequestId::target)), Lane.ROUTINE, Optional.empty(), Optional.empty(), Optional.empty(),
                    Optional.of(fault.toString())));
            LOG.info("{} refused at door {}: {}", record.id(), submission.channel().text(), fault);
            metrics.count("postern_admissions_total", "outcome", "refused");
            return Admission.Refused.forGood(record.id(), fault);
        } catch (PosternException e) {
            LOG.warn("submission by {} refused ({}), but the refusal could not be recorded: {}", submission.channel().text(), fault, e.fault());
            metrics.count("postern_admissions_total", "outcome", "unavailable");
            return Admission.Refused.notNow(e.fault());
        }
    }

    /** An oversized submission is not kept whole: its refusal must not cost what its admission would have. */
    private byte[] kept(Submission submission) {
        byte[] bytes = submission.bytes();
        return bytes.length <= settings.maxBytes() ? bytes : java.util.Arrays.copyOf(bytes, Math.min(1024, settings.maxBytes()));
    }
}
