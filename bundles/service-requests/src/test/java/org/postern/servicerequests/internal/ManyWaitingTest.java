package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.simulator.dcc.FaultRule;

/** More requests than one page of the ledger wait for the DCC, through the whole line. */
class ManyWaitingTest extends OnFullLifeCycle {

    private static final int REQUESTS = 2500;
    private static final long PATIENCE_NANOS = Duration.ofMinutes(4).toNanos();

    @Test
    void allWaitingRequestsAreSentWhenTheDccIsBackAlsoAfterAPause() throws Exception {
        line.simulator.faults().add(FaultRule.parse("unreachable 3600"));
        Set<String> ids =
                IntStream.range(0, REQUESTS).parallel().mapToObj(this::admit).collect(Collectors.toSet());
        assertThat(ids).hasSize(REQUESTS);
        await("each has been sent without success, and waits", () -> waiting() == REQUESTS);
        assertThat(line.ledger.counts()).isEqualTo(Map.of(RequestState.IN_DOUBT, (long) REQUESTS));

        // The process is paused for longer than any interval, and the DCC is available again.
        line.clock.forward(Duration.ofSeconds(45));
        line.simulator.faults().clear();

        await(
                "all are sent and answered",
                () -> line.ledger.counts().equals(Map.of(RequestState.DELIVERED, (long) REQUESTS)));
        assertThat(line.deliveredIds)
                .as("one result each, once")
                .hasSize(REQUESTS)
                .doesNotHaveDuplicates();
        // work that is queued or running during a sweep counts as in progress
        await("a sweep has looked", () -> line.line.lastSweep().isPresent());
        assertThat(line.line.lastSweep().orElseThrow().found().all()).isZero();
        assertThat(line.metrics.snapshot().keySet()).noneMatch(name -> name.startsWith("postern_sweep_found_total"));
    }

    private long waiting() {
        return line.ledger
                .retriesDue(line.clock.instant().plus(Duration.ofHours(1)), Optional.empty(), 2 * REQUESTS)
                .size();
    }

    private String admit(int number) {
        List<Eui64> meters = line.simulator.population().devices(DeviceType.ESME).stream()
                .map(d -> d.deviceId())
                .toList();
        String json = "{\"service\":\"4.1.1\",\"device\":\""
                + meters.get(number % meters.size()).dashed() + "\",\"role\":\"IS\",\"body\":{}}";
        Admission admission = line.line.admit(new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                json.getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.of("many-" + number),
                Optional.empty(),
                "crm"));
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        return ((Admission.Accepted) admission).id();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
