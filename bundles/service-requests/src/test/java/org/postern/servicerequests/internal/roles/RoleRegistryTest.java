package org.postern.servicerequests.internal.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.hsm.KeyVault;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;

class RoleRegistryTest {

    private static final Eui64 SUPPLIER = Eui64.parse("0250AF0000000001");
    private static final Eui64 NETWORK = Eui64.parse("0250AF0000000005");

    private final RoleRegistry registry = new RoleRegistry(new ServiceCatalogue());

    @BeforeEach
    void vaultIsUp() {
        registry.vault(FixedVault.of(SUPPLIER, NETWORK));
    }

    @Test
    void aRoleIsThereWhileItsBundleIsInstalled() {
        RoleBundle bundle = bundle(profile(UserRole.IS, SUPPLIER, "7.1"));

        registry.add(bundle);
        assertThat(registry.active(UserRole.IS)).map(UserRoleProfile::userId).contains(SUPPLIER);
        assertThat(registry.byUserId(SUPPLIER)).map(UserRoleProfile::role).contains(UserRole.IS);

        registry.remove(bundle);
        assertThat(registry.active(UserRole.IS)).isEmpty();
        assertThat(registry.all()).isEmpty();
    }

    @Test
    void whatIsNotHereIsRefusedForGoodOnlyOnceRolesAreSettled() {
        long[] nanos = {0};
        RoleRegistry starting = new RoleRegistry(new ServiceCatalogue(), () -> nanos[0], Duration.ofSeconds(15));
        nanos[0] = Duration.ofHours(1).toNanos();
        assertThat(starting.absence()).as("no vault yet").isEqualTo(ServiceRequestFault.ROLES_STARTING);
        assertThat(starting.absence().mayPass()).isTrue();

        starting.vault(FixedVault.of(SUPPLIER, NETWORK));
        assertThat(starting.settled()).isFalse();
        nanos[0] += Duration.ofSeconds(14).toNanos();
        RoleBundle bundle = bundle(profile(UserRole.IS, SUPPLIER, "7.1"));
        starting.add(bundle);
        nanos[0] += Duration.ofSeconds(14).toNanos();
        assertThat(starting.settled())
                .as("one came 14 s ago, others may follow")
                .isFalse();
        nanos[0] += Duration.ofSeconds(1).toNanos();
        assertThat(starting.absence()).isEqualTo(ServiceRequestFault.ROLE_INACTIVE);
        assertThat(starting.absence().mayPass()).isFalse();

        starting.remove(bundle);
        assertThat(starting.settled()).as("it may be updated or refreshed").isFalse();
        nanos[0] += Duration.ofSeconds(15).toNanos();
        assertThat(starting.settled()).isTrue();
    }

    /** The role itself may be what waits for its settings; another part is none. */
    @Test
    void nothingIsRefusedPermanentlyWhileARoleWaitsForItsSettings() {
        RoleRegistry all = new RoleRegistry(new ServiceCatalogue(), () -> 0, Duration.ZERO);
        Set<String> held = new HashSet<>(Set.of("org.postern.console", "org.postern.role.gasimportsupplier"));
        all.settings(() -> held);
        assertThat(all.absence()).isEqualTo(ServiceRequestFault.ROLES_STARTING);
        held.remove("org.postern.role.gasimportsupplier");
        assertThat(all.absence())
                .as("the console's settings do not concern roles")
                .isEqualTo(ServiceRequestFault.ROLE_INACTIVE);
    }

    @Test
    void anUnconfiguredBundleIsInactiveWithItsReason() {
        registry.add(new FixedBundle(UserRole.GS, Optional.empty(), Optional.of("no User ID")));

        assertThat(registry.all()).singleElement().satisfies(status -> {
            assertThat(status.active()).isFalse();
            assertThat(status.reason()).isEqualTo("no User ID");
        });
    }

