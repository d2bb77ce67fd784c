package org.postern.servicerequests.internal.topup;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.RequestRules;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.CertificateUsage;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.PartyCertificate;
import org.postern.ledger.Change;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpOrder;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.internal.admission.Admitter;
import org.postern.servicerequests.internal.admission.FirmwareRule;
import org.postern.servicerequests.internal.admission.OutgoingRules;
import org.postern.servicerequests.internal.lifecycle.CountingMetrics;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.reading.DoorReader;
import org.postern.testkit.Rtds;

/** The maker of tokens over a real ledger and the reference keys; what may fail can be made to. */
final class TopUpBench implements AutoCloseable {

    static final Eui64 SUPPLIER = Eui64.parse("90B3D51F30010000");
    static final Eui64 GAS_SUPPLIER = Eui64.parse("90B3D51F30030000");
    static final Eui64 NETWORK = Eui64.parse("90B3D51F30020000");
    static final Eui64 METER = Eui64.parse("00DB1234567890A0");
    static final Eui64 GAS_METER = Eui64.parse("00DB1234567890A1");
    static final Eui64 BROKER = Eui64.parse("90B3D51F30000002");
    private static final EcProvider EC = EcProvider.fastest();

    final JdbcLedger ledger;
    final List<SecurityEvent> logged = new CopyOnWriteArrayList<>();
    final Map<UserRole, Optional<String>> prepaymentKeys = new HashMap<>();
    final Map<Eui64, DeviceType> inventory = new HashMap<>();
    final Map<Eui64, X509Certificate> certificates = new HashMap<>();
    final List<Change> applied = new CopyOnWriteArrayList<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    final CountingMetrics metrics = new CountingMetrics();
    final WorkOffers offers = new WorkOffers(System::nanoTime);
    final Submissions submissions;
    final TopUpMaker maker;
    volatile RuntimeException vaultFailure;
    volatile RuntimeException logFailure;
    /** Names of ledger and counter methods that fail now. */
    volatile Set<String> ledgerAway = Set.of();

    TopUpBench(Path folder) {
        KeyFolder keys = new KeyFolder(Rtds.required().keystore(), EC, new GbcsCrypto(EC));
        ledger = new JdbcLedger(JdbcLedger.Options.sqlite(folder.resolve("ledger.db")), Clock.systemUTC());
        for (Eui64 meter : List.of(METER, GAS_METER)) {
            certificates.put(
                    meter, keys.certificate(meter, KeyUse.KEY_AGREEMENT).orElseThrow());
        }
        inventory.put(METER, DeviceType.ESME);
        inventory.put(GAS_METER, DeviceType.GSME);
        for (UserRole role : List.of(UserRole.IS, UserRole.GS, UserRole.ED)) {
            prepaymentKeys.put(role, Optional.of(role + "-prepay"));
        }
        ServiceCatalogue catalogue = new ServiceCatalogue();
        DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
        RequestRules rules = new RequestRules(catalogue);
        Ledger away = sometimesAway();
        SecurityLog log = fake(SecurityLog.class, Map.of("append", a -> {
            if (logFailure != null) {
                throw logFailure;
            }
            calls.add("log");
            logged.add((SecurityEvent) a[0]);
            return 1L;
        }));
        KeyVault vault = fake(KeyVault.class, Map.of("agree", a -> agree(keys, a)));
        DeviceInventory devices = fake(
                DeviceInventory.class,
                Map.of(
                        "find",
                        a -> Optional.ofNullable(inventory.get(a[0])).map(type -> DeviceFacts.of((Eui64) a[0], type))));
        CertificateDirectory directory = fake(
                CertificateDirectory.class,
                Map.of(
                        "find",
                        a -> a[1] != CertificateUsage.KEY_AGREEMENT
                                ? Optional.empty()
                                : Optional.ofNullable(certificates.get(a[0]))
                                        .map(c -> new PartyCertificate((Eui64) a[0], Optional.empty(), c))));
        DoorReader doors = new DoorReader(catalogue, roles(), BROKER, DuisLimits.DEFAULT);
        OutgoingRules outgoing = new OutgoingRules(
                DuisLimits.DEFAULT,
                new FirmwareRule(devices, away, reader),
                document -> rules.check(reader.readRequest(document)));
        Admitter admitter = new Admitter(
                new Admitter.Collaborators(
                        catalogue,
                        roles(),
                        outgoing,
                        fake(CredentialChecks.class, Map.of("concerns", a -> false)),
                        away,
                        offers,
                        log,
                        metrics,
                        Clock.systemUTC()),
                new Admitter.Settings(BROKER, 100_000, Duration.ofHours(1)));
        maker = new TopUpMaker(new TopUpMaker.Collaborators(
                admitter,
                doors,
                roles(),
                catalogue,
                devices,
                directory,
                vault,
                new GbcsCrypto(EC),
                away,
                new Progress(away, offers, metrics),
                log,
                metrics,
                reader,
                Clock.systemUTC()));
        submissions = new Submissions(doors, admitter, maker, away.counters());
    }

