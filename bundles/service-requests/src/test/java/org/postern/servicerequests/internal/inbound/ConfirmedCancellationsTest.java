package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.Bytes;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.ledger.Change;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Settlement;
import org.postern.servicerequests.internal.roles.RoleRegistry;
import org.postern.testkit.Await;
import org.postern.testkit.Rtds;

/** What a confirmed cancellation ends: what was still to come when the device answered, and only by a proven answer. */
class ConfirmedCancellationsTest extends InboundBench {

    private static final Instant NEVER = Instant.parse("3000-12-31T00:00:00Z");
    private static final Instant LATER = Instant.parse("2090-01-15T09:00:00Z");

    private static byte[] confirmation() {
        return Rtds.hex(Rtds.required().messages("2.1_ECS08").stream()
                .filter(file -> file.toString().contains("_CANCELLATION_SUCCESS_RESPONSE"))
                .findFirst()
                .orElseThrow());
    }

    private static RequestId before(RequestId cancelling) {
        return new RequestId(cancelling.originator(), cancelling.target(), cancelling.counter() - 1);
    }

    private String dated(RequestId request, Instant time) {
        String id = ledger.admit(new NewRequest(
                        new Origin(Channel.JMS, Optional.empty(), ReplyAddress.parse("replies"), "crm", "xml"),
                        new byte[] {1},
                        Optional.of(request),
                        new Target(
                                Optional.of(UserRole.IS),
                                Optional.of("2.1"),
                                Optional.of(CommandVariant.CV4),
                                Optional.of(request.target())),
                        Lane.ROUTINE,
                        Optional.of(new byte[] {1}),
                        Optional.of(time),
                        Optional.empty(),
                        Optional.empty()))
                .id();
        assertThat(ledger.apply(Change.of(id)
                        .from(RequestState.ADMITTED)
                        .to(RequestState.SENT, "test")
                        .wire(ServiceEndpoint.SEND_COMMAND, new byte[] {1})))
                .isTrue();
        return id;
    }

    private String accepted(RequestId request, Instant time) {
        String id = dated(request, time);
        assertThat(ledger.apply(Change.of(id).to(RequestState.ACCEPTED_BY_DEVICE, "test")))
                .isTrue();
        return id;
    }

    private void confirm(RequestId cancelling) {
        process(answer(cancelling, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(confirmation())))));
    }

    private OutboxEntry result(String id) {
        assertThat(ledger.deliveriesOf(id)).hasSize(1);
        return ledger.deliveriesOf(id).get(0);
    }

    // a device answers a cancellation with success whether or not anything was pending
    @Test
    void aRequestDueBeforeTheConfirmationIsNotReportedAsCancelled() throws Exception {
        RequestId cancelling = asked(confirmation());
        Instant time = CLOCK.instant().plusSeconds(2);
        String pending = accepted(before(cancelling), time);
        String by = dated(cancelling, NEVER);
        assertThat(ledger.find(by).orElseThrow().createdAt()).isBefore(time);
        Await.until(
                "its time has come",
                Duration.ofSeconds(30),
                () -> CLOCK.instant().isAfter(time.plusMillis(1)));
        confirm(cancelling);

        assertThat(state(by)).isEqualTo(RequestState.RESPONDED);
        assertThat(state(pending)).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        assertThat(ledger.deliveriesOf(pending)).isEmpty();
        assertThat(result(by).headers())
                .doesNotContainKey("cancels")
                .containsEntry("outcome", "success")
                .containsEntry(
                        "flag",
                        "not known to be cancelled, its execution time was before the answer to the" + " cancellation: "
                                + before(cancelling));
        assertThat(dated.cancellationOf(ledger.find(pending).orElseThrow()))
                .as("neither where its acceptance is overtaken")
                .isEmpty();
    }

    @Test
    void anAnswerThatNobodyCheckedCancelsNothingElse() {
        GbcsParser blind = GbcsParser.over(
                new KeyFolder(folder, EC, new GbcsCrypto(EC)),
                EC,
                new SharedSecretCache(10),
                Eui64.parse("90B3D51F30000002"));
        ServiceCatalogue catalogue = new ServiceCatalogue();
        Settlement settlement = new Settlement(new Settlement.Collaborators(
                new DuisReader(DuisLimits.DEFAULT),
                blind,
                ResponseCodes.standard(),
                catalogue,
                new RoleRegistry(catalogue, System::nanoTime, Duration.ZERO),
                ledger,
                new Progress(ledger, offers, new NoMetrics()),
                log,
                new NoMetrics(),
                dated,
                Clock.systemUTC()));
        processor = new Processor(ledger, settlement, new NoMetrics(), System::nanoTime);
        RequestId cancelling = asked(confirmation());
        String pending = accepted(before(cancelling), LATER);
        String by = dated(cancelling, NEVER);
        confirm(cancelling);

        assertThat(state(by)).isEqualTo(RequestState.RESPONDED);
        assertThat(result(by).headers())
                .containsEntry("outcome", "success")
                .containsEntry("authenticated", "no")
                .doesNotContainKey("cancels")
                .hasEntrySatisfying("flag", flag -> assertThat(flag).contains("no request is cancelled"));
        assertThat(state(pending)).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        assertThat(ledger.deliveriesOf(pending)).isEmpty();
        assertThat(dated.cancellationOf(ledger.find(pending).orElseThrow()))
                .as("neither where its acceptance is overtaken")
                .isEmpty();
    }
}
