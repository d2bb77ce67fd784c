package org.postern.servicerequests.internal.topup;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.JsonRequests;
import org.postern.duis.TopUpForm;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.TopUpToken;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.CertificateUsage;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.PartyCertificate;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpDigits;
import org.postern.servicerequests.TopUpOrder;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.internal.admission.Admitter;
import org.postern.servicerequests.internal.admission.TopUpRules;
import org.postern.servicerequests.internal.lifecycle.Json;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Results;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes top-up tokens and the requests that carry them. The token lives in the request's document in the ledger, where the
 * 2.2 needs it, and is read from there when the same order comes again; it is in no log.
 *
 * <p>The counter is taken while the vault lends the agreed value: a vault that is away, a key of another purpose or a meter without a
 * certificate spends no counter, so that repeating an order for hours does not carry the series out of the ten bits that a token
 * can tell apart. Holds no lock: two orders for one meter at once may reach the ledger in the other order of their counters.
 */
public final class TopUpMaker implements TopUps {

    private static final Logger LOG = LoggerFactory.getLogger(TopUpMaker.class);

    /** Which meter takes tokens of which supplier: use cases CS01a and CS01b. */
    private static final Map<UserRole, DeviceType> METERS = Map.of(UserRole.IS, DeviceType.ESME, UserRole.GS, DeviceType.GSME);
    /** Stands in the draft until there is a token; never admitted. */
    private static final String NO_TOKEN = "00000000000000000000";
    private static final long FIRST_COUNTER = 1L << 32;
    private static final String METRIC = "postern_top_ups_total";

    /**
     * Those it works with.
     *
     * @param admission admits, and sets the request going at once
     */
    public record Collaborators(BiFunction<Submission, Admitter.Source, Admission> admission, UserRoles roles, ServiceCatalogue catalogue,
            DeviceInventory inventory, CertificateDirectory certificates, KeyVault vault, GbcsCrypto crypto, Ledger ledger,
            Progress progress, SecurityLog securityLog, Metrics metrics, JsonRequests json, DuisReader reader, Clock clock) {
    }

    private final Collaborators with;

    public TopUpMaker(Collaborators with) {
        this.with = with;
    }

    /** True for what {@link #topUp(Submission)} takes. */
    public boolean takes(Submission submission) {
        return submission.format() == Submission.Format.JSON && with.json().isTopUp(submission.bytes());
    }

