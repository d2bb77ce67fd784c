package org.postern.servicerequests.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.inventory.SmkiCertificate;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.CredentialsReport.Finding;
import org.postern.servicerequests.internal.credentials.Bench.Kind;
import org.postern.servicerequests.internal.credentials.TestPki.Made;
import org.postern.testkit.Rtds;

/**
 * The given requests of these services, at a time at which their certificates (2025-09-01 to 2035-09-01) are valid. The
 * given data has no certificate of the root ZA; the issuing authority Z1, which every path names, is held instead.
 */
class ReferenceRequestsTest {

    private static final Set<String> SERVICES = Set.of("6.15.1", "6.15.2", "6.17", "6.21", "6.23", "6.24.1", "6.24.2");

    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);

    private List<DuisRequest> given() throws IOException {
        List<DuisRequest> found = new java.util.ArrayList<>();
        for (Path file : Rtds.required().requests()) {
            DuisRequest request = reader.readRequest(Files.readAllBytes(file));
            if (SERVICES.contains(request.serviceReferenceVariant())) {
                found.add(request);
            }
        }
        assertThat(found).hasSizeGreaterThanOrEqualTo(11);
        return found;
    }

    private static Bench bench(DuisRequest request) {
        boolean network = request.requestId().originator().equals(Bench.NETWORK);
        Bench bench = new Bench(network ? Kind.NETWORK_BY_ITSELF : Kind.SUPPLIER_BY_ITSELF);
        bench.role = network ? UserRole.ED : UserRole.IS;
        bench.devices.put(request.requestId().target(), org.postern.catalogue.DeviceType.ESME);
        // the given floors are 0: taken where nothing was sent yet
        bench.used = 0;
        bench.usedForTopUps = 0;
        bench.anchors.clear();
        return bench;
    }

    private static void hold(Bench bench, DuisRequest request) {
        request.body()
                .child("CertificationPathCertificates")
                .flatMap(path -> path.child("Certificate"))
                .map(DuisElement::text)
                .ifPresent(text ->
                        bench.anchors.add(new Made(null, Base64.getMimeDecoder().decode(text), null)));
    }

    private static List<String> refusals(CredentialsReport report) {
        return report.findings().stream()
                .filter(Finding::refuses)
                .map(f -> f.fault().code())
                .distinct()
                .toList();
    }

    @Test
    void whatIsGivenIsAdmittedButForTheChangeOfSupplierOfAnotherUser() throws IOException {
        Map<String, Integer> count = new java.util.TreeMap<>();
        for (DuisRequest request : given()) {
            Bench bench = bench(request);
            hold(bench, request);
            CredentialsReport report = bench.checker().check(request);
            boolean anothers = request.serviceReferenceVariant().equals("6.23") && !request.cancels();

            // the given 6.23 bring the certificates of a second supplier under the first one's User ID
            assertThat(refusals(report))
                    .as("%s %s", request.requestId(), report.findings())
                    .isEqualTo(anothers ? List.of("PST-2139") : List.of());
            if (anothers) {
                bench.settings = new CredentialSettings(
                        Duration.ofDays(30),
                        86_400_000L,
                        1000,
                        false,
                        Set.of(Bench.OTHER_SUPPLIER),
                        Set.of(),
                        true,
                        false,
                        false);
                assertThat(refusals(bench.checker().check(request)))
                        .as("with both of one company")
                        .isEmpty();
            }
            count.merge(request.serviceReferenceVariant(), 1, Integer::sum);
        }
        assertThat(count)
                .containsEntry("6.15.1", 4)
                .containsEntry("6.21", 2)
                .containsEntry("6.23", 3)
                .containsEntry("6.24.1", 1)
                .containsEntry("6.24.2", 1);
    }

    @Test
    void withoutTheIssuingAuthorityNothingThatReplacesIsAdmitted() throws IOException {
        for (DuisRequest request : given()) {
            boolean replaces =
                    request.body().child("CertificationPathCertificates").isPresent() && !request.cancels();
            assertThat(refusals(bench(request).checker().check(request)))
                    .as("%s", request.requestId())
                    .matches(codes -> codes.contains("PST-2138") == replaces);
        }
    }

    @Test
    void theGivenFloorsOfZeroAreRefusedOnceTheUserHasSentAnything() throws IOException {
        for (DuisRequest request : given()) {
            Bench bench = bench(request);
            hold(bench, request);
            bench.used = 1;
            bench.settings = new CredentialSettings(
                    Duration.ofDays(30),
                    86_400_000L,
                    1000,
                    false,
                    Set.of(Bench.OTHER_SUPPLIER),
                    Set.of(),
                    true,
                    false,
                    false);
            CredentialsReport report = bench.checker().check(request);
            boolean ours = report.floors().stream().anyMatch(CredentialsReport.Floor::ours);
            assertThat(refusals(report))
                    .as("%s", request.requestId())
                    .isEqualTo(ours && !request.cancels() ? List.of("PST-2140") : List.of());
        }
    }

    @Test
    void aGivenDeviceCertificateNeedsTheDevicesIssuingAuthority() throws IOException {
        // E357, which issued the devices', is not among the given certificates
        String pem = Files.readString(Rtds.required().keystore().resolve(Bench.METER.fileName() + "-ds.pem"));
        String base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        SmkiCertificate certificate = SmkiCertificate.read(Base64.getDecoder().decode(base64));
        assertThat(certificate.eui()).contains(Bench.METER);
        DuisRequest request = Bench.request(
                Bench.SUPPLIER,
                "6.15.2",
                DuisElement.of("UpdateSecurityCredentialsDevice", DuisElement.leaf("DeviceCertificate", base64)));

        assertThat(refusals(new Bench(Kind.SUPPLIER_BY_ITSELF).checker().check(request)))
                .containsExactly("PST-2137");
    }
}
