package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.SchemaValidator;
import org.postern.ecprovider.EcProvider;
import org.postern.gatewayclient.DccGateway;
import org.postern.hsm.KeyUse;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.ProofAuthority;
import org.postern.inventory.internal.CsvDeviceInventory;
import org.postern.inventory.internal.FolderCertificateDirectory;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.parsecorrelate.Correlator;
import org.postern.securitylogging.internal.FileSecurityLog;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.internal.LifeCycle;
import org.postern.servicerequests.internal.lifecycle.Backoff;
import org.postern.servicerequests.internal.lifecycle.CountingMetrics;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/**
 * The life cycle as it is behind the interfaces: rules, ledger, security log, keys. Nothing that is admitted is sent.
 */
final class RealLifeCycle implements AutoCloseable {

    private static final EcProvider EC = EcProvider.fastest();
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Eui64 USER = SimulatorPki.user(UserRole.IS);

    final JdbcLedger ledger;
    final FileSecurityLog securityLog;
    final LifeCycle line;
    private final String meter;

    /** Keys and meters, throwaway. */
    static SimulatorPki pki(Path folder) {
        return SimulatorPki.create(folder, new Population(3, 1), CLOCK);
    }

    RealLifeCycle(Path folder, SimulatorPki pki) throws Exception {
        Path postern = pki.folder().resolve("postern");
        ServiceCatalogue catalogue = new ServiceCatalogue();
        KeyVault vault = vault(postern.resolve("vault"));
        RoleRegistry roles = new RoleRegistry(catalogue, System::nanoTime, Duration.ZERO);
        roles.vault(vault);
        Set<String> services = catalogue.rows().stream()
                .filter(row -> row.roles().contains(UserRole.IS))
                .map(row -> row.variant())
                .collect(Collectors.toSet());
        roles.add(role(new UserRoleProfile(
                UserRole.IS,
                USER,
                services,
                new KeyAliases("is-xml", Optional.of("is-sign"), Optional.of("is-agree"), Optional.of("is-prepay")),
                "postern.alerts.is")));
        ledger = new JdbcLedger(JdbcLedger.Options.sqlite(folder.resolve("ledger.db")), CLOCK);
        securityLog = new FileSecurityLog(folder.resolve("security-log"), 10_000_000, Duration.ofSeconds(10), CLOCK);
        DccGateway nowhere = IntakeBench.fake(DccGateway.class, Map.of());
        line = new LifeCycle(
                new LifeCycle.Collaborators(
                        ledger,
                        vault,
                        new FolderCertificateDirectory(
                                pki.certificates(), postern.resolve("signers"), Duration.ofMinutes(1), 1000, CLOCK),
                        new CsvDeviceInventory(postern.resolve("inventory.csv"), Duration.ofMinutes(1), CLOCK),
                        roles,
                        catalogue,
                        ResponseCodes.standard(),
                        nowhere,
                        securityLog,
                        Correlator.withoutProof(Correlator.DEFAULT_TOLERANCE),
                        EC,
                        new CountingMetrics(),
                        new TrustedClock(CLOCK, System::nanoTime, new CountingMetrics())),
                new LifeCycle.Settings(
                        SimulatorPki.ACCESS_CONTROL_BROKER,
                        Set.of(SimulatorPki.TRANSFORM),
                        Set.of(SimulatorPki.ACCESS_CONTROL_BROKER),
                        1_000_000,
                        SchemaValidator.none(),
                        new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                        Duration.ofHours(48),
                        5,
                        Duration.ofMinutes(10),
                        100));
        line.offers().bind((step, lane, id) -> {});
        meter = pki.population().devices(DeviceType.ESME).stream()
                .findFirst()
                .orElseThrow()
                .deviceId()
                .dashed();
    }

    private static RoleBundle role(UserRoleProfile profile) {
        return IntakeBench.fake(
                RoleBundle.class,
                Map.of(
                        "role",
                        none -> profile.role(),
                        "name",
                        none -> profile.role().name(),
                        "profile",
                        none -> Optional.of(profile),
                        "inactiveReason",
                        none -> Optional.empty(),
                        "hashCode",
                        none -> 1,
                        "equals",
                        arguments -> true));
    }

    private static KeyVault vault(Path keys) throws Exception {
        Class<?> type = Class.forName("org.postern.hsmsoftware.internal.SoftwareKeyVault");
        Class<?> config = Arrays.stream(type.getDeclaredClasses())
                .filter(Annotation.class::isAssignableFrom)
                .findFirst()
                .orElseThrow();
        Map<String, Object> values = new HashMap<>(Map.of(
                "production",
                false,
                "keyStore",
                keys.resolve("keys.p12").toString(),
                "passwordFile",
                keys.resolve("keys.password").toString(),
                "keys",
                Files.readAllLines(keys.resolve("keys.txt")).stream()
                        .filter(line -> line.contains("="))
                        .toArray(String[]::new)));
        Object settings = Proxy.newProxyInstance(
                config.getClassLoader(),
                new Class<?>[] {config},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
        KeyUseListener listener = new KeyUseListener() {
            @Override
            public void beforeRelease(KeyUse use) {
                // not this test's concern
            }

            @Override
            public void refused(KeyUse use, KeyVaultException why) {
                // not this test's concern
            }
        };
        Constructor<?> constructor = Arrays.stream(type.getConstructors())
                .filter(c -> c.getParameterCount() == 4)
                .findFirst()
                .orElseThrow();
        return (KeyVault) constructor.newInstance(settings, new ProofAuthority(), listener, EC);
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
     * As many requests with a document that can be read, as many refusals without; each refusal in the security log,
     * which is whole.
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
