package org.postern.servicerequests;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;

/**
 * A User Role's bundle: the services that the catalogue gives the role, its settings, and whether they suffice. A
 * bundle's own component extends this with the role, its name and the PID of its settings, and is registered as
 * {@link RoleBundle}. Immutable.
 */
public abstract class ConfiguredRole implements RoleBundle {

    private final UserRole role;
    private final String name;
    private final Optional<UserRoleProfile> profile;
    private final Optional<String> inactiveReason;

    /**
     * @param role the role
     * @param name name of the bundle
     * @param alertQueue queue of the role's alerts where the settings name none
     * @param catalogue the services of every role
     * @param settings as configured, complete or not, by the names of {@link RoleSettings}; blank is not set
     */
    protected ConfiguredRole(
            UserRole role, String name, String alertQueue, ServiceCatalogue catalogue, Map<String, ?> settings) {
        this.role = Objects.requireNonNull(role, "role");
        this.name = Objects.requireNonNull(name, "name");
        List<ServiceRow> services = catalogue.rows().stream()
                .filter(row -> row.roles().contains(role))
                .toList();
        Given given = new Given(settings, alertQueue);
        String missing = missing(given, services.stream().anyMatch(ServiceRow::critical));
        this.inactiveReason = Optional.ofNullable(missing);
        this.profile = missing != null
                ? Optional.empty()
                : Optional.of(new UserRoleProfile(
                        role,
                        Eui64.parse(given.userId().orElseThrow()),
                        services.stream().map(ServiceRow::variant).collect(Collectors.toUnmodifiableSet()),
                        new KeyAliases(
                                given.key("xmlSigningKey").orElseThrow(),
                                given.key("gbcsSigningKey"),
                                given.key("keyAgreementKey"),
                                given.key("prepaymentKey")),
                        given.alertQueue().orElseThrow()));
    }

    /** The settings as text; blank is not set. */
    private record Given(Map<String, ?> settings, String usualQueue) {

        Optional<String> userId() {
            return set(settings.get("userId"));
        }

        Optional<String> key(String setting) {
            return set(settings.get(setting));
        }

        Optional<String> alertQueue() {
            return set(settings.containsKey("alertQueue") ? settings.get("alertQueue") : usualQueue);
        }

        private static Optional<String> set(@Nullable Object value) {
            return Optional.ofNullable(value)
                    .map(Object::toString)
                    .map(String::strip)
                    .filter(text -> !text.isEmpty());
        }
    }

    /** The first reason why the settings do not suffice; null where they do. */
    private static @Nullable String missing(Given settings, boolean critical) {
        if (settings.userId().isEmpty()) {
            return "userId is not set";
        }
        try {
            Eui64.parse(settings.userId().get());
        } catch (PosternException e) {
            return "userId is not an EUI-64";
        }
        if (settings.key("xmlSigningKey").isEmpty()) {
            return "xmlSigningKey is not set";
        }
        if (critical && settings.key("gbcsSigningKey").isEmpty()) {
            return "gbcsSigningKey is not set, and the role has critical services";
        }
        if (settings.key("keyAgreementKey").isEmpty()) {
            return "keyAgreementKey is not set";
        }
        return settings.alertQueue().isEmpty() ? "alertQueue is not set" : null;
    }

    @Override
    public final UserRole role() {
        return role;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Optional<UserRoleProfile> profile() {
        return profile;
    }

    @Override
    public final Optional<String> inactiveReason() {
        return inactiveReason;
    }
}
