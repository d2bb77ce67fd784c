package org.postern.duis;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;

/**
 * A request as a supplier's system submits it, without a RequestID: service, device, role and body.
 *
 * @param service row of the service catalogue
 * @param device the device; empty for a non-device service
 * @param role User Role of the request
 * @param variant Command Variant; the first of the service where the caller states none. 6 or 7 requests local delivery
 *     of a critical command: the request itself has variant 4
 * @param body the request element, in the order of DUIS
 */
public record RequestForm(
        ServiceRow service, Optional<Eui64> device, UserRole role, CommandVariant variant, DuisElement body) {

    public RequestForm {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(body, "body");
    }

    /**
     * The DUIS request.
     *
     * @param userId User ID in the role
     * @param acb EUI-64 of the Access Control Broker, the target of non-device requests
     * @param counter Originator Counter
     */
    public DuisRequest toRequest(Eui64 userId, Eui64 acb, long counter) {
        return new DuisRequest(
                new RequestId(userId, device.orElse(acb), counter),
                variant,
                service.reference(),
                service.variant(),
                body);
    }
}
