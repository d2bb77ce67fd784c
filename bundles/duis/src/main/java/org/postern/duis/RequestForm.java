package org.postern.duis;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;

/**
 * A request as a supplier's system hands it in without knowing of RequestIDs: service, device, role and body.
 *
 * @param service the catalogue's row
 * @param device the device; empty for a non-device service
 * @param role in which User Role
 * @param variant Command Variant; the service's first where the caller names none. 6 or 7 is the wish for local
 *     delivery of a critical command: the request itself is of variant 4
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
     * @param userId our User ID in the role
     * @param accessControlBroker target of non-device requests
     * @param counter originator counter
     */
    public DuisRequest toRequest(Eui64 userId, Eui64 accessControlBroker, long counter) {
        return new DuisRequest(
                new RequestId(userId, device.orElse(accessControlBroker), counter),
                variant,
                service.reference(),
                service.variant(),
                body);
    }
}
