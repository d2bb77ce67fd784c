package org.postern.servicerequests.internal.roles;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role bundles that are installed. A bundle's profile is asked for at each use, so that configuring, removing or
 * replacing one takes effect at once and refreshes nothing.
 *
 * <p>Three checks of its own, each a reason for inactivity: a service of the slice that the catalogue does not know or
 * does not give to the role; a role, or a User ID, that an earlier bundle holds. Safe between threads.
 */
@Component(service = {UserRoles.class, RoleRegistry.class})
public final class RoleRegistry implements UserRoles {

    private static final Logger LOG = LoggerFactory.getLogger(RoleRegistry.class);

    private final ServiceCatalogue catalogue;
    private final List<RoleBundle> bundles = new CopyOnWriteArrayList<>();

    @Activate
    public RoleRegistry(@Reference ServiceCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** A role bundle was installed. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void add(RoleBundle bundle) {
        bundles.add(bundle);
        LOG.info("User Role {} ({}) installed: {}", bundle.role(), bundle.name(),
                bundle.inactiveReason().map(reason -> "inactive, " + reason).orElse("active"));
    }

    /** A role bundle was removed. */
    public void remove(RoleBundle bundle) {
        if (bundles.remove(bundle)) {
            LOG.info("User Role {} ({}) removed", bundle.role(), bundle.name());
        }
    }

    @Override
    public Optional<UserRoleProfile> active(UserRole role) {
        return activeProfiles().stream().filter(profile -> profile.role() == role).findFirst();
    }

    @Override
    public Optional<UserRoleProfile> byUserId(Eui64 userId) {
        return activeProfiles().stream().filter(profile -> profile.userId().equals(userId)).findFirst();
    }

    @Override
    public List<Status> all() {
        List<Status> all = new ArrayList<>();
        List<UserRoleProfile> before = new ArrayList<>();
        for (RoleBundle bundle : bundles) {
            Optional<UserRoleProfile> profile = bundle.profile();
            String reason = profile.map(p -> objection(p, before)).orElseGet(() -> bundle.inactiveReason().orElse("not configured"));
            boolean active = profile.isPresent() && reason.isEmpty();
            if (active) {
                before.add(profile.get());
            }
            all.add(new Status(bundle.role(), bundle.name(), active, reason, active ? profile : Optional.empty()));
        }
        return List.copyOf(all);
    }

    private List<UserRoleProfile> activeProfiles() {
        return all().stream().flatMap(status -> status.profile().stream()).toList();
    }

    private String objection(UserRoleProfile profile, List<UserRoleProfile> before) {
        for (UserRoleProfile other : before) {
            if (other.role() == profile.role()) {
                return "another bundle holds the role " + profile.role();
            }
            if (other.userId().equals(profile.userId())) {
                return "the role " + other.role() + " holds User ID " + profile.userId();
            }
        }
        for (String service : new TreeSet<>(profile.services())) {
            Optional<ServiceRow> row = catalogue.find(service);
            if (row.isEmpty()) {
                return "its slice names service " + service + ", which the catalogue does not know";
            }
            if (!row.get().roles().contains(profile.role())) {
                return "its slice names service " + service + ", which the catalogue does not give to " + profile.role();
            }
        }
        return "";
    }
}
