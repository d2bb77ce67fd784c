package org.postern.servicerequests.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.standalone.InventoryFiles;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.internal.admission.Admitter;
import org.postern.servicerequests.internal.admission.Draft;
import org.postern.servicerequests.internal.admission.FirmwareRule;
import org.postern.servicerequests.internal.admission.OutgoingRules;
import org.postern.servicerequests.internal.lifecycle.CountingMetrics;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.reading.SubmissionReader;
import org.postern.servicerequests.internal.roles.FixedVault;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkitservices.RecordingSecurityLog;

/** Admission of credentials services with a real ledger and certificates of a temporary PKI. */
abstract class CredentialsAdmissionBench {

    static final Clock CLOCK = Clock.systemUTC();
    static final Eui64 SUPPLIER = SimulatorPki.user(UserRole.IS);
    static final Eui64 NETWORK = SimulatorPki.user(UserRole.ED);

    @TempDir
    static Path pkiFolder;

    static SimulatorPki pki;
    static Eui64 meter;

    @TempDir
    Path folder;

    OpenLedger ledger;
    final List<SecurityEvent> logged = new ArrayList<>();
    final CountingMetrics metrics = new CountingMetrics();
    PosternException logFailure;
    CredentialChecker checker;
    Admitter admitter;
    SubmissionReader reader;

    @BeforeAll
    static void throwawayPki() {
        Population population = new Population(2, 2);
        pki = SimulatorPki.create(pkiFolder, population, CLOCK);
        meter = population.devices(DeviceType.ESME).get(0).deviceId();
    }

