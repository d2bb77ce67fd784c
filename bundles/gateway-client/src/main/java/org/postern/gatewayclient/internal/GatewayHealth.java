package org.postern.gatewayclient.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Fault;
import org.postern.gatewayclient.GatewayFault;

/**
 * Whether the DCC can be reached, by the last exchanges and probes. One failure among answers is no news; two in a row
 * are.
 */
final class GatewayHealth {

    private static final int NEWS = 2;
    private static final Duration WHILE_FAILING = Duration.ofSeconds(5);

    private final Clock clock;
    private int failures;
    private String reason = "";
    private @Nullable Instant reachedAt;
    private long heardAt = System.nanoTime();
    private boolean heard;

    GatewayHealth(Clock clock) {
        this.clock = clock;
    }

    /** The DCC answered, whatever its answer was. */
    synchronized @Nullable Void reached() {
        failures = 0;
        reachedAt = clock.instant();
        heardAt = System.nanoTime();
        heard = true;
        return null;
    }

    synchronized @Nullable Void failed(String why) {
        failures++;
        reason = why;
        heardAt = System.nanoTime();
        heard = true;
        return null;
    }

    /** True where nothing was heard for so long, or the last thing heard was bad and some seconds have passed. */
    synchronized boolean due(Duration quiet) {
        Duration wait = failures > 0 && WHILE_FAILING.compareTo(quiet) < 0 ? WHILE_FAILING : quiet;
        return !heard || System.nanoTime() - heardAt >= wait.toNanos();
    }

    synchronized Optional<Fault> trouble() {
        return failures < NEWS
                ? Optional.empty()
                : Optional.of(GatewayFault.UNREACHABLE.fault(
                        "DCC",
                        reason + "; "
                                + (reachedAt == null ? "never reached since start" : "last reached " + reachedAt)));
    }
}
