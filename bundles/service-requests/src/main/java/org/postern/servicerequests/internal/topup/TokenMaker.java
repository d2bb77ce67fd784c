package org.postern.servicerequests.internal.topup;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.TopUpToken;
import org.postern.hsm.KeyPurpose;
import org.postern.inventory.CertificateUsage;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.PartyCertificate;
import org.postern.securitylogging.SecurityEvent;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpDigits;
import org.postern.servicerequests.TopUpOrder;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.internal.admission.Draft;
import org.postern.servicerequests.internal.admission.TopUpRules;

/**
 * Makes the token for a top-up order, and the request that carries it.
 *
 * <p>The counter is allocated only when the vault provides the agreed value. If the vault is not available, the key has
 * another purpose or the meter has no certificate, no counter is used, so that repeating an order for hours does not
 * move the series beyond the ten bits that a token can distinguish. There is no lock: two concurrent orders for one
 * meter may reach the ledger in the opposite order of their counters.
 */
final class TokenMaker {

    /** The device type that accepts tokens of each supplier role: use cases CS01a and CS01b. */
    private static final Map<UserRole, DeviceType> METERS =
            Map.of(UserRole.IS, DeviceType.ESME, UserRole.GS, DeviceType.GSME);
    /** Placeholder in the request until there is a token; never admitted. */
    private static final String NO_TOKEN = "00000000000000000000";

    private static final long FIRST_COUNTER = 1L << 32;

    private final TopUpMaker.Collaborators with;

    TokenMaker(TopUpMaker.Collaborators with) {
        this.with = with;
    }

    /** The counter and the token that were made while the agreed value was available. */
    private record CountedToken(RequestId id, TopUpToken token) {}

    /** The request of an order, to be checked before a counter and a token are made for it. */
    DuisRequest request(TopUpOrder order) {
        ServiceRow service = with.catalogue().require(TopUps.SERVICE);
        return new DuisRequest(
                new RequestId(userId(order.by()), order.meter(), FIRST_COUNTER),
                service.firstVariant(),
                service.reference(),
                service.variant(),
                body(service, NO_TOKEN));
    }

    /**
     * Makes the token, writes its release to the security log, and puts it into the request.
     *
     * @param draft {@link #request} of that order, checked
     */
    Draft.Numbered numbered(
            Submission submission, TopUpOrder order, DuisRequest draft, UserRoleProfile role, ServiceRow service) {
        String alias = role.keys()
                .prepayment()
                .orElseThrow(() -> new PosternException(ServiceRequestFault.NO_PREPAYMENT_KEY.fault(
                        "prepaymentKey",
                        "role " + role.role() + " has a key agreement key for top-ups",
                        "none is configured")));
        checkMeter(role.role(), order.meter());
        CountedToken token = with.vault()
                .agree(
                        alias,
                        KeyPurpose.PREPAYMENT_KEY_AGREEMENT,
                        certificate(order.meter()),
                        z -> make(z, role.userId(), order));
        with.securityLog()
                .append(new SecurityEvent.TopUpTokenReleased(
                        submission.principal(),
                        submission.channel().text(),
                        token.id().toString(),
                        false));
        String digits = token.token().digits();
        return new Draft.Numbered(
                new DuisRequest(
                        token.id(),
                        draft.variant(),
                        draft.serviceReference(),
                        draft.serviceReferenceVariant(),
                        body(service, digits)),
                Optional.of(new TopUpDigits(digits)));
    }

    private CountedToken make(byte[] z, Eui64 supplier, TopUpOrder order) {
        long counter = with.ledger().counters().nextPrepayment(supplier, order.meter());
        TopUpToken.Unit unit =
                order.amount().unit() == TopUpAmount.Unit.PENCE ? TopUpToken.Unit.PENCE : TopUpToken.Unit.POUNDS;
        return new CountedToken(
                new RequestId(supplier, order.meter(), counter),
                TopUpToken.make(
                        with.crypto(),
                        z,
                        supplier,
                        order.meter(),
                        counter,
                        unit,
                        order.amount().value()));
    }

    private static DuisElement body(ServiceRow service, String digits) {
        return DuisElement.of(service.bodyElement(), DuisElement.leaf(TopUpRules.UTRN, digits));
    }

    private Eui64 userId(String by) {
        for (UserRole role : UserRole.values()) {
            if (role.name().equals(by)) {
                return with.roles()
                        .active(role)
                        .map(UserRoleProfile::userId)
                        .orElseThrow(() -> new PosternException(with.roles()
                                .absence()
                                .fault(
                                        "role",
                                        "a User Role that is active here",
                                        "role " + by + " is not active",
                                        "install and configure the bundle of the role")));
            }
        }
        // a text that is neither a role nor an EUI-64 is refused here; an EUI-64 that is not ours is refused by
        // admission
        return Eui64.parse(by);
    }

    /**
     * If the inventory lists the device, it must be a meter for that supplier role; otherwise only its certificate is
     * checked.
     */
    private void checkMeter(UserRole role, Eui64 meter) {
        DeviceType wanted = METERS.get(role);
        Optional<DeviceType> known = with.inventory().find(meter).flatMap(DeviceFacts::deviceType);
        if (wanted == null || known.filter(type -> type != wanted).isPresent()) {
            throw new PosternException(ServiceRequestFault.NOT_THE_ROLES_METER.fault(
                    "device",
                    "role " + role + " tops up " + (wanted == null ? "nothing" : "an " + wanted),
                    "the device is " + known.map(type -> "an " + type).orElse("none")));
        }
    }

    private X509Certificate certificate(Eui64 meter) {
        X509Certificate certificate = with.certificates()
                .find(meter, CertificateUsage.KEY_AGREEMENT)
                .map(PartyCertificate::certificate)
                .orElseThrow(() -> new PosternException(ServiceRequestFault.NO_METER_CERTIFICATE.fault(
                        "device",
                        "the meter's Key Agreement certificate is on record",
                        "no Key Agreement certificate of this meter is on record")));
        try {
            certificate.checkValidity(Date.from(with.clock().instant()));
            return certificate;
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            throw new PosternException(ServiceRequestFault.NO_METER_CERTIFICATE.fault(
                    "device",
                    "the meter's Key Agreement certificate is valid today",
                    "the certificate is not valid today",
                    "replace it"));
        }
    }
}
