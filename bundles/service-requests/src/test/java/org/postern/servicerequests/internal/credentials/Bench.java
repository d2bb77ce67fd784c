package org.postern.servicerequests.internal.credentials;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.CertificateUsage;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.PartyCertificate;
import org.postern.inventory.SmkiCertificate;
import org.postern.ledger.Counters;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.internal.credentials.TestPki.Made;
import org.postern.servicerequests.internal.credentials.TestPki.Spec;
import org.postern.testkitservices.ClosedVault;
import org.postern.testkitservices.ForwardingCounters;
import org.postern.testkitservices.ForwardingLedger;

/** One credentials request that is right, everything around it, and every screw by which a test can make it wrong. */
final class Bench {

    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final Clock NOON = Clock.fixed(NOW, ZoneOffset.UTC);
    static final Eui64 SUPPLIER = Eui64.parse("90B3D51F30010000");
    static final Eui64 OTHER_SUPPLIER = Eui64.parse("90B3D51F30030000");
    static final Eui64 NETWORK = Eui64.parse("90B3D51F30020000");
    static final Eui64 CONTROLLER = Eui64.parse("90B3D51F30010008");
    static final Eui64 ACB = Eui64.parse("90B3D51F30000002");
    static final Eui64 METER = Eui64.parse("00DB1234567890A0");

    private static final ServiceCatalogue CATALOGUE = new ServiceCatalogue();
    static final Made ROOT = TestPki.root(NOW, "CN=ZA,OU=00").make();
    static final Made ISSUING =
            TestPki.authority(NOW, "CN=Z1,OU=07", ROOT).pathLength(0).make();

    /** A service and the party whose credentials it replaces. */
    enum Kind {
        SUPPLIER_BY_ITSELF("6.15.1", UserRole.IS, SUPPLIER, "Supplier", "02", SUPPLIER, true),
        NETWORK_BY_ITSELF("6.15.1", UserRole.ED, NETWORK, "NetworkOperator", "03", NETWORK, false),
        CONTROLLER_BY_SUPPLIER("6.15.1", UserRole.IS, SUPPLIER, "LoadController", "08", CONTROLLER, false),
        SUPPLIER_HANDOVER("6.21", UserRole.IS, SUPPLIER, "Supplier", "02", SUPPLIER, true),
        NETWORK_HANDOVER("6.21", UserRole.GS, SUPPLIER, "NetworkOperator", "03", NETWORK, false),
        CHANGE_OF_SUPPLIER("6.23", UserRole.IS, SUPPLIER, "", "02", SUPPLIER, true);

        final String service;
        final UserRole role;
        final Eui64 submitter;
        final String party;
        final String ou;
        final Eui64 owner;
        final boolean topUp;

        Kind(String service, UserRole role, Eui64 submitter, String party, String ou, Eui64 owner, boolean topUp) {
            this.service = service;
            this.role = role;
            this.submitter = submitter;
            this.party = party;
            this.ou = ou;
            this.owner = owner;
            this.topUp = topUp;
        }

        /** True where the credentials are the asking User's own. */
        boolean own() {
            return owner.equals(submitter);
        }

        String body() {
            return service.equals("6.15.1")
                    ? "UpdateSecurityCredentialsKRP"
                    : service.equals("6.21") ? "RequestHandoverOfDCCControlledDevice" : "UpdateSecurityCredentialsCoS";
        }

        String floorElement() {
            return service.equals("6.23") ? "SupplierFloorSeqNumber" : "RemotePartyFloorSeqNumber";
        }

        String topUpFloorElement() {
            return service.equals("6.23")
                    ? "SupplierPrepaymentTopUpFloorSeqNumber"
                    : "RemotePartyPrepaymentTopUpFloorSeqNumber";
        }
    }

    final Kind kind;
    final Map<String, Spec> specs = new LinkedHashMap<>();
    final Map<String, String> texts = new HashMap<>();
    final List<Made> path = new ArrayList<>(List.of(ISSUING));
    final List<Made> anchors = new ArrayList<>(List.of(ROOT));
    final Map<Eui64, DeviceType> devices = new HashMap<>(Map.of(METER, DeviceType.ESME));
    final Map<String, Made> directory = new HashMap<>();
    final List<KeyEntry> vault = new ArrayList<>();
    final Map<String, Made> made = new HashMap<>();
    String party;
    UserRole role;
    Optional<String> floor = Optional.of("5000");
    Optional<String> topUpFloor;
    Optional<String> execution = Optional.empty();
    String timeChecks = "true";
    long used = 5000;
    long usedWithDevice = 4000;
    long usedForTopUps = 7L << 32;
    CredentialSettings settings = new CredentialSettings(
            Duration.ofDays(30), 86_400_000L, 1000, false, Set.of(), Set.of(ACB), true, false, false);

    Bench(Kind kind) {
        this.kind = kind;
        this.party = kind.party;
        this.role = kind.role;
        this.topUpFloor = kind.topUp ? Optional.of(Long.toString(7L << 32)) : Optional.empty();
        specs.put(
                "DigitalSigningCertificate",
                TestPki.organisation(NOW, ISSUING, kind.ou, kind.owner, KeyUsage.digitalSignature));
        specs.put(
                "KeyAgreementCertificate",
                TestPki.organisation(NOW, ISSUING, kind.ou, kind.owner, KeyUsage.keyAgreement));
        if (kind.topUp) {
            specs.put(
                    "KeyAgreementTopUpCertificate",
                    TestPki.organisation(NOW, ISSUING, kind.ou, kind.owner, KeyUsage.keyAgreement));
        }
    }

