package org.postern.console.internal.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.ConsoleFault;
import org.postern.console.internal.Services;
import org.postern.servicerequests.UserRoles;

/** Resolves the User IDs that a command names. */
final class Users {

    private Users() {}

    /**
     * The User IDs that are named, by role.
     *
     * @param named a User Role or one of our User IDs; null for every active one
     * @throws PosternException PST-7091 if it names none
     */
    static Map<String, Eui64> of(Services here, String named) {
        Map<String, Eui64> users = new LinkedHashMap<>();
        for (UserRoles.Status status :
                here.find(UserRoles.class).map(UserRoles::all).orElse(List.of())) {
            status.profile()
                    .filter(profile -> named == null
                            || named.equalsIgnoreCase(profile.role().name())
                            || same(named, profile.userId()))
                    .ifPresent(profile -> users.put(profile.role().name(), profile.userId()));
        }
        if (named != null && users.isEmpty()) {
            throw new PosternException(ConsoleFault.ARGUMENT.fault(
                    "--role", "an active User Role, or its User ID", "it is neither", "see dcc:status"));
        }
        return users;
    }

    private static boolean same(String named, Eui64 userId) {
        return named.replace("-", "").equalsIgnoreCase(userId.hex());
    }
}
