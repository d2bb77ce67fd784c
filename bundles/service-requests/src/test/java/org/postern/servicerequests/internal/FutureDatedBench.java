package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Transition;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.servicerequests.Submission;
import org.postern.simulator.pki.SimulatorPki;

/** Future-dated requests with the complete life cycle and the simulated DCC. */
abstract class FutureDatedBench {

    /** ECS02, credit mode: what 1.6 becomes for an electricity meter. */
    static final int CREDIT_MODE = 0x001A;

    static final Duration GRACE = Duration.ofMinutes(10);

    @TempDir
    static Path pkiFolder;

    static SimulatorPki pki;

    @TempDir
    Path folder;

    FullLifeCycle line;
    DeviceMessages device;
    final Instant time = Instant.now().plus(Duration.ofDays(10)).truncatedTo(ChronoUnit.SECONDS);

    @BeforeAll
    static void throwawayPki() {
        pki = FullLifeCycle.pki(pkiFolder);
    }

    @BeforeEach
    void open() throws Exception {
        line = new FullLifeCycle(folder, pki);
        device = new DeviceMessages(pki);
    }

    @AfterEach
    void close() throws Exception {
        line.close();
    }

    Eui64 meter() {
        return line.simulator.population().devices(DeviceType.ESME).get(0).deviceId();
    }

    RequestRecord admit(String service, String body) {
        String json = "{\"service\":\"" + service + "\",\"device\":\"" + meter().dashed()
                + "\",\"role\":\"IS\",\"body\":" + body + "}";
        Admission admission = line.line.admit(new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                json.getBytes(StandardCharsets.UTF_8),
                ReplyAddress.parse("queue:crm"),
                Optional.empty(),
                Optional.empty(),
                "crm"));
        assertThat(admission).as("admission of %s", json).isInstanceOf(Admission.Accepted.class);
        return line.ledger.find(((Admission.Accepted) admission).id()).orElseThrow();
    }

    RequestRecord creditModeAt(Instant when) {
        return admit("1.6", "{\"ExecutionDateTime\":\"" + when + "\",\"Credit\":{}}");
    }

    RequestRecord accepted() throws Exception {
        RequestRecord request = creditModeAt(time);
        RequestRecord now = line.await(
                request.id(), RequestState.ACCEPTED_BY_DEVICE, RequestState.DELIVERED, RequestState.NOT_CORRELATED);
        assertThat(now.state()).as(now.progress().cause()).isEqualTo(RequestState.ACCEPTED_BY_DEVICE);
        return now;
    }

    void report(RequestRecord request, boolean actioned, int number, int total) {
        CallbackVerdict verdict = line.line.receive(
                device.outcome(
                        request.requestId().orElseThrow().toString(), "1.6", CREDIT_MODE, actioned, number, total),
                "CN=dcc");
        assertThat(verdict).isInstanceOf(CallbackVerdict.Stored.class);
    }

    List<RequestState> path(String id) {
        return line.ledger.path(id).stream().map(Transition::to).toList();
    }

    Optional<OutboxEntry> result(String id, String outcome) {
        return line.deliveries(id).stream()
                .filter(entry -> outcome.equals(entry.headers().get("outcome")))
                .findFirst();
    }

    void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
