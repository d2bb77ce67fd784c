package org.postern.servicerequests.internal.roles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
import org.postern.catalogue.settings.HeldSettings;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVault;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The installed role bundles. A bundle's profile is queried at each use, so that configuring, removing or replacing a
 * bundle takes effect at once without restarting anything; the checks are repeated only if a profile has changed.
 *
 * <p>Each of these makes a role inactive: a service of the bundle that the catalogue does not know or does not assign
 * to the role; a role or User ID that an earlier bundle has; a key that is missing in the vault, or has another purpose
 * or party. Safe for use by several threads.
 */
@Component(service = {UserRoles.class, RoleRegistry.class})
public final class RoleRegistry implements UserRoles {

    private static final Logger LOG = LoggerFactory.getLogger(RoleRegistry.class);

    /** At a start, a refresh or an update, bundles appear at intervals shorter than this. */
    private static final Duration QUIET = Duration.ofSeconds(15);
    /** Prefix of the PIDs of all roles. */
    private static final String ROLES = "org.postern.role.";

    private final ServiceCatalogue catalogue;
    private final LongSupplier nanos;
    private final long quietNanos;
    /** Monotonic time at which a role or vault last appeared or disappeared. */
    private volatile long changedNanos;

    private final List<RoleBundle> bundles = new CopyOnWriteArrayList<>();
    /** The vault's keys by alias, read once when the vault appears; null while there is no vault. */
    private volatile @Nullable Map<String, KeyEntry> keys;

    private volatile @Nullable KeyVault vault;
    /** The roles that were active at the last query; null before the first. */
    private volatile @Nullable ActiveRoles activeRoles;
    /** Reports whether a role waits for its settings. */
    private volatile @Nullable HeldSettings settings;

    @Activate
    public RoleRegistry(@Reference ServiceCatalogue catalogue) {
        this(catalogue, System::nanoTime, QUIET);
    }

    /**
     * Uses the given clock.
     *
     * @param nanos monotonic clock in nanoseconds
     * @param quiet after this time without a change, a missing role is no longer expected to appear
     */
    public RoleRegistry(ServiceCatalogue catalogue, LongSupplier nanos, Duration quiet) {
        this.catalogue = catalogue;
        this.nanos = nanos;
        this.quietNanos = quiet.toNanos();
        this.changedNanos = nanos.getAsLong();
    }

    @Override
    public boolean settled() {
        HeldSettings known = settings;
        boolean held = known != null && known.held().stream().anyMatch(pid -> pid.startsWith(ROLES));
        return !held && (quietNanos == 0 || keys != null && nanos.getAsLong() - changedNanos >= quietNanos);
    }

    /** Called when the service that checks the settings appears. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "settingsGone")
    public void settings(HeldSettings given) {
        settings = given;
    }

    /** Called when that service disappears. */
    public void settingsGone(HeldSettings gone) {
        if (settings == gone) {
            settings = null;
        }
    }

    /** Called when the key vault appears. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "vaultGone")
    public void vault(KeyVault given) {
        keys = given.keys().stream().collect(Collectors.toUnmodifiableMap(KeyEntry::alias, Function.identity()));
        vault = given;
        changedNanos = nanos.getAsLong();
    }

    /** Called when the key vault disappears. */
    public void vaultGone(KeyVault gone) {
        if (vault == gone) {
            vault = null;
            keys = null;
            changedNanos = nanos.getAsLong();
        }
    }

    /** Called when a role bundle is installed. */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void add(RoleBundle bundle) {
        bundles.add(bundle);
        changedNanos = nanos.getAsLong();
        LOG.info(
                "User Role {} ({}) installed: {}",
                bundle.role(),
                bundle.name(),
                bundle.inactiveReason().map(reason -> "inactive, " + reason).orElse("active"));
    }

    /** Called when a role bundle is removed. */
    public void remove(RoleBundle bundle) {
        if (bundles.remove(bundle)) {
            changedNanos = nanos.getAsLong();
            LOG.info("User Role {} ({}) removed", bundle.role(), bundle.name());
        }
    }

    @Override
    public Optional<UserRoleProfile> active(UserRole role) {
        return Optional.ofNullable(activeRoles().byRole().get(role));
    }

    @Override
    public Optional<UserRoleProfile> byUserId(Eui64 userId) {
        return Optional.ofNullable(activeRoles().byUserId().get(userId));
    }

    @Override
    public List<Status> all() {
        return all(inputs());
    }

