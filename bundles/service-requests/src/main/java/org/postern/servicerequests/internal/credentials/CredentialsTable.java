package org.postern.servicerequests.internal.credentials;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.UserRole;
import org.postern.hsm.KeyPurpose;
import org.postern.inventory.SmkiCertificate.Usage;
import org.postern.servicerequests.ServiceRequestFault;

/** The table {@code credentials.tsv}: which credentials services there are and what each asks for. Immutable. */
public final class CredentialsTable {

    private static final String RESOURCE = "credentials.tsv";

    /** Whose EUI-64 the replacement certificates carry. */
    enum Whose {
        /** The User's who asks, or another User ID of the same company. */
        SUBMITTER,
        /** Anybody's who has the role. */
        ANY
    }

    /**
     * An element that holds a certificate.
     *
     * @param usages key usages it may have
     * @param purpose purpose of the key in our vault; empty where it is never ours
     */
    record Element(String name, List<Usage> usages, Optional<KeyPurpose> purpose) {}

    /**
     * Replacement of a remote party's credentials.
     *
     * @param roles User Roles that may
     * @param holder path from the body to the replacement certificates
     * @param topUp true for a party that has a top-up certificate, and a floor with it
     * @param except device types that cannot hold credentials of that party
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

    /** A request for a key or the device's certificate, by CredentialType. */
    record Issue(String service, String element, Set<DeviceType> except) {}

    /** A request for the certificates of a remote party. */
    record Reading(String service, String element, String party, Set<DeviceType> except) {}

    private final Map<String, String> parties = new LinkedHashMap<>();
    private final Map<String, Element> elements = new LinkedHashMap<>();
    private final Map<String, Usage> credentials = new LinkedHashMap<>();
    private final List<Replacement> replacements = new ArrayList<>();
    private final List<OwnCertificate> ownCertificates = new ArrayList<>();
    private final List<Issue> issues = new ArrayList<>();
    private final List<Reading> readings = new ArrayList<>();

    private CredentialsTable(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
                try {
                    add(lines.get(i).split("\t"));
                } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                    throw new PosternException(
                            ServiceRequestFault.CREDENTIALS_TABLE_BROKEN.fault(
                                    RESOURCE + ":" + (i + 1), "another form"),
                            e);
                }
            }
        }
    }

    /** The table of this bundle, read when it is first asked for. */
    private static final class Standard {
        private static final CredentialsTable TABLE = load();
    }

    /**
     * The table of this bundle.
     *
     * @throws PosternException PST-2150 with the line where it is broken
     */
    public static CredentialsTable standard() {
        return Standard.TABLE;
    }

    private static CredentialsTable load() {
        try (InputStream in = CredentialsTable.class.getResourceAsStream(RESOURCE)) {
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CredentialsTable of(String text) {
        return new CredentialsTable(text.lines().toList());
    }

    private void add(String[] row) {
        switch (row[0]) {
            case "party" -> parties.put(row[1], row[2]);
            case "element" ->
                elements.put(
                        row[1],
                        new Element(
                                row[1],
                                list(row[2], Usage::valueOf).toList(),
                                optional(row[3]).map(KeyPurpose::valueOf)));
            case "credential" -> credentials.put(row[1], Usage.valueOf(row[2]));
            case "replace" ->
                replacements.add(new Replacement(
                        row[1],
                        known(row[2]),
                        set(row[3], UserRole::valueOf),
                        Whose.valueOf(row[4].toUpperCase(java.util.Locale.ROOT)),
                        row[5],
                        row[6],
                        row[7],
                        row[8].equals("yes"),
                        set(row[9], DeviceType::valueOf),
                        row[10]));
            case "device" ->
                ownCertificates.add(new OwnCertificate(row[1], row[2], set(row[3], DeviceType::valueOf), row[4]));
            case "issue" -> issues.add(new Issue(row[1], row[2], set(row[3], DeviceType::valueOf)));
            case "read" -> readings.add(new Reading(row[1], row[2], known(row[3]), set(row[4], DeviceType::valueOf)));
            default -> throw new IllegalArgumentException(row[0]);
        }
    }

    private String known(String party) {
        if (!parties.containsKey(party)) {
            throw new IllegalArgumentException(party);
        }
        return party;
    }

    private static Optional<String> optional(String cell) {
        return Optional.of(cell).filter(text -> !text.equals("-"));
    }

    private static <T> Stream<T> list(String cell, Function<String, T> of) {
        return optional(cell).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(of);
    }

    private static <T> Set<T> set(String cell, Function<String, T> of) {
        return list(cell, of).collect(Collectors.toUnmodifiableSet());
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

    /** The service by which the outcome of this one is read back from the device; empty where it replaces nothing. */
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

    /** The element of that name; empty for one that holds no certificate. */
    Optional<Element> element(String name) {
        return Optional.ofNullable(elements.get(name));
    }

    /** Two hex digits of a party in a certificate. */
    String role(String party) {
        return Objects.requireNonNull(parties.get(party), "parties of rows are checked when the table is read");
    }

    /** The key usage that a CredentialType means; empty for another text. */
    Optional<Usage> credential(String type) {
        return Optional.ofNullable(credentials.get(type));
    }

    /** Every CredentialType. */
    Set<String> credentials() {
        return credentials.keySet();
    }
}
