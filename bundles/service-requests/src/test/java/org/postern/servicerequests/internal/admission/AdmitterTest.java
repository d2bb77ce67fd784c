package org.postern.servicerequests.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.catalogue.CatalogueFault;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.FaultCode;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.gbcs.GbcsFault;
import org.postern.hsm.KeyVaultException;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.InventoryFault;
import org.postern.ledger.Admitted;
import org.postern.ledger.Counters;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.SecurityLogFault;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.internal.lifecycle.WorkOffers;
import org.postern.servicerequests.internal.roles.FixedVault;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.testkitservices.Devices;
import org.postern.testkitservices.ForwardingCounters;
import org.postern.testkitservices.ForwardingLedger;
import org.postern.testkitservices.RecordingSecurityLog;

/** Which submissions are refused by which rule, and what is stored in the ledger. */
class AdmitterTest {

    private static final String SUPPLIER = "02-50-AF-00-00-00-00-01";
    private static final String NETWORK = "02-50-AF-00-00-00-00-05";
    private static final String METER = "02-50-AF-AA-00-00-00-11";
    private static final String ACB = "02-50-AF-00-00-00-00-02";
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    /** Which devices there are matters to activations of firmware alone, of which there is none here. */
    private static final DeviceInventory NO_DEVICES = Devices.none();

    /** None of the services here is a credentials service; those have a test of their own. */
    private static final CredentialChecks NO_CREDENTIALS = new NoCredentials();

    private final List<NewRequest> onDisk = new ArrayList<>();
    private final List<SecurityEvent> logged = new ArrayList<>();
    private final List<String> offered = new ArrayList<>();
    private final WorkOffers offers = new WorkOffers(System::nanoTime);
    private final Ledger ledger = ledger();
    private RuntimeException ledgerFailure;
    private byte[] earlier;
    private Consumer<byte[]> schema = document -> {};

    @BeforeEach
    void bindTheQueues() {
        offers.bind((step, lane, id) -> offered.add(step + " " + lane + " " + id));
    }

