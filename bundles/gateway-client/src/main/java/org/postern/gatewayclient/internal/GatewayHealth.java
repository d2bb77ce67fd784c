package org.postern.gatewayclient.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Fault;
import org.postern.gatewayclient.GatewayFault;

/**
 * Whether the DCC can be reached, according to the last exchanges and probes. A single failure is not reported; two in
 * a row are.
 */
final class GatewayHealth {

    private static final int MIN_FAILURES = 2;
    private static final Duration PROBE_WHILE_FAILING = Duration.ofSeconds(5);

    private final Clock clock;
    private int failures;
    private String reason = "";
    private @Nullable Instant reachedAt;
    private long lastOutcomeAt = System.nanoTime();
    private boolean anyOutcome;

    GatewayHealth(Clock clock) {
        this.clock = clock;
    }

    /** The DCC was reached, whatever its answer was. */
    synchronized @Nullable Void reached() {
        failures = 0;
        reachedAt = clock.instant();
        lastOutcomeAt = System.nanoTime();
        anyOutcome = true;
        return null;
    }

    synchronized @Nullable Void failed(String why) {
        failures++;
        reason = why;
        lastOutcomeAt = System.nanoTime();
        anyOutcome = true;
        return null;
    }

    /** True where there was no exchange or probe for that time, or the last one failed and some seconds have passed. */
    synchronized boolean due(Duration quiet) {
        Duration wait = failures > 0 && PROBE_WHILE_FAILING.compareTo(quiet) < 0 ? PROBE_WHILE_FAILING : quiet;
        return !anyOutcome || System.nanoTime() - lastOutcomeAt >= wait.toNanos();
    }

    synchronized Optional<Fault> trouble() {
        return failures < MIN_FAILURES
                ? Optional.empty()
                : Optional.of(GatewayFault.UNREACHABLE.fault(
                        "DCC",
                        reason + "; "
                                + (reachedAt == null ? "never reached since start" : "last reached " + reachedAt)));
    }
}
