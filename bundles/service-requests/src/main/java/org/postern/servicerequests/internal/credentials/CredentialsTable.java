package org.postern.servicerequests.internal.credentials;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Table;
import org.postern.catalogue.UserRole;
import org.postern.hsm.KeyPurpose;
import org.postern.inventory.SmkiCertificate.Usage;

/** The credentials services and their parameters, read from the tables in the package of this class. Immutable. */
public final class CredentialsTable {

    private static final String SERVICE = "service";
    private static final String ELEMENT = "element";
    private static final String PARTY = "party";
    private static final String EXCEPT = "except";
    private static final String POST_CHECK = "postCheck";

    /** The party whose EUI-64 must be in the replacement certificates. */
    enum Whose {
        /** The User that sends the request, or another User ID of the same company. */
        SUBMITTER,
        /** Any party with the role. */
        ANY
    }

    /**
     * An element that contains a certificate.
     *
     * @param usages permitted key usages
     * @param purpose purpose of the key in our vault; empty if the key is never ours
     */
    record Element(String name, List<Usage> usages, Optional<KeyPurpose> purpose) {}

    /**
     * Replacement of a remote party's credentials.
     *
     * @param roles User Roles that may send it
     * @param holder path from the body to the replacement certificates
     * @param topUp true for a party that has a top-up certificate and a top-up floor
     * @param except device types that cannot have credentials of that party
     */
    record Replacement(
            String service,
            String party,
            Set<UserRole> roles,
            Whose whose,
            String holder,
            String floor,
            String topUpFloor,
            boolean topUp,
            Set<DeviceType> except,
            String postCheck) {}

    /** The device's own certificate. */
    record OwnCertificate(String service, String element, Set<DeviceType> except, String postCheck) {}

    /** A request for a new key or the device's certificate, by CredentialType. */
    record Issue(String service, String element, Set<DeviceType> except) {}

    /** A request for the certificates of a remote party. */
    record Reading(String service, String element, String party, Set<DeviceType> except) {}

    private final Map<String, String> parties;
    private final Map<String, Element> elements;
    private final Map<String, Usage> credentials;
    private final List<Replacement> replacements;
    private final List<OwnCertificate> ownCertificates;
    private final List<Issue> issues;
    private final List<Reading> readings;

    /** Provides the tables. */
    @FunctionalInterface
    interface Tables {

        /** The table in that file with these columns. */
        Table table(String file, String... columns);
    }

    CredentialsTable(Tables tables) {
        parties = tables.table("parties.tsv", PARTY, "code")
                .byKey(PARTY, row -> row.text(PARTY), row -> row.text("code"));
        elements = tables.table("elements.tsv", ELEMENT, "usages", "purpose")
                .byKey(ELEMENT, row -> row.text(ELEMENT), CredentialsTable::element);
        credentials = tables.table("credential-types.tsv", "type", "usage")
                .byKey("type", row -> row.text("type"), row -> row.constant("usage", Usage.class));
        replacements = rows(
                tables.table(
                        "replacements.tsv",
                        SERVICE,
                        PARTY,
                        "roles",
                        "whose",
                        "holder",
                        "floor",
                        "topUpFloor",
                        "topUp",
                        EXCEPT,
                        POST_CHECK),
                this::replacement);
        ownCertificates = rows(
                tables.table("device-certificates.tsv", SERVICE, ELEMENT, EXCEPT, POST_CHECK),
                row -> new OwnCertificate(row.text(SERVICE), row.text(ELEMENT), except(row), row.text(POST_CHECK)));
        issues = rows(
                tables.table("issues.tsv", SERVICE, ELEMENT, EXCEPT),
                row -> new Issue(row.text(SERVICE), row.text(ELEMENT), except(row)));
        readings = rows(
                tables.table("readings.tsv", SERVICE, ELEMENT, PARTY, EXCEPT),
                row -> new Reading(row.text(SERVICE), row.text(ELEMENT), party(row), except(row)));
    }

    /** Holds the tables of this bundle, which are read at the first use. */
    private static final class Standard {
        private static final CredentialsTable TABLE =
                new CredentialsTable((file, columns) -> Table.resource(CredentialsTable.class, file, columns));
    }

    /**
     * The tables of this bundle.
     *
     * @throws org.postern.catalogue.PosternException PST-1004 with file, line and column if a table is not valid
     */
    public static CredentialsTable standard() {
        return Standard.TABLE;
    }

    private static <T> List<T> rows(Table table, Function<Table.Row, T> of) {
        return table.rows().stream().map(of).toList();
    }

    private static Element element(Table.Row row) {
        return new Element(
                row.text(ELEMENT),
                row.constants("usages", Usage.class),
                row.optional("purpose").map(name -> row.constant("purpose", KeyPurpose.class, name)));
    }

    private Replacement replacement(Table.Row row) {
        return new Replacement(
                row.text(SERVICE),
                party(row),
                Set.copyOf(row.constants("roles", UserRole.class)),
                row.constant("whose", Whose.class),
                row.text("holder"),
                row.text("floor"),
                row.text("topUpFloor"),
                row.yes("topUp"),
                except(row),
                row.text(POST_CHECK));
    }

    private String party(Table.Row row) {
        row.require(PARTY, parties.containsKey(row.text(PARTY)), "a party of parties.tsv");
        return row.text(PARTY);
    }

    private static Set<DeviceType> except(Table.Row row) {
        return Set.copyOf(row.constants(EXCEPT, DeviceType.class));
    }

    /** Every service of the table. */
    public Set<String> services() {
        return Stream.of(
                        replacements.stream().map(Replacement::service),
                        ownCertificates.stream().map(OwnCertificate::service),
                        issues.stream().map(Issue::service),
                        readings.stream().map(Reading::service))
                .flatMap(s -> s)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The service that reads the result of this one back from the device; empty if it replaces nothing. */
    public Optional<String> postCheck(String service) {
        return Stream.concat(
                        replacements.stream()
                                .filter(r -> r.service().equals(service))
                                .map(Replacement::postCheck),
                        ownCertificates.stream()
                                .filter(r -> r.service().equals(service))
                                .map(OwnCertificate::postCheck))
                .findFirst();
    }

    /** Rows of that service, one for each party. */
    List<Replacement> replacements(String service) {
        return replacements.stream().filter(r -> r.service().equals(service)).toList();
    }

    Optional<OwnCertificate> ownCertificate(String service) {
        return ownCertificates.stream().filter(r -> r.service().equals(service)).findFirst();
    }

    Optional<Issue> issue(String service) {
        return issues.stream().filter(r -> r.service().equals(service)).findFirst();
    }

    /** Rows of that service, one for each party. */
    List<Reading> readings(String service) {
        return readings.stream().filter(r -> r.service().equals(service)).toList();
    }

    /** The element with that name; empty if it contains no certificate. */
    Optional<Element> element(String name) {
        return Optional.ofNullable(elements.get(name));
    }

    /** The role code of a party in a certificate, two hex digits. */
    String role(String party) {
        return Objects.requireNonNull(parties.get(party), "parties of rows are checked when the table is read");
    }

    /** The key usage of a CredentialType; empty for any other text. */
    Optional<Usage> credential(String type) {
        return Optional.ofNullable(credentials.get(type));
    }

    /** Every CredentialType. */
    Set<String> credentials() {
        return credentials.keySet();
    }
}
