package org.postern.servicerequests.internal.topup;

import java.math.BigInteger;
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
import org.postern.ledger.Counters;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.standalone.LedgerFiles;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpOrder;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.internal.admission.Admitter;
import org.postern.servicerequests.internal.admission.FirmwareRule;
import org.postern.servicerequests.internal.admission.NoCredentials;
import org.postern.servicerequests.internal.admission.OutgoingRules;
import org.postern.servicerequests.internal.lifecycle.CountingMetrics;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.reading.SubmissionReader;
import org.postern.testkit.Rtds;
import org.postern.testkitservices.ClosedVault;
import org.postern.testkitservices.ForwardingCounters;
import org.postern.testkitservices.ForwardingLedger;
import org.postern.testkitservices.RecordingSecurityLog;

/** The maker of tokens over a real ledger and the reference keys; what may fail can be made to. */
final class TopUpBench implements AutoCloseable {

    static final Eui64 SUPPLIER = Eui64.parse("90B3D51F30010000");
    static final Eui64 GAS_SUPPLIER = Eui64.parse("90B3D51F30030000");
    static final Eui64 NETWORK = Eui64.parse("90B3D51F30020000");
    static final Eui64 METER = Eui64.parse("00DB1234567890A0");
    static final Eui64 GAS_METER = Eui64.parse("00DB1234567890A1");
    static final Eui64 ACB = Eui64.parse("90B3D51F30000002");
    private static final EcProvider EC = EcProvider.fastest();

    final OpenLedger ledger;
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
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), Clock.systemUTC());
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
        SecurityLog log = new RecordingSecurityLog() {
            @Override
            public long append(SecurityEvent event) {
                if (logFailure != null) {
                    throw logFailure;
                }
                calls.add("log");
                logged.add(event);
                return super.append(event);
            }
        };
        KeyVault vault = new PrepaymentVault(keys);
        DeviceInventory devices = new DeviceInventory() {
            @Override
            public Optional<DeviceFacts> find(Eui64 deviceId) {
                return Optional.ofNullable(inventory.get(deviceId)).map(type -> DeviceFacts.of(deviceId, type));
            }

            @Override
            public int size() {
                return inventory.size();
            }
        };
        CertificateDirectory directory = new CertificateDirectory() {
            @Override
            public Optional<PartyCertificate> find(Eui64 party, CertificateUsage usage) {
                return usage != CertificateUsage.KEY_AGREEMENT
                        ? Optional.empty()
                        : Optional.ofNullable(certificates.get(party))
                                .map(c -> new PartyCertificate(party, Optional.empty(), c));
            }

            @Override
            public Optional<PartyCertificate> find(String issuer, BigInteger serial) {
                throw new IllegalStateException("no signer is looked for");
            }
        };
        SubmissionReader doors = new SubmissionReader(catalogue, roles(), ACB, DuisLimits.DEFAULT);
        OutgoingRules outgoing = new OutgoingRules(
                DuisLimits.DEFAULT,
                new FirmwareRule(devices, away, reader),
                document -> rules.check(reader.readRequest(document)));
        Admitter admitter = new Admitter(
                new Admitter.Collaborators(
                        catalogue,
                        roles(),
                        outgoing,
                        new NoCredentials(),
                        away,
                        offers,
                        log,
                        metrics,
                        Clock.systemUTC()),
                new Admitter.Settings(ACB, 100_000, Duration.ofHours(1)));
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

    /** A vault that agrees values with devices, by its prepayment keys alone. */
    private final class PrepaymentVault extends ClosedVault {

        private final KeyFolder keys;

        PrepaymentVault(KeyFolder keys) {
            this.keys = keys;
        }

        @Override
        public <R> R agree(String alias, KeyPurpose purpose, X509Certificate peer, Function<byte[], R> use) {
            if (vaultFailure != null) {
                throw vaultFailure;
            }
            if (!alias.endsWith("-prepay") || purpose != KeyPurpose.PREPAYMENT_KEY_AGREEMENT) {
                throw new KeyVaultException(
                        KeyVaultException.Kind.WRONG_PURPOSE, alias, "one purpose", "another", "another key");
            }
            calls.add("agree");
            Eui64 own = alias.startsWith("GS") ? GAS_SUPPLIER : SUPPLIER;
            return use.apply(keys.agree(own, KeyUse.PREPAYMENT, peer).orElseThrow());
        }
    }

    private Ledger sometimesAway() {
        Counters counters = new ForwardingCounters(ledger.counters()) {
            @Override
            protected void before(String method, Object... arguments) {
                away(method);
                calls.add(method);
            }
        };
        return new ForwardingLedger(ledger) {
            @Override
            protected void before(String method, Object... arguments) {
                away(method);
                if (method.equals("apply")) {
                    applied.add((Change) arguments[0]);
                }
                if (method.startsWith("admit")) {
                    calls.add(method);
                }
            }

            @Override
            public Counters counters() {
                before("counters");
                return counters;
            }
        };
    }

    private void away(String name) {
        if (ledgerAway.contains(name) || ledgerAway.contains("*") && !name.equals("counters")) {
            throw new LedgerException(
                    LedgerException.Kind.UNAVAILABLE, "ledger", "on disk first", "disk full", "make room");
        }
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