    @Test
    void anAdmittedRequestIsOnDiskUnderACounterOfOurs() {
        Admission admission =
                admit(request(SUPPLIER, METER, 1, "4.1", "4.1.1", "<sr:ReadInstantaneousImportRegisters/>"));

        Admission.Accepted accepted = (Admission.Accepted) admission;
        assertThat(accepted.requestId()).isEqualTo(SUPPLIER + ":" + METER + ":5001");
        assertThat(onDisk).singleElement().satisfies(request -> {
            assertThat(request.refusal()).isEmpty();
            assertThat(request.target().service()).contains("4.1.1");
            assertThat(request.target().role()).contains(UserRole.IS);
            assertThat(new String(request.document().orElseThrow(), StandardCharsets.UTF_8))
                    .contains(SUPPLIER + ":" + METER + ":5001")
                    .doesNotContain(":77<");
            assertThat(request.dueBy()).contains(NOON.instant().plusSeconds(30).plus(Duration.ofHours(1)));
        });
        assertThat(logged).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        unknown service            | PST-1003 | ServiceReferenceVariant | 02-50-AF-00-00-00-00-01 | 02-50-AF-AA-00-00-00-11 | 1 | 4.1 | 4.1.9  | <sr:ReadInstantaneousImportRegisters/>
        reference of another       | PST-1018 | ServiceReference        | 02-50-AF-00-00-00-00-01 | 02-50-AF-AA-00-00-00-11 | 1 | 4.2 | 4.1.1  | <sr:ReadInstantaneousImportRegisters/>
        body of another            | PST-1017 | ReadFirmwareVersion     | 02-50-AF-00-00-00-00-01 | 02-50-AF-AA-00-00-00-11 | 1 | 4.1 | 4.1.1  | <sr:ReadFirmwareVersion/>
        signed Pre-Command         | PST-2103 | CommandVariant          | 02-50-AF-00-00-00-00-01 | 02-50-AF-AA-00-00-00-11 | 5 | 7.1 | 7.1    | <sr:SignedPreCommand><sr:GBCSPayload>AA==</sr:GBCSPayload></sr:SignedPreCommand>
        role that may not          | PST-2104 | RequestID               | 02-50-AF-00-00-00-00-05 | 02-50-AF-AA-00-00-00-11 | 4 | 7.1 | 7.1    | <sr:EnableSupply/>
        critical sent as CV1       | PST-1018 | CommandVariant          | 02-50-AF-00-00-00-00-01 | 02-50-AF-AA-00-00-00-11 | 1 | 7.1 | 7.1    | <sr:EnableSupply/>
        non-device to a device     | PST-2107 | RequestID               | 02-50-AF-00-00-00-00-01 | 02-50-AF-AA-00-00-00-11 | 8 | 8.2 | 8.2    | <sr:ReadInventory/>
        device service to the DCC  | PST-2107 | RequestID               | 02-50-AF-00-00-00-00-01 | 02-50-AF-00-00-00-00-02 | 1 | 4.1 | 4.1.1  | <sr:ReadInstantaneousImportRegisters/>
        dated, not datable         | PST-1017 | ExecutionDateTime       | 02-50-AF-00-00-00-00-01 | 02-50-AF-AA-00-00-00-11 | 4 | 7.1 | 7.1    | <sr:EnableSupply><sr:ExecutionDateTime>2026-12-01T00:00:00.00Z</sr:ExecutionDateTime></sr:EnableSupply>
        dated in the past          | PST-2109 | ExecutionDateTime       | 02-50-AF-00-00-00-00-01 | 02-50-AF-AA-00-00-00-11 | 1 | 4.1 | 4.1.1  | <sr:ReadInstantaneousImportRegisters><sr:ExecutionDateTime>2026-11-23T11:00:00.00Z</sr:ExecutionDateTime></sr:ReadInstantaneousImportRegisters>
        dated almost never         | PST-2109 | ExecutionDateTime       | 02-50-AF-00-00-00-00-01 | 02-50-AF-AA-00-00-00-11 | 1 | 4.1 | 4.1.1  | <sr:ReadInstantaneousImportRegisters><sr:ExecutionDateTime>3000-12-31T10:00:00.00Z</sr:ExecutionDateTime></sr:ReadInstantaneousImportRegisters>
        nobody's User ID           | PST-2110 | RequestID               | 02-50-AF-00-00-00-00-09 | 02-50-AF-AA-00-00-00-11 | 1 | 4.1 | 4.1.1  | <sr:ReadInstantaneousImportRegisters/>
        outside the role's slice   | PST-2111 | ServiceReferenceVariant | 02-50-AF-00-00-00-00-01 | 02-50-AF-AA-00-00-00-11 | 4 | 7.2 | 7.2    | <sr:DisableSupply/>
        """)
    void whatIsRefusedNamesItsFieldAndIsRecorded(
            String what,
            String code,
            String field,
            String originator,
            String target,
            int cv,
            String reference,
            String variant,
            String body) {
        Admission admission = admit(request(originator, target, cv, reference, variant, body));

        Admission.Refused refused = (Admission.Refused) admission;
        assertThat(refused.fault().code()).isEqualTo(code);
        assertThat(refused.fault().field()).endsWith(field);
        assertThat(refused.worthRepeating()).isFalse();
        assertThat(onDisk).singleElement().satisfies(record -> {
            assertThat(record.refusal())
                    .hasValueSatisfying(cause -> assertThat(cause).startsWith(code));
            assertThat(record.requestId()).isEmpty();
            assertThat(record.document()).isEmpty();
        });
        assertThat(logged)
                .singleElement()
                .isInstanceOfSatisfying(
                        SecurityEvent.AccessRefused.class,
                        event -> assertThat(event.faultCode()).isEqualTo(code));
    }

    @Test
    void aCancellationIsStoredAsOneAndIsDueLikeAnImmediateRequest() {
        admit(
                request(
                        SUPPLIER,
                        METER,
                        1,
                        "4.1",
                        "4.1.1",
                        "<sr:ReadInstantaneousImportRegisters>"
                                + "<sr:ExecutionDateTime>3000-12-31T00:00:00.00Z</sr:ExecutionDateTime></sr:ReadInstantaneousImportRegisters>"));

        assertThat(onDisk).singleElement().satisfies(request -> {
            assertThat(request.refusal()).isEmpty();
            assertThat(request.executionTime()).contains(Instant.parse("3000-12-31T00:00:00Z"));
            assertThat(request.dueBy()).contains(NOON.instant().plusSeconds(30).plus(Duration.ofHours(1)));
        });
    }

    // DUIS, future dated services: the outcome of a future-dated request is due 24 hours after its execution time
    @Test
    void aFutureDatedRequestIsDueOneDayAfterItsExecutionTime() {
        admit(
                request(
                        SUPPLIER,
                        METER,
                        1,
                        "4.1",
                        "4.1.1",
                        "<sr:ReadInstantaneousImportRegisters>"
                                + "<sr:ExecutionDateTime>2027-01-15T09:00:00.00Z</sr:ExecutionDateTime></sr:ReadInstantaneousImportRegisters>"));

        assertThat(onDisk).singleElement().satisfies(request -> {
            assertThat(request.executionTime()).contains(Instant.parse("2027-01-15T09:00:00Z"));
            assertThat(request.dueBy()).contains(Instant.parse("2027-01-16T10:00:00Z"));
        });
    }

    // a caller that did not receive the answer hands the request in again, perhaps long after it was sent
    @Test
    void whatWasAdmittedBeforeIsToldAgainThoughItsTimeHasPassed() {
        byte[] passed = request(
                SUPPLIER,
                METER,
                1,
                "4.1",
                "4.1.1",
                "<sr:ReadInstantaneousImportRegisters>"
                        + "<sr:ExecutionDateTime>2026-11-23T11:00:00.00Z</sr:ExecutionDateTime></sr:ReadInstantaneousImportRegisters>");
        byte[] another = request(
                SUPPLIER,
                METER,
                1,
                "4.1",
                "4.1.1",
                "<sr:ReadInstantaneousImportRegisters>"
                        + "<sr:ExecutionDateTime>2026-11-23T11:00:01.00Z</sr:ExecutionDateTime></sr:ReadInstantaneousImportRegisters>");
        earlier = passed;

        assertThat(admit(passed, Optional.empty(), Optional.of("c1")))
                .isInstanceOfSatisfying(Admission.Accepted.class, a -> {
                    assertThat(a.id()).isEqualTo("R9");
                    assertThat(a.repeated()).isTrue();
                    assertThat(a.requestId()).isEqualTo(SUPPLIER + ":" + METER + ":5001");
                });
        assertThat(onDisk).isEmpty();
        assertThat(admit(another, Optional.empty(), Optional.of("c1")))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.fault().code()).isEqualTo("PST-2109"));
        assertThat(admit(passed)).as("without its id").isInstanceOf(Admission.Refused.class);
    }

    @Test
    void anInvalidSubmissionIsRefusedAndStored() {
        Admission.Refused refused = (Admission.Refused) admit("<not<xml".getBytes(StandardCharsets.UTF_8));

        assertThat(refused.fault().code()).startsWith("PST-10");
        assertThat(onDisk)
                .singleElement()
                .satisfies(record -> assertThat(record.target().service()).isEmpty());
    }

    @Test
    void anOversizedSubmissionIsRefusedUnreadAndNotStoredCompletely() {
        Admission.Refused refused = (Admission.Refused) admit(new byte[200_000]);

        assertThat(refused.fault().code()).isEqualTo("PST-2100");
        assertThat(onDisk.get(0).original()).hasSizeLessThanOrEqualTo(1024);
    }

    @Test
    void whatTheOfficialSchemaRefusesIsNotAdmitted() {
        schema = document -> {
            throw new PosternException(
                    new Fault(DuisFault.SCHEMA_INVALID, "Body", "schema", "not valid", "correct it"));
        };

        Admission.Refused refused = (Admission.Refused)
                admit(request(SUPPLIER, METER, 1, "4.1", "4.1.1", "<sr:ReadInstantaneousImportRegisters/>"));

        assertThat(refused.fault().code()).isEqualTo("PST-1030");
    }

    @Test
    void aCorrelationIdThatTheLedgerCannotHoldIsRefusedForGoodAndOnRecord() {
        for (String id : List.of("c".repeat(301), "c\0")) {
            Admission.Refused refused = (Admission.Refused) admit(
                    request(SUPPLIER, METER, 1, "4.1", "4.1.1", "<sr:ReadInstantaneousImportRegisters/>"),
                    Optional.empty(),
                    Optional.of(id));

            assertThat(refused.worthRepeating()).isFalse();
            assertThat(refused.fault().code()).isEqualTo("PST-6014");
            assertThat(onDisk).last().satisfies(request -> {
                assertThat(request.refusal())
                        .hasValueSatisfying(text -> assertThat(text).contains("correlation id"));
                assertThat(request.origin().correlationId()).isEmpty();
            });
        }
    }

    @Test
    void aLedgerThatCannotWriteIsNoRefusalOfTheRequest() {
        ledgerFailure = new LedgerException(
                LedgerException.Kind.UNAVAILABLE, "ledger", "on disk first", "disk full", "make room");

        Admission.Refused refused = (Admission.Refused)
                admit(request(SUPPLIER, METER, 1, "4.1", "4.1.1", "<sr:ReadInstantaneousImportRegisters/>"));

        assertThat(refused.worthRepeating()).isTrue();
        assertThat(refused.fault().code()).isEqualTo("PST-6001");
    }

    static Stream<FaultCode> faultsThatASubmissionMayMeet() {
        return Stream.of(
                        CatalogueFault.values(),
                        DuisFault.values(),
                        GbcsFault.values(),
                        InventoryFault.values(),
                        KeyVaultException.Kind.values(),
                        LedgerException.Kind.values(),
                        SecurityLogFault.values(),
                        ServiceRequestFault.values())
                .flatMap(Stream::of);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faultsThatASubmissionMayMeet")
    void theRegistryDecidesWhetherARefusalIsTemporary(FaultCode kind) {
        schema = document -> {
            throw new PosternException(kind.fault("somewhere", "so"));
        };

        Admission.Refused refused = (Admission.Refused)
                admit(request(SUPPLIER, METER, 1, "4.1", "4.1.1", "<sr:ReadInstantaneousImportRegisters/>"));

        assertThat(refused.fault().kind()).isEqualTo(kind);
        assertThat(refused.worthRepeating()).isEqualTo(kind.mayPass());
        assertThat(refused.id().isPresent())
                .as("a refusal for good is on record")
                .isEqualTo(!kind.mayPass());
        assertThat(onDisk).hasSize(kind.mayPass() ? 0 : 1);
    }

    @Test
    void onlyWhatConcernsSupplyGetsTheFirstLane() {
        byte[] read = request(SUPPLIER, METER, 1, "4.1", "4.1.1", "<sr:ReadInstantaneousImportRegisters/>");
        admit(read, Optional.of(Lane.PREPAYMENT));
        byte[] enable = request(SUPPLIER, METER, 4, "7.1", "7.1", "<sr:EnableSupply/>");
        admit(enable, Optional.of(Lane.PREPAYMENT));

        assertThat(onDisk).extracting(NewRequest::lane).containsExactly(Lane.INTERACTIVE, Lane.PREPAYMENT);
        // offered in that lane without a further query
        assertThat(offered).containsExactly("DISPATCH INTERACTIVE R1", "DISPATCH PREPAYMENT R2");
    }

    private Admission admit(byte[] document) {
        return admit(document, Optional.empty());
    }

    private Admission admit(byte[] document, Optional<Lane> wish) {
        return admit(document, wish, Optional.empty());
    }

    private Admission admit(byte[] document, Optional<Lane> wish, Optional<String> correlationId) {
        Submission submission = new Submission(
                Channel.HTTP, Submission.Format.XML, document, Optional.empty(), correlationId, wish, "billing");
        return admitter()
                .admit(
                        submission,
                        () -> Draft.of(
                                new DuisReader(DuisLimits.DEFAULT).readRequest(document), wish, ledger.counters()));
    }

    private Admitter admitter() {
        ServiceCatalogue catalogue = new ServiceCatalogue();
        RoleRegistry roles = new RoleRegistry(catalogue, System::nanoTime, java.time.Duration.ZERO);
        roles.vault(FixedVault.of(Eui64.parse(SUPPLIER), Eui64.parse(NETWORK)));
        roles.add(new FixedRole(UserRole.IS, SUPPLIER, Set.of("4.1.1", "7.1", "8.2")));
        roles.add(new FixedRole(UserRole.ED, NETWORK, Set.of("8.2")));
        OutgoingRules outgoing = new OutgoingRules(
                DuisLimits.DEFAULT, new FirmwareRule(NO_DEVICES, ledger, new DuisReader(DuisLimits.DEFAULT)), schema);
        return new Admitter(
                new Admitter.Collaborators(
                        catalogue, roles, outgoing, NO_CREDENTIALS, ledger, offers, securityLog(), metrics(), NOON),
                new Admitter.Settings(Eui64.parse(ACB), 100_000, Duration.ofHours(1)));
    }

    private static byte[] request(
            String originator, String target, int cv, String reference, String variant, String body) {
        return ("<sr:Request xmlns:sr=\"http://www.dccinterface.co.uk/ServiceUserGateway\""
                        + " schemaVersion=\"5.4\"><sr:Header>"
                        + "<sr:RequestID>" + originator + ":" + target + ":77</sr:RequestID><sr:CommandVariant>" + cv
                        + "</sr:CommandVariant><sr:ServiceReference>" + reference
                        + "</sr:ServiceReference><sr:ServiceReferenceVariant>"
                        + variant + "</sr:ServiceReferenceVariant></sr:Header><sr:Body>" + body
                        + "</sr:Body></sr:Request>")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A ledger that only admits; what else it is asked is a fault of the test. */
    private Ledger ledger() {
        AtomicLong counter = new AtomicLong(5000);
        Counters counters = new ForwardingCounters() {
            @Override
            public long next(Eui64 originator) {
                return counter.incrementAndGet();
            }
        };
        return new ForwardingLedger() {
            @Override
            public Counters counters() {
                return counters;
            }

            @Override
            public Optional<RequestRecord> findByCorrelation(Channel channel, String correlationId) {
                return Optional.ofNullable(earlier)
                        .map(original -> new RequestRecord(
                                "R9",
                                Optional.of(RequestId.parse(SUPPLIER + ":" + METER + ":5001")),
                                new Origin(Channel.HTTP, Optional.of("c1"), Optional.empty(), "billing", "xml"),
                                Target.UNREAD,
                                Lane.ROUTINE,
                                new RequestRecord.Progress(RequestState.SENT, "", Optional.empty(), Optional.empty()),
                                RequestRecord.Sending.NONE,
                                new RequestRecord.Timing(Optional.empty(), Optional.empty(), 0),
                                NOON.instant(),
                                NOON.instant()));
            }

            @Override
            public Optional<RequestDocuments> documents(String id) {
                return Optional.of(new RequestDocuments(
                        earlier,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
            }

            @Override
            public Admitted admit(NewRequest request) {
                if (ledgerFailure != null) {
                    throw ledgerFailure;
                }
                onDisk.add(request);
                return new Admitted("R" + onDisk.size(), false);
            }
        };
    }

    private SecurityLog securityLog() {
        return new RecordingSecurityLog() {
            @Override
            public long append(SecurityEvent event) {
                logged.add(event);
                return super.append(event);
            }
        };
    }

    private static Metrics metrics() {
        return new Metrics() {
            @Override
            public void count(String name, String label, String value) {
                // what is counted is not this test's concern
            }

            @Override
            public void time(String name, long nanos) {
                // what is timed is not this test's concern
            }

            @Override
            public Map<String, Number> snapshot() {
                return Map.of();
            }
        };
    }

    private record FixedRole(UserRole role, String userId, Set<String> services) implements RoleBundle {
        @Override
        public String name() {
            return "test-" + role;
        }

        @Override
        public Optional<UserRoleProfile> profile() {
            return Optional.of(new UserRoleProfile(
                    role,
                    Eui64.parse(userId),
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
