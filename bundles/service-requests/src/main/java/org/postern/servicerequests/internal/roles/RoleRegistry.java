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
 * The role bundles that are installed. A bundle's profile is asked for at each use, so that configuring, removing or
 * replacing one takes effect at once and refreshes nothing; what was asked is checked where it is not what it was.
 *
 * <p>Checks of its own, each a reason for inactivity: a service of the slice that the catalogue does not know or does
 * not give to the role; a role, or a User ID, that an earlier bundle holds; a key that the vault does not have, or has
 * for another purpose or party. Safe between threads.
 */
@Component(service = {UserRoles.class, RoleRegistry.class})
public final class RoleRegistry implements UserRoles {

    private static final Logger LOG = LoggerFactory.getLogger(RoleRegistry.class);

    /** Bundles of a start, a refresh or an update follow one another faster than this. */
    private static final Duration QUIET = Duration.ofSeconds(15);
    /** So begin the PIDs of all roles. */
    private static final String ROLES = "org.postern.role.";

    private final ServiceCatalogue catalogue;
    private final LongSupplier nanos;
    private final long quietNanos;
    /** Monotonic time of the last role or vault that came or went. */
    private volatile long changedNanos;

    private final List<RoleBundle> bundles = new CopyOnWriteArrayList<>();
    /** The vault's keys by alias, read once when it comes; null while there is no vault. */
    private volatile @Nullable Map<String, KeyEntry> keys;

    private volatile @Nullable KeyVault vault;
    /** The roles that were active when somebody last asked; null before. */
    private volatile @Nullable Actives actives;
    /** What says whether a role waits for its settings. */
    private volatile @Nullable HeldSettings settings;

    @Activate
    public RoleRegistry(@Reference ServiceCatalogue catalogue) {
        this(catalogue, System::nanoTime, QUIET);
    }

    /**
     * With a clock of its own.
     *
     * @param nanos monotonic clock in nanoseconds
     * @param quiet without a change for so long, what is not here is not on its way
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

    /** What checks the settings of all parts is there. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "settingsGone")
    public void settings(HeldSettings given) {
        settings = given;
    }

    /** It is not there any more. */
    public void settingsGone(HeldSettings gone) {
        if (settings == gone) {
            settings = null;
        }
    }

    /** The key vault is up. */
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

    /** The key vault went down. */
    public void vaultGone(KeyVault gone) {
        if (vault == gone) {
            vault = null;
            keys = null;
            changedNanos = nanos.getAsLong();
        }
    }

    /** A role bundle was installed. */
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

    /** A role bundle was removed. */
    public void remove(RoleBundle bundle) {
        if (bundles.remove(bundle)) {
            changedNanos = nanos.getAsLong();
            LOG.info("User Role {} ({}) removed", bundle.role(), bundle.name());
        }
    }

    @Override
    public Optional<UserRoleProfile> active(UserRole role) {
        return Optional.ofNullable(actives().byRole().get(role));
    }

    @Override
    public Optional<UserRoleProfile> byUserId(Eui64 userId) {
        return Optional.ofNullable(actives().byUserId().get(userId));
    }

    @Override
    public List<Status> all() {
        return all(found());
    }

    private List<Status> all(Found found) {
        List<Status> all = new ArrayList<>();
        List<UserRoleProfile> before = new ArrayList<>();
        for (int i = 0; i < found.bundles().size(); i++) {
            RoleBundle bundle = found.bundles().get(i);
            Optional<UserRoleProfile> profile = found.profiles().get(i);
            String reason = profile.map(p -> objection(p, before, found.keys()))
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
     * What the roles were found by: each bundle with its profile, and the vault's keys. Bundles and keys that are the
     * same objects are the same; a bundle that is configured anew has another profile.
     */
    private record Found(
            List<RoleBundle> bundles, List<Optional<UserRoleProfile>> profiles, Optional<Map<String, KeyEntry>> keys) {

        boolean same(Found other) {
            return bundles.equals(other.bundles)
                    && profiles.equals(other.profiles)
                    && keys.orElse(null) == other.keys.orElse(null);
        }
    }

    /** The active roles of what was found; never changed. */
    private record Actives(Found of, Map<UserRole, UserRoleProfile> byRole, Map<Eui64, UserRoleProfile> byUserId) {}

    private Found found() {
        List<RoleBundle> present = List.copyOf(bundles);
        return new Found(present, present.stream().map(RoleBundle::profile).toList(), Optional.ofNullable(keys));
    }

    /** The roles that are active now. They are checked again only where what they are found by is not what it was. */
    private Actives actives() {
        Found now = found();
        Actives known = actives;
        if (known == null || !known.of().same(now)) {
            List<UserRoleProfile> profiles = all(now).stream()
                    .flatMap(status -> status.profile().stream())
                    .toList();
            known = new Actives(
                    now,
                    profiles.stream().collect(Collectors.toUnmodifiableMap(UserRoleProfile::role, Function.identity())),
                    profiles.stream()
                            .collect(Collectors.toUnmodifiableMap(UserRoleProfile::userId, Function.identity())));
            actives = known;
        }
        return known;
    }

    private String objection(
            UserRoleProfile profile, List<UserRoleProfile> before, Optional<Map<String, KeyEntry>> keys) {
        for (UserRoleProfile other : before) {
            if (other.role() == profile.role()) {
                return "another bundle holds the role " + profile.role();
            }
            if (other.userId().equals(profile.userId())) {
                return "the role " + other.role() + " holds User ID " + profile.userId();
            }
        }
        Optional<String> key = missingKey(profile, keys);
        if (key.isPresent()) {
            return key.get();
        }
        for (String service : new TreeSet<>(profile.services())) {
            Optional<ServiceRow> row = catalogue.find(service);
            if (row.isEmpty()) {
                return "its slice names service " + service + ", which the catalogue does not know";
            }
            if (!row.get().roles().contains(profile.role())) {
                return "its slice names service " + service + ", which the catalogue does not give to "
                        + profile.role();
            }
        }
        return "";
    }

    private static Optional<String> missingKey(UserRoleProfile profile, Optional<Map<String, KeyEntry>> keys) {
        if (keys.isEmpty()) {
            return Optional.of("the key vault is not up");
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
