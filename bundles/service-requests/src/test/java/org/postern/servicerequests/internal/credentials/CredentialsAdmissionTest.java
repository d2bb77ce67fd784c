package org.postern.servicerequests.internal.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Lane;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLogFault;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.internal.lifecycle.Results;

/**
 * The pre-checks of credentials through admission: a real ledger, the throwaway PKI, the order of checking, raising,
 * logging and numbering.
 */
class CredentialsAdmissionTest extends CredentialsAdmissionBench {

    @Test
    void everyServiceIsAdmittedWithCertificatesOfTheTemporaryPki() {
        for (DuisRequest request : one()) {
            Admission.Accepted accepted = accepted(request, null);
            assertThat(ledger.find(accepted.id()).map(RequestRecord::state)).contains(RequestState.ADMITTED);
            assertThat(logged).last().isInstanceOfSatisfying(SecurityEvent.CredentialsAdmitted.class, event -> {
                assertThat(event.object()).isEqualTo(accepted.requestId());
                assertThat(event.service()).isEqualTo(request.serviceReferenceVariant());
                assertThat(event.actor()).isEqualTo("crm");
            });
        }
        assertThat(logged).hasSize(one().size());
        assertThat(logged.get(0)).isInstanceOfSatisfying(SecurityEvent.CredentialsAdmitted.class, event -> {
            assertThat(event.party()).isEqualTo("Supplier");
            assertThat(event.euis()).containsExactly(SUPPLIER.dashed());
            assertThat(event.serials()).hasSize(3).allMatch(serial -> serial.matches("[0-9A-F]+"));
        });
        assertThat(metrics.snapshot())
                .containsEntry("postern_credentials_total{outcome=\"admitted\"}", (long) one().size());
    }

    @Test
    void aRefusalIsRejectedOnDiskLoggedAsItsOwnKindAndSpendsNoCounter() {
        DuisRequest wrong = handover("Supplier", NETWORK, false);

        Fault fault = refused(wrong);

        assertThat(fault.code()).isEqualTo("PST-2133");
        assertThat(fault.field())
                .isEqualTo(
                        "Body/RequestHandoverOfDCCControlledDevice/ReplacementCertificates/DigitalSigningCertificate");
        assertThat(ledger.requests(RequestFilter.newest(10))).singleElement().satisfies(record -> {
            assertThat(record.state()).isEqualTo(RequestState.REJECTED);
            assertThat(record.progress().cause()).startsWith("PST-2133");
            assertThat(record.requestId()).isEmpty();
        });
        assertThat(logged).singleElement().isInstanceOfSatisfying(SecurityEvent.CredentialsRefused.class, event -> {
            assertThat(event.id()).isEqualTo("SL-402");
            assertThat(event.faultCode()).isEqualTo("PST-2133");
            assertThat(event.field()).isEqualTo(fault.field());
            assertThat(event.party()).isEqualTo("Supplier");
            assertThat(event.channel()).isEqualTo("http");
        });
        assertThat(ledger.counters().highest(SUPPLIER)).isZero();
        assertThat(metrics.snapshot())
                .containsEntry("postern_credentials_total{outcome=\"refused\"}", 1L)
                .containsKey("postern_credential_findings_total{code=\"PST-2139\"}");
    }

    @Test
    void ourCountersGoOnAboveAFloorFromAdmissionOn() {
        long floor = CLOCK.millis() + 3_600_000;

        Admission.Accepted first = accepted(ownCredentials(floor, 5L << 32), null);

        assertThat(RequestId.parse(first.requestId()).counter()).isGreaterThan(floor);
        assertThat(ledger.counters().next(SUPPLIER)).isGreaterThan(floor);
        assertThat(ledger.counters().nextPrepayment(SUPPLIER, meter)).isEqualTo(6L << 32);
        assertThat(refused(ownCredentials(floor, 6L << 32)).code())
                .as("the same floor is below the counters now")
                .isEqualTo("PST-2140");
    }

    @Test
    void aFloorBelowAnyCounterUsedIsRefusedAndARefusalRaisesNothing() {
        long used = ledger.counters().next(SUPPLIER);

        assertThat(refused(ownCredentials(used - 1, 0))).satisfies(fault -> {
            assertThat(fault.code()).isEqualTo("PST-2140");
            assertThat(fault.rule()).contains(Long.toString(used));
            assertThat(fault.field()).endsWith("UpdateSecurityCredentialsKRP/RemotePartyFloorSeqNumber");
        });
        refused(ownCredentials(CLOCK.millis() + 3_600_000, (5L << 32) + 1));
        assertThat(ledger.counters().next(SUPPLIER)).isEqualTo(used + 1);
        accepted(ownCredentials(used + 1, 0), null);
    }

    @Test
    void aRepeatedSubmissionIsTheSameRequestAlthoughItsFloorIsPassed() {
        DuisRequest request = ownCredentials(CLOCK.millis() + 3_600_000, 1L << 32);
        Admission.Accepted first = accepted(request, "rotation-1");
        long highest = ledger.counters().highest(SUPPLIER);

        Admission.Accepted again = accepted(request, "rotation-1");

        assertThat(again.repeated()).isTrue();
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(ledger.counters().highest(SUPPLIER)).isEqualTo(highest);
    }

    @Test
    void withoutASecurityLogNothingIsAdmitted() {
        logFailure = new PosternException(
                new Fault(SecurityLogFault.NOT_WRITABLE, "security-log", "on disk first", "disk full", "make room"));

        Admission admission = admit(ownCredentials(0, 0), null);

        assertThat(((Admission.Refused) admission).worthRepeating()).isTrue();
        assertThat(ledger.requests(RequestFilter.newest(10))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "6.15.1, success, 6.24.1",
        "6.21, success, 6.24.1",
        "6.23, actioned, 6.24.1",
        "6.15.2, success, 6.24.2",
        "6.15.1, accepted-by-device, ''",
        "6.15.1, failed, ''",
        "6.17, success, ''",
        "7.1, success, ''"
    })
    void aResultOfAReplacementNamesTheServiceToReadItBack(String service, String outcome, String postCheck) {
        RequestRecord record = new RequestRecord(
                "R1",
                Optional.empty(),
                new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "xml"),
                new Target(
                        Optional.of(UserRole.IS),
                        Optional.of(service),
                        Optional.of(CommandVariant.CV4),
                        Optional.of(meter)),
                Lane.ROUTINE,
                new RequestRecord.Progress(RequestState.SENT, "", Optional.empty(), Optional.empty()),
                RequestRecord.Sending.NONE,
                new RequestRecord.Timing(Optional.empty(), Optional.empty(), 0),
                CLOCK.instant(),
                CLOCK.instant());

        Map<String, String> headers = Results.headers(record, Outcome.of(outcome));

        assertThat(headers.getOrDefault("postCheck", "")).isEqualTo(postCheck);
    }
}
