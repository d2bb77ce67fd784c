package org.postern.ledger;

import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;

/**
 * Service, device and User Role of a request; each part is empty if it could not be read.
 *
 * @param role User Role
 * @param service Service Reference Variant
 * @param variant Command Variant as submitted: 4 for a critical request, although its Signed Pre-Command is sent with
 *     another one
 * @param device the device
 */
public record Target(
        Optional<UserRole> role, Optional<String> service, Optional<CommandVariant> variant, Optional<Eui64> device) {

    /** The target of a submission that could not be read. */
    public static final Target UNREAD =
            new Target(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Target {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(device, "device");
    }
}
