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
 * Base class of the component of a User Role's bundle: the services that the catalogue assigns to the role, its
 * settings, and whether they are complete. The component passes the role, its name and the PID of its settings, and is
 * registered as {@link RoleBundle}. Immutable.
 */
public abstract class ConfiguredRole implements RoleBundle {

    private final UserRole role;
    private final String name;
    private final Optional<UserRoleProfile> profile;
    private final Optional<String> inactiveReason;

    /**
     * @param role the role
     * @param name name of the bundle
     * @param alertQueue queue of the role's alerts if the settings do not name one
     * @param catalogue the services of every role
     * @param settings the settings by the names of {@link RoleSettings}, possibly incomplete; a blank value counts as
     *     not set
     */
    protected ConfiguredRole(
            UserRole role, String name, String alertQueue, ServiceCatalogue catalogue, Map<String, ?> settings) {
        this.role = Objects.requireNonNull(role, "role");
        this.name = Objects.requireNonNull(name, "name");
        List<ServiceRow> services = catalogue.rows().stream()
                .filter(row -> row.roles().contains(role))
                .toList();
        SettingTexts texts = new SettingTexts(settings, alertQueue);
        String missing = missing(texts, services.stream().anyMatch(ServiceRow::critical));
        this.inactiveReason = Optional.ofNullable(missing);
        this.profile = missing != null
                ? Optional.empty()
                : Optional.of(new UserRoleProfile(
                        role,
                        Eui64.parse(texts.userId().orElseThrow()),
                        services.stream().map(ServiceRow::variant).collect(Collectors.toUnmodifiableSet()),
                        new KeyAliases(
                                texts.key("xmlSigningKey").orElseThrow(),
                                texts.key("gbcsSigningKey"),
                                texts.key("keyAgreementKey"),
                                texts.key("prepaymentKey")),
                        texts.alertQueue().orElseThrow()));
    }

    /** The settings as text; a blank value counts as not set. */
    private record SettingTexts(Map<String, ?> settings, String defaultQueue) {

        Optional<String> userId() {
            return set(settings.get("userId"));
        }

        Optional<String> key(String setting) {
            return set(settings.get(setting));
        }

        Optional<String> alertQueue() {
            return set(settings.containsKey("alertQueue") ? settings.get("alertQueue") : defaultQueue);
        }

        private static Optional<String> set(@Nullable Object value) {
            return Optional.ofNullable(value)
                    .map(Object::toString)
                    .map(String::strip)
                    .filter(text -> !text.isEmpty());
        }
    }

    /** The first reason why the settings are incomplete; null if they are complete. */
    private static @Nullable String missing(SettingTexts settings, boolean critical) {
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
