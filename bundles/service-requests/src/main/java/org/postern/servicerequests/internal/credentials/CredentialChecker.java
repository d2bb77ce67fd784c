package org.postern.servicerequests.internal.credentials;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.RequestRules;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.SmkiCertificate;
import org.postern.inventory.SmkiCertificate.Kind;
import org.postern.inventory.SmkiCertificate.Usage;
import org.postern.ledger.Ledger;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.internal.reading.DoorReader;
import org.postern.servicerequests.internal.reading.RequestReader;

/**
 * The pre-checks of the credentials services, by the rows of {@link CredentialsTable}. Every rule is tried, so that a
 * report names all that is wrong; a cancellation, which puts nothing in place, is only warned. Safe for many threads.
 */
public final class CredentialChecker implements CredentialChecks {

    /**
     * Those it asks.
     *
     * @param reader what a person has in a file
     */
    public record Collaborators(
            Ledger ledger,
            CertificateDirectory certificates,
            DeviceInventory inventory,
            UserRoles roles,
            RequestReader reader,
            KeyVault vault,
            Clock clock) {
        public Collaborators {
            Objects.requireNonNull(ledger, "ledger");
            Objects.requireNonNull(certificates, "certificates");
            Objects.requireNonNull(inventory, "inventory");
            Objects.requireNonNull(roles, "roles");
            Objects.requireNonNull(reader, "reader");
            Objects.requireNonNull(vault, "vault");
            Objects.requireNonNull(clock, "clock");
        }
    }

    private static final String PATH = "CertificationPathCertificates";
    private static final String DEVICE = "device";

    private final Collaborators with;
    private final CredentialSettings settings;
    private final CredentialsTable table = CredentialsTable.standard();
    private final IssuedRequests issued;

    /** With the settings that hold where an operator says nothing. */
    public CredentialChecker(Collaborators with) {
        this(with, CredentialSettings.DEFAULTS);
    }

    CredentialChecker(Collaborators with, CredentialSettings settings) {
        this.with = with;
        this.settings = settings;
        this.issued = new IssuedRequests(with.ledger(), table, new DuisReader(DuisLimits.DEFAULT));
    }

    /** Reads as the doors do, and holds to the structure of the service. */
    public static RequestReader reader(ServiceCatalogue catalogue, UserRoles roles) {
        // none of these services is addressed to the DCC
        RequestReader reader = new DoorReader(catalogue, roles, new Eui64(0), DuisLimits.DEFAULT);
        RequestRules structure = new RequestRules(catalogue);
        return (format, bytes) -> {
            DuisRequest request = reader.read(format, bytes);
            structure.check(request);
            return request;
        };
    }

    @Override
    public boolean concerns(String service) {
        return table.services().contains(service);
    }

    /** One request under examination. */
    private record Case(
            DuisRequest request,
            Findings findings,
            List<Instant> times,
            boolean timed,
            List<CredentialsReport.Certificate> shown,
            List<CredentialsReport.Floor> floors) {

        DuisElement body() {
            return request.body();
        }

        Eui64 device() {
            return request.requestId().target();
        }

        Eui64 submitter() {
            return request.requestId().originator();
        }

        String field(String path) {
            return "Body/" + request.body().name() + (path.isEmpty() ? "" : "/" + path);
        }
    }

    @Override
    public CredentialsReport check(Submission.Format format, byte[] bytes) {
        return check(with.reader().read(format, bytes));
    }

    @Override
    public CredentialsReport check(DuisRequest request) {
        String service = request.serviceReferenceVariant();
        if (!concerns(service)) {
            throw new PosternException(ServiceRequestFault.NOT_A_CREDENTIALS_SERVICE.fault(
                    "Header/ServiceReferenceVariant",
                    "one of " + table.services().stream().sorted().toList(),
                    "another service"));
        }
        Case now = new Case(
                request,
                new Findings(request.cancels()),
                times(request),
                timed(request.body()),
                new ArrayList<>(),
                new ArrayList<>());
        if (request.cancels()) {
            now.findings()
                    .warn(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            now.field("ExecutionDateTime"),
                            "credentials are put in place",
                            "a cancellation: nothing below is refused");
        }
        String party;
        if (!table.replacements(service).isEmpty()) {
            party = replacement(now, table.replacements(service));
        } else if (table.ownCertificate(service).isPresent()) {
            party = ownCertificate(now, table.ownCertificate(service).get());
        } else if (table.issue(service).isPresent()) {
            party = issue(now, table.issue(service).get());
        } else {
            party = reading(now, table.readings(service));
        }
        return new CredentialsReport(
                service,
                now.submitter(),
                now.device(),
                party,
                now.shown(),
                now.floors(),
                now.findings().all(),
                request.cancels() ? Optional.empty() : table.postCheck(service));
    }

