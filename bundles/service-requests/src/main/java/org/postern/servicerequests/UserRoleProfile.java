package org.postern.servicerequests;

import java.util.Objects;
import java.util.Set;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;

/**
 * A configured User Role.
 *
 * @param role the User Role
 * @param userId our User ID in this role
 * @param services Service Reference Variants that the role's bundle provides
 * @param keys its keys in the vault
 * @param alertQueue name of its queue of alerts, for example {@code postern.alerts.electricity-import-supplier}
 */
public record UserRoleProfile(UserRole role, Eui64 userId, Set<String> services, KeyAliases keys, String alertQueue) {

    public UserRoleProfile {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(userId, "userId");
        services = Set.copyOf(services);
        Objects.requireNonNull(keys, "keys");
        Objects.requireNonNull(alertQueue, "alertQueue");
    }
}