    private Object agree(KeyFolder keys, Object[] a) {
        if (vaultFailure != null) {
            throw vaultFailure;
        }
        if (!((String) a[0]).endsWith("-prepay") || a[1] != KeyPurpose.PREPAYMENT_KEY_AGREEMENT) {
            throw new KeyVaultException(
                    KeyVaultException.Kind.WRONG_PURPOSE, (String) a[0], "one purpose", "another", "another key");
        }
        calls.add("agree");
        Eui64 own = ((String) a[0]).startsWith("GS") ? GAS_SUPPLIER : SUPPLIER;
        byte[] z = keys.agree(own, KeyUse.PREPAYMENT, (X509Certificate) a[2]).orElseThrow();
        @SuppressWarnings("unchecked")
        Function<byte[], Object> use = (Function<byte[], Object>) a[3];
        return use.apply(z);
    }

    private Ledger sometimesAway() {
        Object counters = proxy(
                org.postern.ledger.Counters.class,
                (name, args, call) -> {
                    away(name);
                    calls.add(name);
                    return call.get();
                },
                ledger.counters());
        return (Ledger) proxy(
                Ledger.class,
                (name, args, call) -> {
                    away(name);
                    if (name.equals("apply")) {
                        applied.add((Change) args[0]);
                    }
                    if (name.startsWith("admit")) {
                        calls.add(name);
                    }
                    return name.equals("counters") ? counters : call.get();
                },
                ledger);
    }

    private void away(String name) {
        if (ledgerAway.contains(name) || ledgerAway.contains("*") && !name.equals("counters")) {
            throw new LedgerException(
                    LedgerException.Kind.UNAVAILABLE, "ledger", "on disk first", "disk full", "make room");
        }
    }

    private interface Call {
        Object get() throws Throwable;
    }

    private interface Around {
        Object call(String name, Object[] args, Call call) throws Throwable;
    }

    private static Object proxy(Class<?> type, Around around, Object target) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> around.call(method.getName(), args, () -> {
                    try {
                        method.setAccessible(true);
                        return method.invoke(target, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Function<Object[], Object> answer = methods.get(method.getName());
            if (answer == null) {
                throw new IllegalStateException(method.getName());
            }
            return answer.apply(args);
        }));
    }

    private UserRoles roles() {
        return new UserRoles() {
            @Override
            public Optional<UserRoleProfile> active(UserRole role) {
                return profiles().stream().filter(p -> p.role() == role).findFirst();
            }

            @Override
            public Optional<UserRoleProfile> byUserId(Eui64 userId) {
                return profiles().stream()
                        .filter(p -> p.userId().equals(userId))
                        .findFirst();
            }

            @Override
            public List<Status> all() {
                return new ArrayList<>();
            }
        };
    }

    private List<UserRoleProfile> profiles() {
        return List.of(
                profile(UserRole.IS, SUPPLIER), profile(UserRole.GS, GAS_SUPPLIER), profile(UserRole.ED, NETWORK));
    }

    private UserRoleProfile profile(UserRole role, Eui64 userId) {
        return new UserRoleProfile(
                role,
                userId,
                Set.of("2.2", "4.1.1"),
                new KeyAliases("xml", Optional.empty(), Optional.empty(), prepaymentKeys.get(role)),
                "postern.alerts");
    }

    Admission topUp(Eui64 meter, TopUpAmount amount, String correlation) {
        return topUp("IS", meter, amount, correlation);
    }

    Admission topUp(String by, Eui64 meter, TopUpAmount amount, String correlation) {
        return maker.topUp(new TopUpOrder(
                Channel.CONSOLE, by, meter, amount, Optional.empty(), Optional.ofNullable(correlation), "clerk"));
    }

    Submission json(String text, String correlation, String replyTo) {
        return new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                text.getBytes(StandardCharsets.UTF_8),
                Optional.ofNullable(replyTo).flatMap(ReplyAddress::parse),
                Optional.ofNullable(correlation),
                Optional.empty(),
                "crm");
    }

    @Override
    public void close() {
        ledger.close();
    }
}
