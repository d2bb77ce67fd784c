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
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.SmkiCertificate;
import org.postern.inventory.SmkiCertificate.Kind;
import org.postern.ledger.Ledger;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.internal.reading.RequestReader;
import org.postern.servicerequests.internal.reading.SubmissionReader;

/**
 * The pre-checks of the credentials services, controlled by the rows of {@link CredentialsTable}. All rules are
 * checked, so that a report contains all errors; for a cancellation, which installs nothing, they are only warnings.
 * Safe for use by several threads.
 */
public final class CredentialChecker implements CredentialChecks {

    /**
     * The components that it uses.
     *
     * @param reader reads a request that a person has in a file
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
    static final String DEVICE = "device";

    private final Collaborators with;
    private final CredentialSettings settings;
    private final CredentialsTable table = CredentialsTable.standard();
    private final DeviceChecks device;

    /** Uses the default settings. */
    public CredentialChecker(Collaborators with) {
        this(with, CredentialSettings.DEFAULTS);
    }

    CredentialChecker(Collaborators with, CredentialSettings settings) {
        this.with = with;
        this.settings = settings;
        this.device = new DeviceChecks(
                with.inventory(),
                settings,
                table,
                new IssuedRequests(with.ledger(), table, new DuisReader(DuisLimits.DEFAULT)));
    }

    /**
     * A reader that accepts the same formats as the supplier-facing interfaces and checks the structure of the service.
     */
    public static RequestReader reader(ServiceCatalogue catalogue, UserRoles roles) {
        // none of these services is addressed to the DCC
        RequestReader reader = new SubmissionReader(catalogue, roles, new Eui64(0), DuisLimits.DEFAULT);
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
        RequestCheck check = new RequestCheck(
                request,
                new Findings(request.cancels()),
                times(request),
                timed(request.body()),
                new ArrayList<>(),
                new ArrayList<>());
        if (request.cancels()) {
            check.findings()
                    .warn(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            check.field("ExecutionDateTime"),
                            "credentials are installed",
                            "a cancellation: the findings below are only warnings");
        }
        String party;
        if (!table.replacements(service).isEmpty()) {
            party = replacement(check, table.replacements(service));
        } else if (table.ownCertificate(service).isPresent()) {
            party = ownCertificate(check, table.ownCertificate(service).get());
        } else if (table.issue(service).isPresent()) {
            party = device.issue(check, table.issue(service).get());
        } else {
            party = device.reading(check, table.readings(service));
        }
        return new CredentialsReport(
                service,
                check.submitter(),
                check.device(),
                party,
                check.shown(),
                check.floors(),
                check.findings().all(),
                request.cancels() ? Optional.empty() : table.postCheck(service));
    }

    private List<Instant> times(DuisRequest request) {
        Instant now = with.clock().instant();
        Optional<Instant> executionTime = request.cancels()
                ? Optional.empty()
                : request.executionDateTime().filter(time -> time.isAfter(now));
        return Stream.concat(Stream.of(now), executionTime.stream()).toList();
    }

    private static boolean timed(DuisElement body) {
        return !body.find("ApplyTimeBasedCPVChecks")
                .filter(text -> text.equals("false") || text.equals("0"))
                .isPresent();
    }

