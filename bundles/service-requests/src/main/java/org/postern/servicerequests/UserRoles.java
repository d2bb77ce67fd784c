package org.postern.servicerequests;

import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;

/** The installed User Roles, for the life cycle and for display. */
public interface UserRoles {

    /** The active role's profile. */
    Optional<UserRoleProfile> active(UserRole role);

    /** The active role of that User ID. */
    Optional<UserRoleProfile> byUserId(Eui64 userId);

    /** False while roles are starting or changing: a role that is missing now may appear soon. */
    default boolean settled() {
        return true;
    }

    /** The fault to report for a role that is not active: permanent only if the roles are settled. */
    default ServiceRequestFault absence() {
        return settled() ? ServiceRequestFault.ROLE_INACTIVE : ServiceRequestFault.ROLES_STARTING;
    }

    /** Every role bundle that is installed. */
    List<Status> all();

    /**
     * One installed role bundle.
     *
     * @param reason why it is inactive; empty if it is active
     */
    record Status(UserRole role, String name, boolean active, String reason, Optional<UserRoleProfile> profile) {}
}