    /** Changes how the certificate of an element is made. */
    void change(String element, UnaryOperator<Spec> how) {
        specs.computeIfPresent(element, (name, spec) -> how.apply(spec));
    }

    void changeAll(UnaryOperator<Spec> how) {
        specs.replaceAll((name, spec) -> how.apply(spec));
    }

    /** What the directory has of a party. */
    KeyPair held(Eui64 owner, CertificateUsage usage) {
        Made certificate = TestPki.organisation(NOW, ISSUING, "04", owner, KeyUsage.digitalSignature)
                .make();
        directory.put(owner.hex() + usage, certificate);
        return certificate.keys();
    }

    CredentialsReport check() {
        return checker().check(request());
    }

    DuisRequest request() {
        List<DuisElement> body = new ArrayList<>();
        execution.ifPresent(time -> body.add(DuisElement.leaf("ExecutionDateTime", time)));
        if (!party.isEmpty()) {
            body.add(DuisElement.leaf("RemotePartyRole", party));
        }
        floor.ifPresent(value -> body.add(DuisElement.leaf(kind.floorElement(), value)));
        topUpFloor.ifPresent(value -> body.add(DuisElement.leaf(kind.topUpFloorElement(), value)));
        List<DuisElement> certificates = new ArrayList<>();
        specs.forEach((element, spec) -> {
            Made certificate = spec.make();
            made.put(element, certificate);
            certificates.add(DuisElement.leaf(element, texts.getOrDefault(element, certificate.base64())));
        });
        body.add(
                switch (kind.service) {
                    case "6.15.1" ->
                        DuisElement.of(
                                "ReplacementCertificates",
                                DuisElement.of("SupplierOrNetworkOperatorCertificates", certificates));
                    case "6.21" -> DuisElement.of("ReplacementCertificates", certificates);
                    default -> DuisElement.of("SupplierReplacementCertificates", certificates);
                });
        body.add(DuisElement.of(
                "CertificationPathCertificates",
                path.stream()
                        .map(c -> DuisElement.leaf("Certificate", c.base64()))
                        .toList()));
        body.add(DuisElement.leaf("ApplyTimeBasedCPVChecks", timeChecks));
        return request(kind.submitter, kind.service, DuisElement.of(kind.body(), body));
    }

    static DuisRequest request(Eui64 originator, String service, DuisElement body) {
        String reference = service.chars().filter(c -> c == '.').count() > 1
                ? service.substring(0, service.lastIndexOf('.'))
                : service;
        CommandVariant variant = CATALOGUE.require(service).firstVariant();
        return new DuisRequest(new RequestId(originator, METER, 1), variant, reference, service, body);
    }

    CredentialChecker checker() {
        return new CredentialChecker(collaborators(), settings);
    }

    CredentialChecker.Collaborators collaborators() {
        return new CredentialChecker.Collaborators(
                ledger(),
                directory(),
                inventory(),
                roles(),
                (format, bytes) -> {
                    throw new IllegalStateException("nothing is read here");
                },
                vault(),
                NOON);
    }

    private UserRoles roles() {
        UserRoleProfile profile = new UserRoleProfile(
                role,
                kind.submitter,
                Set.of(),
                new KeyAliases("x", Optional.empty(), Optional.empty(), Optional.empty()),
                "q");
        return new UserRoles() {
            @Override
            public Optional<UserRoleProfile> active(UserRole wanted) {
                return Optional.of(profile).filter(p -> p.role() == wanted);
            }

            @Override
            public Optional<UserRoleProfile> byUserId(Eui64 userId) {
                return Optional.of(profile).filter(p -> p.userId().equals(userId));
            }

            @Override
            public List<Status> all() {
                return List.of(new Status(role, "test", true, "", Optional.of(profile)));
            }
        };
    }

    private DeviceInventory inventory() {
        return new DeviceInventory() {
            @Override
            public Optional<DeviceFacts> find(Eui64 deviceId) {
                return Optional.ofNullable(devices.get(deviceId)).map(type -> DeviceFacts.of(deviceId, type));
            }

            @Override
            public int size() {
                return devices.size();
            }
        };
    }

    private CertificateDirectory directory() {
        return new CertificateDirectory() {
            @Override
            public Optional<PartyCertificate> find(Eui64 owner, CertificateUsage usage) {
                return Optional.ofNullable(directory.get(owner.hex() + usage)).map(c -> {
                    X509Certificate certificate = c.certificate().certificate();
                    return new PartyCertificate(owner, Optional.empty(), certificate);
                });
            }

            @Override
            public Optional<PartyCertificate> find(String issuer, BigInteger serial) {
                return Optional.empty();
            }

            @Override
            public List<SmkiCertificate> authorities() {
                return anchors.stream().map(Made::certificate).toList();
            }

            @Override
            public String authoritiesPlace() {
                return "state/inventory/certificates";
            }
        };
    }

    private KeyVault vault() {
        return new ClosedVault() {
            @Override
            public List<KeyEntry> keys() {
                return List.copyOf(vault);
            }
        };
    }

    /** Counters that stand still, and no requests. */
    private Ledger ledger() {
        return new ForwardingLedger() {
            @Override
            public Counters counters() {
                return standing();
            }

            @Override
            public List<RequestRecord> requests(RequestFilter filter) {
                return List.of();
            }
        };
    }

    /** A pre-check spends nothing. */
    private Counters standing() {
        return new ForwardingCounters() {
            @Override
            public long highest(Eui64 originator) {
                return used;
            }

            @Override
            public long highest(Eui64 originator, Eui64 device) {
                return usedWithDevice;
            }

            @Override
            public long highestPrepayment(Eui64 originator, Eui64 device) {
                return usedForTopUps;
            }
        };
    }
}