    @BeforeEach
    void open() {
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), CLOCK);
        ServiceCatalogue catalogue = new ServiceCatalogue();
        RoleRegistry roles = new RoleRegistry(catalogue, System::nanoTime, java.time.Duration.ZERO);
        roles.vault(FixedVault.of(SUPPLIER, NETWORK));
        roles.add(new Role(catalogue, UserRole.IS, SUPPLIER));
        roles.add(new Role(catalogue, UserRole.ED, NETWORK));
        CertificateDirectory certificates =
                InventoryFiles.certificates(pki.certificates(), folder, Duration.ofMinutes(1), 100, CLOCK);
        DeviceInventory inventory = InventoryFiles.devices(
                pki.certificates().resolveSibling("inventory.csv"), Optional.empty(), Duration.ofMinutes(1), CLOCK);
        checker = new CredentialChecker(new CredentialChecker.Collaborators(
                ledger,
                certificates,
                inventory,
                roles,
                CredentialChecker.reader(catalogue, roles),
                FixedVault.of(SUPPLIER, NETWORK),
                CLOCK));
        SecurityLog log = new RecordingSecurityLog() {
            @Override
            public long append(SecurityEvent event) {
                if (logFailure != null) {
                    throw logFailure;
                }
                logged.add(event);
                return super.append(event);
            }
        };
        reader = new SubmissionReader(catalogue, roles, SimulatorPki.ACCESS_CONTROL_BROKER, DuisLimits.DEFAULT);
        OutgoingRules outgoing = new OutgoingRules(
                DuisLimits.DEFAULT,
                new FirmwareRule(inventory, ledger, new DuisReader(DuisLimits.DEFAULT)),
                document -> {});
        admitter = new Admitter(
                new Admitter.Collaborators(
                        catalogue,
                        roles,
                        outgoing,
                        checker,
                        ledger,
                        new WorkOffers(System::nanoTime),
                        log,
                        metrics,
                        CLOCK),
                new Admitter.Settings(SimulatorPki.ACCESS_CONTROL_BROKER, 1_000_000, Duration.ofHours(1)));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    static String base64(String name) {
        try {
            return Files.readString(pki.certificates().resolve(name + ".pem")).replaceAll("-----[A-Z ]+-----|\\s", "");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<DuisElement> certificates(Eui64 owner, boolean topUp) {
        List<DuisElement> elements = new ArrayList<>(List.of(
                DuisElement.leaf("DigitalSigningCertificate", base64(owner.fileName() + "-ds")),
                DuisElement.leaf("KeyAgreementCertificate", base64(owner.fileName() + "-ka"))));
        if (topUp) {
            elements.add(DuisElement.leaf("KeyAgreementTopUpCertificate", base64(owner.fileName() + "-pp-ka")));
        }
        return elements;
    }

    static DuisElement path() {
        return DuisElement.of("CertificationPathCertificates", DuisElement.leaf("Certificate", base64("issuing")));
    }

    static DuisElement timed() {
        return DuisElement.leaf("ApplyTimeBasedCPVChecks", "true");
    }

    static DuisRequest request(Eui64 originator, String service, DuisElement body) {
        DuisRequest made = Bench.request(originator, service, body);
        return made.withRequestId(new RequestId(originator, meter, 1));
    }

    static DuisRequest ownCredentials(long floor, long topUpFloor) {
        return request(
                SUPPLIER,
                "6.15.1",
                DuisElement.of(
                        "UpdateSecurityCredentialsKRP",
                        DuisElement.leaf("RemotePartyRole", "Supplier"),
                        DuisElement.leaf("RemotePartyFloorSeqNumber", Long.toString(floor)),
                        DuisElement.leaf("RemotePartyPrepaymentTopUpFloorSeqNumber", Long.toString(topUpFloor)),
                        DuisElement.of(
                                "ReplacementCertificates",
                                DuisElement.of("SupplierOrNetworkOperatorCertificates", certificates(SUPPLIER, true))),
                        path(),
                        timed()));
    }

    static DuisRequest handover(String party, Eui64 owner, boolean topUp) {
        return request(
                SUPPLIER,
                "6.21",
                DuisElement.of(
                        "RequestHandoverOfDCCControlledDevice",
                        DuisElement.leaf("RemotePartyRole", party),
                        DuisElement.of("ReplacementCertificates", certificates(owner, topUp)),
                        path(),
                        timed()));
    }

    static DuisRequest deviceCertificate(String base64) {
        return request(
                SUPPLIER,
                "6.15.2",
                DuisElement.of("UpdateSecurityCredentialsDevice", DuisElement.leaf("DeviceCertificate", base64)));
    }

    static DuisRequest issue(String type) {
        return request(
                SUPPLIER, "6.17", DuisElement.of("IssueSecurityCredentials", DuisElement.leaf("CredentialType", type)));
    }

    static List<DuisRequest> one() {
        return List.of(
                ownCredentials(0, 0),
                request(
                        NETWORK,
                        "6.15.1",
                        DuisElement.of(
                                "UpdateSecurityCredentialsKRP",
                                DuisElement.leaf("RemotePartyRole", "NetworkOperator"),
                                DuisElement.leaf("RemotePartyFloorSeqNumber", "0"),
                                DuisElement.of(
                                        "ReplacementCertificates",
                                        DuisElement.of(
                                                "SupplierOrNetworkOperatorCertificates", certificates(NETWORK, false))),
                                path(),
                                timed())),
                handover("Supplier", SUPPLIER, true),
                handover("NetworkOperator", NETWORK, false),
                request(
                        SUPPLIER,
                        "6.23",
                        DuisElement.of(
                                "UpdateSecurityCredentialsCoS",
                                DuisElement.leaf("SupplierFloorSeqNumber", Long.toString(CLOCK.millis() + 60_000)),
                                DuisElement.of("SupplierReplacementCertificates", certificates(SUPPLIER, true)),
                                path(),
                                timed(),
                                DuisElement.leaf("ImportMPxN", "1312345678333"))),
                deviceCertificate(base64(meter.fileName() + "-ds")),
                deviceCertificate(base64(meter.fileName() + "-ka")),
                issue("Digital Signature"),
                request(
                        SUPPLIER,
                        "6.24.1",
                        DuisElement.of(
                                "RetrieveDeviceSecurityCredentialsKRP",
                                DuisElement.leaf("RemotePartyRole", "Supplier"))),
                request(
                        SUPPLIER,
                        "6.24.2",
                        DuisElement.of(
                                "RetrieveDeviceSecurityCredentialsDevice",
                                DuisElement.leaf("CredentialType", "Key Agreement"))));
    }

    Admission admit(DuisRequest request, String correlation) {
        Submission submission = new Submission(
                Channel.HTTP,
                Submission.Format.XML,
                DuisWriter.write(request).toArray(),
                Optional.empty(),
                Optional.ofNullable(correlation),
                Optional.empty(),
                "crm");
        return admitter.admit(
                submission,
                () -> Draft.of(
                        reader.read(submission.format(), submission.bytes()), submission.lane(), ledger.counters()));
    }

    Fault refused(DuisRequest request) {
        Admission admission = admit(request, null);
        assertThat(admission).isInstanceOf(Admission.Refused.class);
        return ((Admission.Refused) admission).fault();
    }

    Admission.Accepted accepted(DuisRequest request, String correlation) {
        Admission admission = admit(request, correlation);
        assertThat(admission).as("%s", admission).isInstanceOf(Admission.Accepted.class);
        return (Admission.Accepted) admission;
    }

    static List<String> codes(CredentialsReport report) {
        return report.findings().stream().map(finding -> finding.fault().code()).toList();
    }

    record Role(ServiceCatalogue catalogue, UserRole role, Eui64 userId) implements RoleBundle {
        @Override
        public String name() {
            return "test-" + role;
        }

        @Override
        public Optional<UserRoleProfile> profile() {
            Set<String> services = catalogue.rows().stream()
                    .filter(row -> row.roles().contains(role))
                    .map(row -> row.variant())
                    .collect(Collectors.toSet());
            return Optional.of(new UserRoleProfile(
                    role,
                    userId,
                    services,
                    new KeyAliases(
                            "xml-" + userId,
                            Optional.of("sign-" + userId),
                            Optional.of("agree-" + userId),
                            Optional.empty()),
                    "postern.alerts.test"));
        }

        @Override
        public Optional<String> inactiveReason() {
            return Optional.empty();
        }
    }
}
