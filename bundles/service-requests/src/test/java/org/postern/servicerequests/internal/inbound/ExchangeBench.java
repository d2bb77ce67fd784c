package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisResponse;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.GatewayStatus;
import org.postern.ledger.Change;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.servicerequests.internal.lifecycle.Attempts;
import org.postern.servicerequests.internal.lifecycle.Backoff;
import org.postern.servicerequests.internal.lifecycle.Dispatcher;
import org.postern.servicerequests.internal.lifecycle.Endings;
import org.postern.servicerequests.internal.lifecycle.ExchangedAnswers;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Sender;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;
import org.postern.servicerequests.internal.reading.OwnDocuments;

/** Requests that are sent, and what the DCC answers in the exchange, over a real ledger. */
abstract class ExchangeBench extends InboundBench {

    final Deque<Exchange> exchanges = new ArrayDeque<>();
    final ForwardClock clock = new ForwardClock();
    Dispatcher dispatcher;
    TrustedClock trusted;
    int posts;
    /** Done while an exchange is on its way. */
    Runnable meanwhile = () -> {};

    /** A clock that each attempt finds so far on that the next is due. */
    static final class ForwardClock extends Clock {

        Instant now = Instant.parse("2026-11-28T18:00:00Z");

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }

        /** Time that passes on the wall passes on the monotonic clock as well. */
        long nanos() {
            return java.util.concurrent.TimeUnit.MILLISECONDS.toNanos(now.toEpochMilli());
        }
    }

    @BeforeEach
    void dispatcher() {
        dispatcher(5);
    }

    /** A dispatcher without cached data, as after a restart. */
    void dispatcher(int tries) {
        dispatcher(tries, Duration.ofDays(4000));
    }

    void dispatcher(int tries, Duration giveUpAfter) {
        DccGateway gateway = new DccGateway() {
            @Override
            public Exchange post(Lane lane, ServiceEndpoint endpoint, byte[] signedDuis) {
                assertThat(endpoint).isIn(ServiceEndpoint.SEND_COMMAND, ServiceEndpoint.TRANSFORM);
                posts++;
                meanwhile.run();
                return exchanges.size() > 1 ? exchanges.poll() : exchanges.peek();
            }

            @Override
            public GatewayStatus status() {
                throw new IllegalStateException("nobody asks how the gateway is");
            }
        };
        trusted = new TrustedClock(clock, clock::nanos, new NoMetrics());
        Progress progress = new Progress(seen, offers, new NoMetrics());
        DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
        Attempts attempts = new Attempts(trusted, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60)), tries);
        ExchangedAnswers answers =
                new ExchangedAnswers(ledger, documents, reader, settlement, null, progress, attempts, trusted);
        dispatcher = new Dispatcher(
                seen,
                new OwnDocuments(ledger, reader),
                offers,
                new Sender(null, gateway, answers, progress, attempts, new NoMetrics(), trusted::nanos),
                null,
                new Endings(seen, progress, dated, trusted, giveUpAfter),
                progress,
                attempts);
    }

    /** Signed, and as after an attempt by which nothing went out. */
    @Override
    String sent(RequestId request, String service) {
        String id = super.sent(request, service);
        assertThat(ledger.apply(Change.of(id).from(RequestState.SENT).retry(0, Instant.EPOCH, "not sent")))
                .isTrue();
        return id;
    }

    void steps(String id, int most) {
        for (int i = 0; i < most; i++) {
            clock.now = clock.now.plusSeconds(61);
            dispatcher.step(id);
            // what the step has written without waiting is on disk before a later write is; what follows from that as
            // well
            ledger.deliveryFailed("none", Instant.EPOCH);
            ledger.deliveryFailed("none", Instant.EPOCH);
        }
    }

    Exchange answered(DuisResponse response) {
        return new Exchange.Answered(signed(response));
    }

    String handedToTransform(long counter, String service) {
        RequestId request = new RequestId(USER, METER, counter);
        String id = ledger.admit(new NewRequest(
                        new Origin(Channel.JMS, Optional.empty(), ReplyAddress.parse("replies"), "crm", "xml"),
                        new byte[] {1},
                        Optional.of(request),
                        new Target(
                                Optional.of(UserRole.IS),
                                Optional.of(service),
                                Optional.of(CommandVariant.CV4),
                                Optional.of(METER)),
                        Lane.ROUTINE,
                        Optional.of(new byte[] {1}),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .id();
        ledger.apply(
                Change.of(id).wire(ServiceEndpoint.TRANSFORM, new byte[] {1}).to(RequestState.TRANSFORM_SENT, "test"));
        return id;
    }
}
