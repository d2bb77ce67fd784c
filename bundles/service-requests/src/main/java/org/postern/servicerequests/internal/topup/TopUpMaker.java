package org.postern.servicerequests.internal.topup;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.TopUpForm;
import org.postern.gbcs.GbcsCrypto;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpDigits;
import org.postern.servicerequests.TopUpOrder;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.internal.admission.Admitter;
import org.postern.servicerequests.internal.admission.Draft;
import org.postern.servicerequests.internal.admission.TopUpRules;
import org.postern.servicerequests.internal.lifecycle.Json;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Results;
import org.postern.servicerequests.internal.reading.OwnDocuments;
import org.postern.servicerequests.internal.reading.SubmissionReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits orders for top-ups and returns their digits. The token is stored only in the request's document in the ledger,
 * which service 2.2 needs; it is read from there when the same order is repeated. It is never logged.
 */
public final class TopUpMaker implements TopUps {

    private static final Logger LOG = LoggerFactory.getLogger(TopUpMaker.class);
    private static final String METRIC = "postern_top_ups_total";

    /**
     * The components that it uses.
     *
     * @param submissions reads submissions
     * @param reader reads our own documents
     */
    public record Collaborators(
            Admitter admitter,
            SubmissionReader submissions,
            UserRoles roles,
            ServiceCatalogue catalogue,
            DeviceInventory inventory,
            CertificateDirectory certificates,
            KeyVault vault,
            GbcsCrypto crypto,
            Ledger ledger,
            Progress progress,
            SecurityLog securityLog,
            Metrics metrics,
            DuisReader reader,
            Clock clock) {}

    private final Collaborators with;
    private final TokenMaker tokens;
    private final OwnDocuments documents;

    public TopUpMaker(Collaborators with) {
        this.with = with;
        this.tokens = new TokenMaker(with);
        this.documents = new OwnDocuments(with.ledger(), with.reader());
    }

    @Override
    public Admission topUp(TopUpOrder order) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("service", TopUps.SERVICE);
        form.put("device", order.meter().dashed());
        form.put("role", order.by());
        form.put(
                "topUp",
                Map.of(
                        order.amount().unit() == TopUpAmount.Unit.PENCE ? "pence" : "pounds",
                        order.amount().value()));
        Submission submission = new Submission(
                order.channel(),
                Submission.Format.JSON,
                Json.write(form).getBytes(StandardCharsets.UTF_8),
                order.replyTo(),
                order.correlationId(),
                Optional.empty(),
                order.principal());
        return with.admitter().admit(submission, () -> new OrderDraft(submission, order));
    }

    @Override
    public Admission topUp(Submission submission) {
        return with.admitter().admit(submission, () -> draft(submission, () -> form(submission)));
    }

    private TopUpForm form(Submission submission) {
        if (submission.format() != Submission.Format.JSON) {
            throw new PosternException(DuisFault.JSON_MEMBER.fault(
                    "topUp", "the JSON form with a member topUp", "another form", "send JSON"));
        }
        return with.submissions().readTopUp(submission.bytes());
    }

    /** The draft of an order that was submitted as a form. */
    Draft draft(Submission submission, Supplier<TopUpForm> form) {
        try {
            return new OrderDraft(submission, order(submission, form.get()));
        } catch (PosternException e) {
            with.metrics().count(METRIC, "outcome", "refused");
            throw e;
        }
    }

    private static TopUpOrder order(Submission submission, TopUpForm form) {
        String number = form.amount().getValue();
        TopUpAmount amount = switch (form.amount().getKey()) {
            case "pence" -> TopUpAmount.pence(number);
            case "pounds" -> TopUpAmount.pounds(number);
            default -> TopUpAmount.of(number);
        };
        return new TopUpOrder(
                submission.channel(),
                form.role(),
                form.device(),
                amount,
                submission.replyTo(),
                submission.correlationId(),
                submission.principal());
    }

    /** The draft of an order. */
    private final class OrderDraft implements Draft {

        private final Submission submission;
        private final TopUpOrder order;

        OrderDraft(Submission submission, TopUpOrder order) {
            this.submission = submission;
            this.order = order;
        }

        @Override
        public DuisRequest request() {
            return tokens.request(order);
        }

        @Override
        public Numbered numbered(DuisRequest checked, UserRoleProfile role, ServiceRow service) {
            return tokens.numbered(submission, order, checked, role, service);
        }

        /** Top-ups always use the lane of their service, regardless of the caller's request. */
        @Override
        public Optional<Lane> lane() {
            return Optional.empty();
        }

        @Override
        public Admission acknowledgement(Admission admission) {
            Admission result = admission.fold(accepted -> released(submission, accepted), refused -> refused);
            with.metrics()
                    .count(
                            METRIC,
                            "outcome",
                            result.fold(
                                    accepted -> accepted.repeated() ? "again" : "made",
                                    refused -> refused.worthRepeating() ? "unavailable" : "refused"));
            return result;
        }
    }

    /** Returns the digits after they are on disk with their request and their release is in the security log. */
    private Admission released(Submission submission, Admission.Accepted accepted) {
        try {
            TopUpDigits digits = accepted.token().orElseGet(() -> storedDigits(submission, accepted));
            if (submission.replyTo().isPresent()) {
                send(accepted, digits);
            }
            return new Admission.Accepted(
                    accepted.id(), accepted.requestId(), accepted.repeated(), Optional.of(digits));
        } catch (PosternException e) {
            LOG.warn("{}: its token cannot be returned now: {}", accepted.id(), e.fault());
            // the request is admitted and its token is on disk: a repeated order returns it
            return Admission.Refused.temporary(e.fault());
        }
    }

    /**
     * The digits that were made for the same order before; the repeated release is written to the security log first.
     */
    private TopUpDigits storedDigits(Submission submission, Admission.Accepted accepted) {
        TopUpDigits digits =
                new TopUpDigits(documents.of(accepted.id()).orElseThrow().body().value(TopUpRules.UTRN));
        with.securityLog()
                .append(new SecurityEvent.TopUpTokenReleased(
                        submission.principal(), submission.channel().text(), accepted.requestId(), true));
        return digits;
    }

    /**
     * Sends the token to the reply address, in addition to the answer that follows later; a repeated order sends it
     * again.
     */
    private void send(Admission.Accepted accepted, TopUpDigits digits) {
        RequestRecord record = with.ledger().find(accepted.id()).orElseThrow();
        String first = accepted.id() + ".token";
        boolean delivered = with.ledger()
                .delivery(first)
                .filter(entry -> entry.state() != DeliveryState.PENDING)
                .isPresent();
        String id = delivered ? first + "-" + Long.toString(with.clock().millis(), Character.MAX_RADIX) : first;
        OutboxEntry entry = Results.token(record, id, digits);
        with.progress().apply(Change.ofNone(record.lane()).deliver(entry), record.lane());
    }
}