    @Override
    public Admission topUp(TopUpOrder order) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("service", TopUpRules.SERVICE);
        form.put("device", order.meter().dashed());
        form.put("role", order.by());
        form.put("topUp", Map.of(order.amount().unit() == TopUpAmount.Unit.PENCE ? "pence" : "pounds", order.amount().value()));
        Submission submission = new Submission(order.channel(), Submission.Format.JSON, Json.write(form).getBytes(StandardCharsets.UTF_8),
                order.replyTo(), order.correlationId(), Optional.empty(), order.principal());
        return topUp(submission, () -> order);
    }

    @Override
    public Admission topUp(Submission submission) {
        return topUp(submission, () -> read(submission));
    }

    private TopUpOrder read(Submission submission) {
        if (submission.format() != Submission.Format.JSON) {
            throw new PosternException(DuisFault.JSON_MEMBER.fault("topUp", "the JSON form with a member topUp",
                    "another form", "send JSON"));
        }
        TopUpForm form = with.json().readTopUp(submission.bytes());
        String number = form.amount().getValue();
        TopUpAmount amount = switch (form.amount().getKey()) {
            case "pence" -> TopUpAmount.pence(number);
            case "pounds" -> TopUpAmount.pounds(number);
            default -> TopUpAmount.of(number);
        };
        return new TopUpOrder(submission.channel(), form.role(), form.device(), amount, submission.replyTo(), submission.correlationId(),
                submission.principal());
    }

    private Admission topUp(Submission asked, Supplier<TopUpOrder> order) {
        // money has one lane, whatever the caller wished for
        Submission submission = new Submission(asked.channel(), asked.format(), asked.bytes(), asked.replyTo(), asked.correlationId(),
                Optional.empty(), asked.principal());
        Making making = new Making(submission, order);
        Admission admission = with.admission().apply(submission, making)
                .fold(accepted -> released(submission, accepted, making), refused -> refused);
        with.metrics().count(METRIC, "outcome", admission.fold(accepted -> accepted.again() ? "again" : "made",
                refused -> refused.worthRepeating() ? "unavailable" : "refused"));
        return admission;
    }

    /** The digits are on disk with their request, and on record; now they may leave. */
    private Admission released(Submission submission, Admission.Accepted accepted, Making making) {
        try {
            TopUpDigits digits;
            if (accepted.again()) {
                digits = kept(accepted.id());
                with.securityLog().append(new SecurityEvent.TopUpTokenReleased(submission.principal(), submission.channel().text(),
                        accepted.requestId(), true));
            } else {
                digits = new TopUpDigits(making.token.digits());
            }
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

    private TopUpDigits kept(String id) {
        RequestDocuments documents = with.ledger().documents(id).orElseThrow();
        return new TopUpDigits(with.reader().readRequest(documents.document().orElseThrow()).body().value(TopUpRules.UTRN));
    }

    /** To the reply-to, beside the answer that comes later; handed in again, the token goes there again. */
    private void send(Admission.Accepted accepted, TopUpDigits digits) {
        RequestRecord record = with.ledger().find(accepted.id()).orElseThrow();
        String first = accepted.id() + ".token";
        boolean left = with.ledger().delivery(first).filter(entry -> entry.state() != DeliveryState.PENDING).isPresent();
        String id = left ? first + "-" + Long.toString(with.clock().millis(), Character.MAX_RADIX) : first;
        OutboxEntry entry = Results.token(record, id, digits);
        with.progress().apply(Change.ofNone().deliver(entry), Lane.PREPAYMENT);
    }

    /** One order on its way to a request. */
    private final class Making implements Admitter.Source {

        private final Submission submission;
        private final Supplier<TopUpOrder> source;
        private TopUpOrder order;
        private TopUpToken token;

        Making(Submission submission, Supplier<TopUpOrder> source) {
            this.submission = submission;
            this.source = source;
        }

        @Override
        public DuisRequest draft() {
            order = source.get();
            ServiceRow service = with.catalogue().require(TopUpRules.SERVICE);
            return new DuisRequest(new RequestId(userId(order.by()), order.meter(), FIRST_COUNTER), service.firstVariant(), service.reference(),
                    service.variant(), body(service, NO_TOKEN));
        }

        @Override
        public DuisRequest complete(DuisRequest draft, UserRoleProfile role, ServiceRow service) {
            String alias = role.keys().prepayment().orElseThrow(() -> refused(ServiceRequestFault.NO_PREPAYMENT_KEY,
                    "prepaymentKey",
                    "role " + role.role() + " has a key agreement key for top-ups", "none is configured",
                    "add the key to the vault and name it in the role's settings"));
            meterOf(role.role(), order.meter());
            X509Certificate certificate = certificate(order.meter());
            RequestId id = with.vault().agree(alias, KeyPurpose.PREPAYMENT_KEY_AGREEMENT, certificate, z -> make(z, role.userId()));
            with.securityLog().append(new SecurityEvent.TopUpTokenReleased(submission.principal(), submission.channel().text(), id.toString(), false));
            return new DuisRequest(id, draft.variant(), draft.serviceReference(), draft.serviceReferenceVariant(), body(service, token.digits()));
        }

        private RequestId make(byte[] z, Eui64 supplier) {
            long counter = with.ledger().counters().nextPrepayment(supplier, order.meter());
            TopUpToken.Unit unit = order.amount().unit() == TopUpAmount.Unit.PENCE ? TopUpToken.Unit.PENCE : TopUpToken.Unit.POUNDS;
            token = TopUpToken.make(with.crypto(), z, supplier, order.meter(), counter, unit, order.amount().value());
            return new RequestId(supplier, order.meter(), counter);
        }

        @Override
        public boolean reserved() {
            return true;
        }
    }

    private static DuisElement body(ServiceRow service, String digits) {
        return DuisElement.of(service.bodyElement(), DuisElement.leaf(TopUpRules.UTRN, digits));
    }

    private Eui64 userId(String by) {
        for (UserRole role : UserRole.values()) {
            if (role.name().equals(by)) {
                return with.roles().active(role).map(UserRoleProfile::userId).orElseThrow(() -> inactive("role " + by + " is not"));
            }
        }
        // a text that is neither is refused as no EUI-64; one that is not ours, by admission
        return Eui64.parse(by);
    }

    private PosternException inactive(String cause) {
        return refused(with.roles().absence(), "role", "a User Role that is active here", cause,
                "install and configure the bundle of the role");
    }

    /** Where the inventory knows the device, it has to be a meter of that supplier; where not, its certificate decides. */
    private void meterOf(UserRole role, Eui64 meter) {
        DeviceType wanted = METERS.get(role);
        Optional<DeviceType> known = with.inventory().find(meter).flatMap(DeviceFacts::deviceType);
        if (wanted == null || known.filter(type -> type != wanted).isPresent()) {
            throw refused(ServiceRequestFault.NOT_THE_ROLES_METER, "device",
                    "role " + role + " tops up " + (wanted == null ? "nothing" : "an " + wanted),
                    "the device is " + known.map(type -> "an " + type).orElse("none"), "give the meter's Device ID, or the other role");
        }
    }

    private X509Certificate certificate(Eui64 meter) {
        X509Certificate certificate = with.certificates().find(meter, CertificateUsage.KEY_AGREEMENT).map(PartyCertificate::certificate)
                .orElseThrow(() -> refused(ServiceRequestFault.NO_METER_CERTIFICATE, "device",
                        "the meter's Key Agreement certificate is on record", "there is none",
                        "put it into the certificates' folder, see org.postern.inventory.cfg"));
        try {
            certificate.checkValidity(Date.from(with.clock().instant()));
            return certificate;
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            throw refused(ServiceRequestFault.NO_METER_CERTIFICATE, "device",
                    "the meter's Key Agreement certificate is valid today", "it is not", "replace it");
        }
    }

    private static PosternException refused(ServiceRequestFault kind, String field, String rule, String cause, String action) {
        return new PosternException(kind.fault(field, rule, cause, action));
    }
}
