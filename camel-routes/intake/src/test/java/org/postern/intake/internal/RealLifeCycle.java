package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.ecprovider.EcProvider;
import org.postern.gatewayclient.DccGateway;
import org.postern.hsm.KeyUse;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.ProofAuthority;
import org.postern.hsmsoftware.standalone.SoftwareVaults;
import org.postern.inventory.standalone.InventoryFiles;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.parsecorrelate.Correlator;
import org.postern.securitylogging.OpenSecurityLog;
import org.postern.securitylogging.standalone.SecurityLogFiles;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.standalone.StandaloneLifeCycle;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/** The real life cycle behind the interfaces: rules, ledger, security log, keys. Admitted requests are not sent. */
final class RealLifeCycle implements AutoCloseable {

    private static final EcProvider EC = EcProvider.fastest();
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Eui64 USER = SimulatorPki.user(UserRole.IS);

    final OpenLedger ledger;
    final OpenSecurityLog securityLog;
    final StandaloneLifeCycle line;
    private final String meter;

    /** Temporary keys and meters. */
    static SimulatorPki pki(Path folder) {
        return SimulatorPki.create(folder, new Population(3, 1), CLOCK);
    }

    RealLifeCycle(Path folder, SimulatorPki pki) throws IOException {
        Path postern = pki.folder().resolve("postern");
        Set<String> services = new ServiceCatalogue()
                .rows().stream()
                        .filter(row -> row.roles().contains(UserRole.IS))
                        .map(row -> row.variant())
                        .collect(Collectors.toSet());
        RoleBundle role = new Role(new UserRoleProfile(
                UserRole.IS,
                USER,
                services,
                new KeyAliases("is-xml", Optional.of("is-sign"), Optional.of("is-agree"), Optional.of("is-prepay")),
                "postern.alerts.is"));
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), CLOCK);
        securityLog = SecurityLogFiles.open(folder.resolve("security-log"), 10_000_000, Duration.ofSeconds(10), CLOCK);
        line = new StandaloneLifeCycle(
                new StandaloneLifeCycle.Parts(
                        ledger,
                        vault(postern.resolve("vault")),
                        InventoryFiles.certificates(
                                pki.certificates(), postern.resolve("signers"), Duration.ofMinutes(1), 1000, CLOCK),
                        InventoryFiles.devices(
                                postern.resolve("inventory.csv"), Optional.empty(), Duration.ofMinutes(1), CLOCK),
                        List.of(role),
                        IntakeBench.fake(DccGateway.class, Map.of()),
                        securityLog,
                        Correlator.withoutProof(Correlator.DEFAULT_TOLERANCE),
                        EC,
                        CLOCK),
                new StandaloneLifeCycle.Dcc(
                        SimulatorPki.ACCESS_CONTROL_BROKER,
                        Set.of(SimulatorPki.TRANSFORM),
                        Set.of(SimulatorPki.ACCESS_CONTROL_BROKER),
                        1_000_000),
                (step, lane, id) -> {});
        meter = pki.population().devices(DeviceType.ESME).stream()
                .findFirst()
                .orElseThrow()
                .deviceId()
                .dashed();
    }

    private record Role(UserRoleProfile is) implements RoleBundle {
        @Override
        public UserRole role() {
            return is.role();
        }

        @Override
        public String name() {
            return is.role().name();
        }

        @Override
        public Optional<UserRoleProfile> profile() {
            return Optional.of(is);
        }

        @Override
        public Optional<String> inactiveReason() {
            return Optional.empty();
        }
    }

    private static KeyVault vault(Path keys) throws IOException {
        KeyUseListener listener = new KeyUseListener() {
            @Override
            public void beforeRelease(KeyUse use) {
                // not needed by this test
            }

            @Override
            public void refused(KeyUse use, KeyVaultException why) {
                // not needed by this test
            }
        };
        return SoftwareVaults.open(
                keys.resolve("keys.p12"),
                keys.resolve("keys.password"),
                Files.readAllLines(keys.resolve("keys.txt")).stream()
                        .filter(line -> line.contains("="))
                        .toList(),
                new ProofAuthority(),
                listener,
                EC);
    }

    /** Good requests, one of each form. */
    String xml() {
        return "<sr:Request xmlns:sr=\"" + DuisElement.DUIS + "\" schemaVersion=\"5.4\"><sr:Header><sr:RequestID>"
                + USER.dashed() + ":"
                + meter
                + ":1000</sr:RequestID><sr:CommandVariant>1</sr:CommandVariant><sr:ServiceReference>4.8</sr:ServiceReference>"
                + "<sr:ServiceReferenceVariant>4.8.1</sr:ServiceReferenceVariant></sr:Header><sr:Body>"
                + "<sr:ReadActiveImportProfileData><sr:ReadLogPeriod><sr:StartDateTime>2026-11-01T00:00:00.00Z</sr:StartDateTime>"
                + "<sr:EndDateTime>2026-11-02T00:00:00.00Z</sr:EndDateTime></sr:ReadLogPeriod></sr:ReadActiveImportProfileData>"
                + "</sr:Body></sr:Request>";
    }

    String json() {
        return "{\"service\": \"4.8.1\", \"device\": \"" + meter
                + "\", \"role\": \"IS\", \"body\": {\"ReadLogPeriod\": {\"StartDateTime\":"
                + " \"2026-11-01T00:00:00.00Z\", \"EndDateTime\": \"2026-11-02T00:00:00.00Z\"}}}";
    }

    String topUp() {
        return "{\"service\": \"2.2\", \"device\": \"" + meter + "\", \"role\": \"IS\", \"topUp\": {\"pence\": 1250}}";
    }

    /**
     * Checks the number of requests with a readable document and of refusals without one, and that each refusal is in
     * the security log, which must be complete.
     */
    void holds(long admitted, long refused) {
        Map<RequestState, Long> counts = new HashMap<>(ledger.counts());
        counts.values().removeIf(count -> count == 0);
        assertThat(counts).isEqualTo(expected(admitted, refused));
        DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
        for (RequestRecord request : ledger.requests(
                new RequestFilter(Optional.of(RequestState.ADMITTED), Optional.empty(), Optional.empty(), 100_000))) {
            byte[] document =
                    ledger.documents(request.id()).orElseThrow().document().orElseThrow();
            assertThat(Optional.of(reader.readRequest(document).requestId())).isEqualTo(request.requestId());
        }
        assertThat(securityLog.verify().findings()).isEmpty();
        assertThat(securityLog.tail(1_000_000).stream()
                        .filter(event -> event.outcome().equals("REFUSED")))
                .hasSize((int) refused);
    }

    private static Map<RequestState, Long> expected(long admitted, long refused) {
        Map<RequestState, Long> expected =
                new HashMap<>(Map.of(RequestState.ADMITTED, admitted, RequestState.REJECTED, refused));
        expected.values().removeIf(count -> count == 0);
        return expected;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    List<byte[]> documents() {
        return List.of(utf8(xml()), utf8(json()), utf8(topUp()));
    }

    @Override
    public void close() {
        line.close();
        ledger.close();
        securityLog.close();
    }
}