    private List<Status> all(Inputs inputs) {
        List<Status> all = new ArrayList<>();
        List<UserRoleProfile> before = new ArrayList<>();
        for (int i = 0; i < inputs.bundles().size(); i++) {
            RoleBundle bundle = inputs.bundles().get(i);
            Optional<UserRoleProfile> profile = inputs.profiles().get(i);
            String reason = profile.map(p -> objection(p, before, inputs.keys()))
                    .orElseGet(() -> bundle.inactiveReason().orElse("not configured"));
            boolean active = profile.isPresent() && reason.isEmpty();
            if (active) {
                before.add(profile.get());
            }
            all.add(new Status(bundle.role(), bundle.name(), active, reason, active ? profile : Optional.empty()));
        }
        return List.copyOf(all);
    }

    /**
     * The inputs of the checks: each bundle with its profile, and the vault's keys. Bundles and keys are compared as
     * objects; a bundle that has been reconfigured has a different profile.
     */
    private record Inputs(
            List<RoleBundle> bundles, List<Optional<UserRoleProfile>> profiles, Optional<Map<String, KeyEntry>> keys) {

        boolean same(Inputs other) {
            return bundles.equals(other.bundles)
                    && profiles.equals(other.profiles)
                    && keys.orElse(null) == other.keys.orElse(null);
        }
    }

    /** The active roles for these inputs; immutable. */
    private record ActiveRoles(
            Inputs of, Map<UserRole, UserRoleProfile> byRole, Map<Eui64, UserRoleProfile> byUserId) {}

    private Inputs inputs() {
        List<RoleBundle> present = List.copyOf(bundles);
        return new Inputs(present, present.stream().map(RoleBundle::profile).toList(), Optional.ofNullable(keys));
    }

    /** The roles that are active now. The checks are repeated only if their inputs have changed. */
    private ActiveRoles activeRoles() {
        Inputs now = inputs();
        ActiveRoles known = activeRoles;
        if (known == null || !known.of().same(now)) {
            List<UserRoleProfile> profiles = all(now).stream()
                    .flatMap(status -> status.profile().stream())
                    .toList();
            known = new ActiveRoles(
                    now,
                    profiles.stream().collect(Collectors.toUnmodifiableMap(UserRoleProfile::role, Function.identity())),
                    profiles.stream()
                            .collect(Collectors.toUnmodifiableMap(UserRoleProfile::userId, Function.identity())));
            activeRoles = known;
        }
        return known;
    }

    private String objection(
            UserRoleProfile profile, List<UserRoleProfile> before, Optional<Map<String, KeyEntry>> keys) {
        for (UserRoleProfile other : before) {
            if (other.role() == profile.role()) {
                return "another bundle has the role " + profile.role();
            }
            if (other.userId().equals(profile.userId())) {
                return "the role " + other.role() + " has User ID " + profile.userId();
            }
        }
        Optional<String> key = missingKey(profile, keys);
        if (key.isPresent()) {
            return key.get();
        }
        for (String service : new TreeSet<>(profile.services())) {
            Optional<ServiceRow> row = catalogue.find(service);
            if (row.isEmpty()) {
                return "the bundle lists service " + service + ", which the catalogue does not know";
            }
            if (!row.get().roles().contains(profile.role())) {
                return "the bundle lists service " + service + ", which the catalogue does not assign to "
                        + profile.role();
            }
        }
        return "";
    }

    private static Optional<String> missingKey(UserRoleProfile profile, Optional<Map<String, KeyEntry>> keys) {
        if (keys.isEmpty()) {
            return Optional.of("the key vault is not available");
        }
        Map<String, KeyEntry> present = keys.get();
        return missing(present, profile, Optional.of(profile.keys().xmlSigning()), KeyPurpose.XML_SIGNING)
                .or(() -> missing(present, profile, profile.keys().gbcsSigning(), KeyPurpose.GBCS_SIGNING))
                .or(() -> missing(present, profile, profile.keys().keyAgreement(), KeyPurpose.KEY_AGREEMENT))
                .or(() -> missing(present, profile, profile.keys().prepayment(), KeyPurpose.PREPAYMENT_KEY_AGREEMENT));
    }

    private static Optional<String> missing(
            Map<String, KeyEntry> present, UserRoleProfile profile, Optional<String> alias, KeyPurpose purpose) {
        if (alias.isEmpty()) {
            return Optional.empty();
        }
        KeyEntry key = present.get(alias.get());
        if (key == null) {
            return Optional.of("the vault has no key " + alias.get());
        }
        if (key.purpose() != purpose) {
            return Optional.of("key " + key.alias() + " is for " + key.purpose() + ", not for " + purpose);
        }
        return key.eui().equals(profile.userId())
                ? Optional.empty()
                : Optional.of(
                        "key " + key.alias() + " belongs to " + key.eui() + ", not to User ID " + profile.userId());
    }
}