    private String replacement(RequestCheck check, List<CredentialsTable.Replacement> rows) {
        Optional<String> named = check.body().find("RemotePartyRole");
        // a service for a single party does not name it
        Optional<CredentialsTable.Replacement> found = named.isEmpty() && rows.size() == 1
                ? Optional.of(rows.get(0))
                : rows.stream()
                        .filter(row -> named.filter(row.party()::equals).isPresent())
                        .findFirst();
        if (found.isEmpty()) {
            check.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            check.field("RemotePartyRole"),
                            "one of "
                                    + rows.stream()
                                            .map(CredentialsTable.Replacement::party)
                                            .sorted()
                                            .toList() + " for service "
                                    + check.request().serviceReferenceVariant(),
                            named.isEmpty() ? "none" : "another party");
            return named.orElse("");
        }
        CredentialsTable.Replacement row = found.get();
        Optional<UserRole> role = with.roles().byUserId(check.submitter()).map(UserRoleProfile::role);
        if (role.isEmpty() || !row.roles().contains(role.get())) {
            check.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            check.field(named.isEmpty() ? "" : "RemotePartyRole"),
                            "the credentials of party " + row.party() + " can be replaced by "
                                    + row.roles().stream().sorted().toList() + " with this service",
                            role.map(r -> "role " + r).orElse("a User ID that is not active here"));
        }
        device.onDevice(check, row.except(), "credentials of party " + row.party(), false);
        DuisElement holder = check.body().at(row.holder()).orElse(DuisElement.of(row.holder()));
        List<SuppliedCertificate> path = path(check);
        List<SuppliedCertificate> leaves = new ArrayList<>();
        if (holder.children().isEmpty()) {
            check.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            check.field(row.holder()),
                            "at least one replacement certificate",
                            "none");
        }
        CertificateRules rules = new CertificateRules(table, check.findings());
        for (DuisElement child : holder.children()) {
            String field = check.field(row.holder() + "/" + child.name());
            if (child.name().equals("KeyAgreementTopUpCertificate") && !row.topUp()) {
                check.findings()
                        .refuse(
                                ServiceRequestFault.CREDENTIALS_CONTENT,
                                field,
                                "a top-up certificate only for a supplier",
                                "one for party " + row.party());
            }
            rules.read(field, child.name(), child.text()).ifPresent(leaves::add);
        }
        for (SuppliedCertificate leaf : leaves) {
            rules.role(leaf, row.party());
            installed(check, leaf);
        }
        show(check, leaves, true);
        show(check, path, false);
        paths(
                check,
                leaves,
                path,
                !leaves.isEmpty() && leaves.size() == holder.children().size());
        rules.distinctKeys(leaves, path);
        Optional<Eui64> owner = owner(check, row, leaves);
        Set<Eui64> own = own();
        KeyRules keys = new KeyRules(with.certificates(), with.vault(), table, settings, check.findings());
        leaves.forEach(leaf -> keys.notOfOthers(leaf, others(check)));
        keys.inVault(leaves, owner.flatMap(with.roles()::byUserId).isPresent());
        check.floors()
                .addAll(new FloorRules(with.ledger().counters(), settings, with.clock(), check.findings())
                        .check(
                                row,
                                check.body(),
                                check.field(""),
                                owner,
                                owner.filter(own::contains).isPresent(),
                                check.device(),
                                holder.child("KeyAgreementTopUpCertificate").isPresent()));
        return row.party();
    }

    /** Checks of every certificate to be installed. */
    private void installed(RequestCheck check, SuppliedCertificate leaf) {
        CertificateRules rules = new CertificateRules(table, check.findings());
        rules.usage(leaf);
        rules.validity(leaf, check.times(), settings.validity(), check.timed());
    }

    private List<SuppliedCertificate> path(RequestCheck check) {
        List<SuppliedCertificate> path = new ArrayList<>();
        CertificateRules rules = new CertificateRules(table, check.findings());
        List<DuisElement> certificates =
                check.body().child(PATH).map(DuisElement::children).orElse(List.of());
        for (int i = 0; i < certificates.size(); i++) {
            rules.read(
                            check.field(PATH + "/Certificate[" + (i + 1) + "]"),
                            "Certificate",
                            certificates.get(i).text())
                    .ifPresent(path::add);
        }
        return path;
    }

    private void paths(
            RequestCheck check, List<SuppliedCertificate> leaves, List<SuppliedCertificate> path, boolean allRead) {
        PathRules rules = pathRules(check, path);
        rules.authorities();
        leaves.forEach(leaf -> rules.follow(leaf, true));
        if (allRead) {
            rules.unused();
        }
    }

    private PathRules pathRules(RequestCheck check, List<SuppliedCertificate> path) {
        CertificateDirectory held = with.certificates();
        return new PathRules(
                held.authorities(), held.authoritiesPlace(), path, check.times(), check.timed(), check.findings());
    }

    private Optional<Eui64> owner(
            RequestCheck check, CredentialsTable.Replacement row, List<SuppliedCertificate> leaves) {
        Optional<Eui64> owner = Optional.empty();
        for (SuppliedCertificate leaf : leaves) {
            Optional<Eui64> eui = leaf.certificate().eui();
            if (owner.isPresent() && !owner.equals(eui)) {
                check.findings()
                        .refuse(
                                ServiceRequestFault.CERTIFICATE_PARTY,
                                leaf.field(),
                                "certificates of one EUI-64",
                                leaf.name() + " has a different EUI-64 than "
                                        + leaves.get(0).element());
            }
            owner = owner.or(() -> eui);
            if (row.whose() == CredentialsTable.Whose.SUBMITTER
                    && !eui.equals(Optional.of(check.submitter()))
                    && !eui.filter(settings.ownUserIds()::contains).isPresent()) {
                check.findings()
                        .refuse(
                                ServiceRequestFault.CERTIFICATE_PARTY,
                                leaf.field(),
                                "the EUI-64 of the User that sends the request, " + check.submitter()
                                        + ", or one of ownUserIds in org.postern.credentials.cfg",
                                leaf.name() + " has another");
            }
        }
        return owner;
    }

    /** User IDs for which Postern issues counters. */
    private Set<Eui64> own() {
        return with.roles().all().stream()
                .filter(UserRoles.Status::active)
                .flatMap(status -> status.profile().stream())
                .map(UserRoleProfile::userId)
                .collect(Collectors.toSet());
    }

    /** Parties whose keys must not be in certificates of other parties. */
    private Set<Eui64> others(RequestCheck check) {
        Set<Eui64> others = new HashSet<>(own());
        others.addAll(settings.otherParties());
        others.addAll(settings.ownUserIds());
        others.add(check.device());
        return others;
    }

    private String ownCertificate(RequestCheck check, CredentialsTable.OwnCertificate row) {
        device.onDevice(check, row.except(), "a certificate of its own", true);
        String field = check.field(row.element());
        CertificateRules rules = new CertificateRules(table, check.findings());
        Optional<SuppliedCertificate> read =
                check.body().child(row.element()).flatMap(child -> rules.read(field, row.element(), child.text()));
        if (check.body().child(row.element()).isEmpty()) {
            check.findings().refuse(ServiceRequestFault.CREDENTIALS_CONTENT, field, "a certificate", "none");
        }
        read.ifPresent(supplied -> {
            show(check, List.of(supplied), true);
            installed(check, supplied);
            SmkiCertificate certificate = supplied.certificate();
            if (certificate.kind() != Kind.DEVICE) {
                check.findings()
                        .refuse(
                                ServiceRequestFault.CERTIFICATE_ROLE,
                                field,
                                "a device's certificate",
                                supplied.name() + " is of an organisation or authority");
            } else if (!certificate.eui().equals(Optional.of(check.device()))) {
                check.findings()
                        .refuse(
                                ServiceRequestFault.CERTIFICATE_PARTY,
                                field,
                                "the EUI-64 of the device that it is sent to, " + check.device(),
                                supplied.name() + " has another");
            }
            pathRules(check, List.of()).follow(supplied, false);
            KeyRules keys = new KeyRules(with.certificates(), with.vault(), table, settings, check.findings());
            keys.notOfOthers(supplied, others(check));
            keys.inVault(List.of(supplied), false);
            device.requested(check, supplied);
        });
        return DEVICE;
    }

    private static void show(RequestCheck check, List<SuppliedCertificate> certificates, boolean replaces) {
        for (SuppliedCertificate each : certificates) {
            SmkiCertificate certificate = each.certificate();
            check.shown()
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
