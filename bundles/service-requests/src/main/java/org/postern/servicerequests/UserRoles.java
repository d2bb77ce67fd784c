package org.postern.servicerequests;

import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;

/** The User Roles that are here, for the life cycle and for people. */
public interface UserRoles {

    /** The active role's profile. */
    Optional<UserRoleProfile> active(UserRole role);

    /** The active role of that User ID. */
    Optional<UserRoleProfile> byUserId(Eui64 userId);

    /** False while roles are starting or changing: one that is not here may be in a moment. */
    default boolean settled() {
        return true;
    }

    /** The fault where a role is not active: for good only where the roles are settled. */
    default ServiceRequestFault absence() {
        return settled() ? ServiceRequestFault.ROLE_INACTIVE : ServiceRequestFault.ROLES_STARTING;
    }

    /** Every role bundle that is installed. */
    List<Status> all();

    /**
     * One installed role bundle.
     *
     * @param reason why it is inactive; empty where active
     */
    record Status(UserRole role, String name, boolean active, String reason, Optional<UserRoleProfile> profile) {}
}