    private List<Instant> times(DuisRequest request) {
        Instant now = with.clock().instant();
        Optional<Instant> dated = request.cancels()
                ? Optional.empty()
                : request.executionDateTime().filter(time -> time.isAfter(now));
        return Stream.concat(Stream.of(now), dated.stream()).toList();
    }

    private static boolean timed(DuisElement body) {
        return !body.find("ApplyTimeBasedCPVChecks")
                .filter(text -> text.equals("false") || text.equals("0"))
                .isPresent();
    }

    private String replacement(Case now, List<CredentialsTable.Replacement> rows) {
        Optional<String> named = now.body().find("RemotePartyRole");
        // a service for one party alone does not name it
        Optional<CredentialsTable.Replacement> found = named.isEmpty() && rows.size() == 1
                ? Optional.of(rows.get(0))
                : rows.stream()
                        .filter(row -> named.filter(row.party()::equals).isPresent())
                        .findFirst();
        if (found.isEmpty()) {
            now.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            now.field("RemotePartyRole"),
                            "one of "
                                    + rows.stream()
                                            .map(CredentialsTable.Replacement::party)
                                            .sorted()
                                            .toList() + " for service "
                                    + now.request().serviceReferenceVariant(),
                            named.isEmpty() ? "none" : "another party");
            return named.orElse("");
        }
        CredentialsTable.Replacement row = found.get();
        Optional<UserRole> role = with.roles().byUserId(now.submitter()).map(UserRoleProfile::role);
        if (role.isEmpty() || !row.roles().contains(role.get())) {
            now.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            now.field(named.isEmpty() ? "" : "RemotePartyRole"),
                            "the credentials of party " + row.party() + " are replaced by "
                                    + row.roles().stream().sorted().toList() + " with this service",
                            role.map(r -> "role " + r).orElse("a User ID that is not active here"));
        }
        onDevice(now, row.except(), "credentials of party " + row.party(), false);
        DuisElement holder = now.body().at(row.holder()).orElse(DuisElement.of(row.holder()));
        List<Held> path = path(now);
        List<Held> leaves = new ArrayList<>();
        if (holder.children().isEmpty()) {
            now.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            now.field(row.holder()),
                            "at least one replacement certificate",
                            "none");
        }
        CertificateRules rules = new CertificateRules(table, now.findings());
        for (DuisElement child : holder.children()) {
            String field = now.field(row.holder() + "/" + child.name());
            if (child.name().equals("KeyAgreementTopUpCertificate") && !row.topUp()) {
                now.findings()
                        .refuse(
                                ServiceRequestFault.CREDENTIALS_CONTENT,
                                field,
                                "a top-up certificate for a supplier alone",
                                "one for party " + row.party());
            }
            rules.read(field, child.name(), child.text()).ifPresent(leaves::add);
        }
        for (Held leaf : leaves) {
            rules.role(leaf, row.party());
            whole(now, leaf);
        }
        show(now, leaves, true);
        show(now, path, false);
        paths(
                now,
                leaves,
                path,
                !leaves.isEmpty() && leaves.size() == holder.children().size());
        rules.distinctKeys(leaves, path);
        Optional<Eui64> owner = owner(now, row, leaves);
        Set<Eui64> own = own();
        KeyRules keys = new KeyRules(with.certificates(), with.vault(), table, settings, now.findings());
        leaves.forEach(leaf -> keys.notAnothers(leaf, others(now)));
        keys.inVault(leaves, owner.flatMap(with.roles()::byUserId).isPresent());
        now.floors()
                .addAll(new FloorRules(with.ledger().counters(), settings, with.clock(), now.findings())
                        .check(
                                row,
                                now.body(),
                                now.field(""),
                                owner,
                                owner.filter(own::contains).isPresent(),
                                now.device(),
                                holder.child("KeyAgreementTopUpCertificate").isPresent()));
        return row.party();
    }

    /** What every certificate that is put in place has to be, whoever's it is. */
    private void whole(Case now, Held leaf) {
        CertificateRules rules = new CertificateRules(table, now.findings());
        rules.usage(leaf);
        rules.validity(leaf, now.times(), settings.validity(), now.timed());
    }

    private List<Held> path(Case now) {
        List<Held> path = new ArrayList<>();
        CertificateRules rules = new CertificateRules(table, now.findings());
        List<DuisElement> certificates =
                now.body().child(PATH).map(DuisElement::children).orElse(List.of());
        for (int i = 0; i < certificates.size(); i++) {
            rules.read(
                            now.field(PATH + "/Certificate[" + (i + 1) + "]"),
                            "Certificate",
                            certificates.get(i).text())
                    .ifPresent(path::add);
        }
        return path;
    }

    private void paths(Case now, List<Held> leaves, List<Held> path, boolean allRead) {
        PathRules rules = pathRules(now, path);
        rules.authorities();
        leaves.forEach(leaf -> rules.follow(leaf, true));
        if (allRead) {
            rules.superfluous();
        }
    }

    private PathRules pathRules(Case now, List<Held> path) {
        CertificateDirectory held = with.certificates();
        return new PathRules(
                held.authorities(), held.authoritiesPlace(), path, now.times(), now.timed(), now.findings());
    }

    private Optional<Eui64> owner(Case now, CredentialsTable.Replacement row, List<Held> leaves) {
        Optional<Eui64> owner = Optional.empty();
        for (Held leaf : leaves) {
            Optional<Eui64> eui = leaf.certificate().eui();
            if (owner.isPresent() && !owner.equals(eui)) {
                now.findings()
                        .refuse(
                                ServiceRequestFault.CERTIFICATE_PARTY,
                                leaf.field(),
                                "certificates of one EUI-64",
                                leaf.name() + " has another than "
                                        + leaves.get(0).element());
            }
            owner = owner.or(() -> eui);
            if (row.whose() == CredentialsTable.Whose.SUBMITTER
                    && !eui.equals(Optional.of(now.submitter()))
                    && !eui.filter(settings.ownUserIds()::contains).isPresent()) {
                now.findings()
                        .refuse(
                                ServiceRequestFault.CERTIFICATE_PARTY,
                                leaf.field(),
                                "the EUI-64 of the User who asks, " + now.submitter()
                                        + ", or one of ownUserIds in org.postern.credentials.cfg",
                                leaf.name() + " has another");
            }
        }
        return owner;
    }

    /** User IDs whose counters we give. */
    private Set<Eui64> own() {
        return with.roles().all().stream()
                .filter(UserRoles.Status::active)
                .flatMap(status -> status.profile().stream())
                .map(UserRoleProfile::userId)
                .collect(Collectors.toSet());
    }

    /** Parties whose keys a certificate of somebody else must not have. */
    private Set<Eui64> others(Case now) {
        Set<Eui64> others = new HashSet<>(own());
        others.addAll(settings.otherParties());
        others.addAll(settings.ownUserIds());
        others.add(now.device());
        return others;
    }

    private String ownCertificate(Case now, CredentialsTable.OwnCertificate row) {
        onDevice(now, row.except(), "a certificate of its own", true);
        String field = now.field(row.element());
        CertificateRules rules = new CertificateRules(table, now.findings());
        Optional<Held> read =
                now.body().child(row.element()).flatMap(child -> rules.read(field, row.element(), child.text()));
        if (now.body().child(row.element()).isEmpty()) {
            now.findings().refuse(ServiceRequestFault.CREDENTIALS_CONTENT, field, "a certificate", "none");
        }
        read.ifPresent(held -> {
            show(now, List.of(held), true);
            whole(now, held);
            SmkiCertificate certificate = held.certificate();
            if (certificate.kind() != Kind.DEVICE) {
                now.findings()
                        .refuse(
                                ServiceRequestFault.CERTIFICATE_ROLE,
                                field,
                                "a device's certificate",
                                held.name() + " is of an organisation or authority");
            } else if (!certificate.eui().equals(Optional.of(now.device()))) {
                now.findings()
                        .refuse(
                                ServiceRequestFault.CERTIFICATE_PARTY,
                                field,
                                "the EUI-64 of the device that it is sent to, " + now.device(),
                                held.name() + " has another");
            }
            pathRules(now, List.of()).follow(held, false);
            KeyRules keys = new KeyRules(with.certificates(), with.vault(), table, settings, now.findings());
            keys.notAnothers(held, others(now));
            keys.inVault(List.of(held), false);
            requested(now, held);
        });
        return DEVICE;
    }

    /** The certificate is for the key that the device last made for that usage, where we know of one. */
    private void requested(Case now, Held held) {
        Usage usage = held.certificate().usage();
        if (usage != Usage.DIGITAL_SIGNATURE && usage != Usage.KEY_AGREEMENT) {
            return;
        }
        Optional<byte[]> key = issued.latestKey(now.device(), usage);
        String rule = "the key that the device asked a certificate for (6.17, " + usage.text() + ")";
        if (key.isEmpty()) {
            now.findings()
                    .add(
                            settings.requireIssuedRequest(),
                            ServiceRequestFault.CERTIFICATE_NOT_REQUESTED,
                            held.field(),
                            rule,
                            "the ledger has no such request of the device");
        } else if (!java.util.Arrays.equals(key.get(), held.certificate().publicKey())) {
            now.findings()
                    .refuse(
                            ServiceRequestFault.CERTIFICATE_NOT_REQUESTED,
                            held.field(),
                            rule,
                            held.name() + " is for another key");
        }
    }

    private String issue(Case now, CredentialsTable.Issue row) {
        onDevice(now, row.except(), "keys of its own", true);
        String type = now.body().find(row.element()).orElse("");
        if (table.credential(type).isEmpty()) {
            now.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            now.field(row.element()),
                            "one of " + table.credentials(),
                            "another text");
        }
        return DEVICE;
    }

    private String reading(Case now, List<CredentialsTable.Reading> rows) {
        String element = rows.get(0).element();
        List<DuisElement> asked = now.body().children(element);
        Set<String> seen = new HashSet<>();
        if (asked.isEmpty() || asked.size() > rows.size()) {
            now.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            now.field(element),
                            "1 to " + rows.size() + " parties",
                            asked.size() + " of them");
        }
        for (int i = 0; i < asked.size(); i++) {
            String party = asked.get(i).text().strip();
            String field = now.field(element + "[" + (i + 1) + "]");
            Optional<CredentialsTable.Reading> row =
                    rows.stream().filter(r -> r.party().equals(party)).findFirst();
            if (row.isEmpty()) {
                now.findings()
                        .refuse(
                                ServiceRequestFault.CREDENTIALS_CONTENT,
                                field,
                                "one of "
                                        + rows.stream()
                                                .map(CredentialsTable.Reading::party)
                                                .toList(),
                                "another text");
            } else if (!seen.add(party)) {
                now.findings()
                        .refuse(
                                ServiceRequestFault.CREDENTIALS_CONTENT,
                                field,
                                "each party once",
                                "party " + party + " again");
            } else {
                type(now)
                        .filter(row.get().except()::contains)
                        .ifPresent(type -> now.findings()
                                .refuse(
                                        ServiceRequestFault.CREDENTIALS_DEVICE,
                                        field,
                                        "a device that has credentials of party " + party,
                                        "device type " + type));
            }
        }
        return String.join(" ", seen.stream().sorted().toList());
    }

    private Optional<DeviceType> type(Case now) {
        return with.inventory().find(now.device()).flatMap(DeviceFacts::deviceType);
    }

    /**
     * The device is of a kind that can.
     *
     * @param mustBeKnown true where an unknown device is refused, if the operator does not excuse it; else it is only
     *     warned of
     */
    private void onDevice(Case now, Set<DeviceType> except, String what, boolean mustBeKnown) {
        Optional<DeviceType> type = type(now);
        if (type.isEmpty()) {
            now.findings()
                    .add(
                            mustBeKnown && settings.requireKnownDevice(),
                            ServiceRequestFault.CREDENTIALS_DEVICE,
                            "Header/RequestID",
                            "a device of the inventory, with its type",
                            "the inventory does not list it, or not its type");
        } else if (except.contains(type.get())) {
            now.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_DEVICE,
                            "Header/RequestID",
                            "a device that has " + what,
                            "device type " + type.get());
        }
    }

    private static void show(Case now, List<Held> held, boolean replaces) {
        for (Held each : held) {
            SmkiCertificate certificate = each.certificate();
            now.shown()
                    .add(new CredentialsReport.Certificate(
                            each.field(),
                            replaces,
                            certificate.role().orElse(""),
                            certificate.eui().map(Eui64::dashed).orElse(""),
                            certificate.usage().text(),
                            certificate.serial(),
                            certificate.notBefore(),
                            certificate.notAfter()));
        }
    }
}
