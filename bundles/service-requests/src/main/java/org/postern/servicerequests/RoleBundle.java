package org.postern.servicerequests;

import java.util.Optional;
import org.postern.catalogue.UserRole;

/**
 * What the bundle of a User Role registers as an OSGi service. There while it is installed; active only when
 * configured. Requests of a role without an active bundle are refused; those in flight go on, with the keys they were
 * admitted under.
 */
public interface RoleBundle {

    /** The role. */
    UserRole role();

    /** Name for people, for example {@code electricity-import-supplier}. */
    String name();

    /** The configured role; empty while it is inactive. */
    Optional<UserRoleProfile> profile();

    /** Why it is inactive; empty while it is active. */
    Optional<String> inactiveReason();
}
