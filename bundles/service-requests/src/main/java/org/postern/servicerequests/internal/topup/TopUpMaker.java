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
import org.postern.servicerequests.internal.reading.DoorReader;
import org.postern.servicerequests.internal.reading.OwnDocuments;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits orders of top-ups and gives out their digits. The token lives in the request's document in the ledger, where
 * the 2.2 needs it, and is read from there when the same order comes again; it is in no log.
 */
public final class TopUpMaker implements TopUps {

    private static final Logger LOG = LoggerFactory.getLogger(TopUpMaker.class);
    private static final String METRIC = "postern_top_ups_total";

    /**
     * Those it works with.
     *
     * @param doors reads what the doors hand in
     * @param reader reads our own documents
     */
    public record Collaborators(
            Admitter admitter,
            DoorReader doors,
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
        return with.doors().readTopUp(submission.bytes());
    }

    /** What becomes of an order that was handed in as a form. */
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

    /** One order on its way to a request. */
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

        /** Money has one lane, whatever the caller wished for. */
        @Override
        public Optional<Lane> lane() {
            return Optional.empty();
        }

        @Override
        public Admission told(Admission admission) {
            Admission told = admission.fold(accepted -> released(submission, accepted), refused -> refused);
            with.metrics()
                    .count(
                            METRIC,
                            "outcome",
                            told.fold(
                                    accepted -> accepted.again() ? "again" : "made",
                                    refused -> refused.worthRepeating() ? "unavailable" : "refused"));
            return told;
        }
    }

    /** The digits are on disk with their request, and on record; now they may leave. */
    private Admission released(Submission submission, Admission.Accepted accepted) {
        try {
            TopUpDigits digits = accepted.token().orElseGet(() -> kept(submission, accepted));
            if (submission.replyTo().isPresent()) {
                send(accepted, digits);
            }
            return new Admission.Accepted(accepted.id(), accepted.requestId(), accepted.again(), Optional.of(digits));
        } catch (PosternException e) {
            LOG.warn("{}: its token cannot be given now: {}", accepted.id(), e.fault());
            // the request is admitted and its token on disk: handed in again, it is given
            return Admission.Refused.notNow(e.fault());
        }
    }

    /** The digits that the same order got before; that they are given again is on record first. */
    private TopUpDigits kept(Submission submission, Admission.Accepted accepted) {
        TopUpDigits digits =
                new TopUpDigits(documents.of(accepted.id()).orElseThrow().body().value(TopUpRules.UTRN));
        with.securityLog()
                .append(new SecurityEvent.TopUpTokenReleased(
                        submission.principal(), submission.channel().text(), accepted.requestId(), true));
        return digits;
    }

    /** To the reply-to, beside the answer that comes later; handed in again, the token goes there again. */
    private void send(Admission.Accepted accepted, TopUpDigits digits) {
        RequestRecord record = with.ledger().find(accepted.id()).orElseThrow();
        String first = accepted.id() + ".token";
        boolean left = with.ledger()
                .delivery(first)
                .filter(entry -> entry.state() != DeliveryState.PENDING)
                .isPresent();
        String id = left ? first + "-" + Long.toString(with.clock().millis(), Character.MAX_RADIX) : first;
        OutboxEntry entry = Results.token(record, id, digits);
        with.progress().apply(Change.ofNone(record.lane()).deliver(entry), record.lane());
    }
}
