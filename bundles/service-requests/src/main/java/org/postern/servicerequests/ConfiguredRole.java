package org.postern.servicerequests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;

/**
 * The common part of a User Role's bundle: its slice of the catalogue from a resource, its settings, and whether they
 * suffice. A bundle's own component adds the configuration and registers it as {@link RoleBundle}. Immutable.
 */
public final class ConfiguredRole implements RoleBundle {

    /**
     * What an operator sets; empty text is not set.
     *
     * @param userId our User ID in this role, an EUI-64
     * @param xmlSigning alias of the XML signing key
     * @param gbcsSigning alias of the GBCS signing key
     * @param keyAgreement alias of the key agreement key
     * @param prepayment alias of the key agreement key for top-ups
     * @param alertQueue queue of the role's alerts
     */
    public record Settings(
            String userId,
            String xmlSigning,
            String gbcsSigning,
            String keyAgreement,
            String prepayment,
            String alertQueue) {}

    private final UserRole role;
    private final String name;
    private final Optional<UserRoleProfile> profile;
    private final Optional<String> inactiveReason;

    /**
     * @param role the role
     * @param name name of the bundle
     * @param services Service Reference Variants that it brings
     * @param catalogue what each of them needs
     * @param settings as configured, complete or not
     */
    public ConfiguredRole(
            UserRole role, String name, Set<String> services, ServiceCatalogue catalogue, Settings settings) {
        this.role = Objects.requireNonNull(role, "role");
        this.name = Objects.requireNonNull(name, "name");
        boolean critical = services.stream().map(catalogue::require).anyMatch(ServiceRow::critical);
        String missing = missing(settings, critical);
        this.inactiveReason = Optional.ofNullable(missing);
        this.profile = missing != null
                ? Optional.empty()
                : Optional.of(new UserRoleProfile(
                        role,
                        Eui64.parse(settings.userId().strip()),
                        services,
                        new KeyAliases(
                                settings.xmlSigning().strip(),
                                set(settings.gbcsSigning()),
                                set(settings.keyAgreement()),
                                set(settings.prepayment())),
                        settings.alertQueue().strip()));
    }

    /** The first reason why the settings do not suffice; null where they do. */
    private static String missing(Settings settings, boolean critical) {
        if (set(settings.userId()).isEmpty()) {
            return "userId is not set";
        }
        try {
            Eui64.parse(settings.userId().strip());
        } catch (PosternException e) {
            return "userId is not an EUI-64";
        }
        if (set(settings.xmlSigning()).isEmpty()) {
            return "xmlSigningKey is not set";
        }
        if (critical && set(settings.gbcsSigning()).isEmpty()) {
            return "gbcsSigningKey is not set, and the role has critical services";
        }
        if (set(settings.keyAgreement()).isEmpty()) {
            return "keyAgreementKey is not set";
        }
        return set(settings.alertQueue()).isEmpty() ? "alertQueue is not set" : null;
    }

    private static Optional<String> set(String text) {
        return text == null || text.isBlank() ? Optional.empty() : Optional.of(text.strip());
    }

    /**
     * Reads a bundle's slice of the catalogue: one Service Reference Variant on a line, {@code #} begins a comment
     * line.
     *
     * @param owner a class next to the resource
     * @param resource its name
     * @throws PosternException PST-2401 with file and line for a service that is not in the catalogue, that the role
     *     may not send, or that is there twice
     */
    public static Set<String> services(Class<?> owner, String resource, UserRole role, ServiceCatalogue catalogue) {
        Set<String> services = new LinkedHashSet<>();
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw broken(resource, 0, "the list is part of the bundle", "no such resource");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            String line;
            for (int number = 1; (line = reader.readLine()) != null; number++) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                int at = number;
                ServiceRow row = catalogue
                        .find(line.strip())
                        .orElseThrow(() -> broken(resource, at, "a variant of the catalogue", "no such service"));
                if (!row.roles().contains(role)) {
                    throw broken(resource, at, "a service that " + role + " may send", row.variant());
                }
                if (!services.add(row.variant())) {
                    throw broken(resource, at, "each service once", row.variant());
                }
            }
        } catch (IOException e) {
            throw broken(resource, 0, "the list can be read", e.getClass().getSimpleName());
        }
        if (services.isEmpty()) {
            throw broken(resource, 1, "at least one service", "none");
        }
        return services;
    }

    private static PosternException broken(String resource, int line, String rule, String cause) {
        return new PosternException(ServiceRequestFault.ROLE_LIST_BROKEN.fault(resource + ":" + line, rule, cause));
    }

    @Override
    public UserRole role() {
        return role;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<UserRoleProfile> profile() {
        return profile;
    }

    @Override
    public Optional<String> inactiveReason() {
        return inactiveReason;
    }
}
