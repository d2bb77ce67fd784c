package org.postern.servicerequests;

import java.util.Optional;
import org.postern.catalogue.UserRole;

/**
 * The OSGi service that the bundle of a User Role registers while it is installed. The role is active only when it is
 * configured. New requests of a role without an active bundle are refused; requests in progress continue with the keys
 * that they were admitted under.
 */
public interface RoleBundle {

    /** The role. */
    UserRole role();

    /** Name for display, for example {@code electricity-import-supplier}. */
    String name();

    /** The configured role; empty while it is inactive. */
    Optional<UserRoleProfile> profile();

    /** Why it is inactive; empty while it is active. */
    Optional<String> inactiveReason();
}