    @Test
    void theSecondBundleOfARoleStaysInactiveUntilTheFirstIsGone() {
        RoleBundle first = bundle(profile(UserRole.IS, SUPPLIER, "7.1"));
        registry.add(first);
        registry.add(bundle(profile(UserRole.IS, NETWORK, "7.1")));

        assertThat(registry.all()).extracting(UserRoles.Status::active).containsExactly(true, false);
        assertThat(registry.all().get(1).reason()).isEqualTo("another bundle has the role IS");

        registry.remove(first);
        assertThat(registry.active(UserRole.IS)).map(UserRoleProfile::userId).contains(NETWORK);
    }

    @Test
    void twoRolesCannotShareOneUserId() {
        registry.add(bundle(profile(UserRole.IS, SUPPLIER, "7.1")));
        registry.add(bundle(profile(UserRole.GS, SUPPLIER, "7.1")));

        assertThat(registry.all().get(1).reason()).isEqualTo("the role IS has User ID " + SUPPLIER);
        assertThat(registry.byUserId(SUPPLIER)).map(UserRoleProfile::role).contains(UserRole.IS);
    }

    @Test
    void aSliceMayOnlyNameWhatTheCatalogueGivesToTheRole() {
        registry.add(bundle(profile(UserRole.ED, NETWORK, "7.1")));
        registry.add(bundle(profile(UserRole.IS, SUPPLIER, "99.1")));

        assertThat(registry.all())
                .extracting(UserRoles.Status::reason)
                .containsExactly(
                        "the bundle lists service 7.1, which the catalogue does not assign to ED",
                        "the bundle lists service 99.1, which the catalogue does not know");
    }

    @Test
    void aRoleIsInactiveWhileItsKeysAreNotInTheVault() {
        KeyVault withoutIts = FixedVault.of(NETWORK);
        registry.add(bundle(profile(UserRole.IS, SUPPLIER, "7.1")));
        assertThat(registry.active(UserRole.IS)).isPresent();

        registry.vault(withoutIts);
        assertThat(registry.all().get(0).reason()).isEqualTo("the vault has no key xml-" + SUPPLIER);
        registry.vaultGone(withoutIts);
        assertThat(registry.all().get(0).reason()).isEqualTo("the key vault is not available");
    }

    @Test
    void aKeyOfAnotherPurposeOrPartyIsNotTheRolesKey() {
        registry.add(bundle(new UserRoleProfile(
                UserRole.IS,
                SUPPLIER,
                Set.of("7.1"),
                new KeyAliases("sign-" + SUPPLIER, Optional.empty(), Optional.empty(), Optional.empty()),
                "postern.alerts.test")));
        registry.add(bundle(new UserRoleProfile(
                UserRole.ED,
                NETWORK,
                Set.of("8.2"),
                new KeyAliases("xml-" + SUPPLIER, Optional.empty(), Optional.empty(), Optional.empty()),
                "postern.alerts.test")));

        assertThat(registry.all())
                .extracting(UserRoles.Status::reason)
                .containsExactly(
                        "key sign-" + SUPPLIER + " is for GBCS_SIGNING, not for XML_SIGNING",
                        "key xml-" + SUPPLIER + " belongs to " + SUPPLIER + ", not to User ID " + NETWORK);
    }

    private static UserRoleProfile profile(UserRole role, Eui64 userId, String... services) {
        return new UserRoleProfile(
                role,
                userId,
                Set.of(services),
                new KeyAliases(
                        "xml-" + userId,
                        Optional.of("sign-" + userId),
                        Optional.of("agree-" + userId),
                        Optional.empty()),
                "postern.alerts.test");
    }

    private static RoleBundle bundle(UserRoleProfile profile) {
        return new FixedBundle(profile.role(), Optional.of(profile), Optional.empty());
    }

    private record FixedBundle(UserRole role, Optional<UserRoleProfile> profile, Optional<String> inactiveReason)
            implements RoleBundle {
        @Override
        public String name() {
            return "test-" + role;
        }
    }
}
