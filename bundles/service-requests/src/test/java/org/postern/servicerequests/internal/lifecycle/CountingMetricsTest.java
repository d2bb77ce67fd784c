package org.postern.servicerequests.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CountingMetricsTest {

    /** The base unit of Prometheus, and the two names that go together. */
    @Test
    void durationsAreInSeconds() {
        CountingMetrics metrics = new CountingMetrics();
        metrics.time("postern_process", 1_250_000_000L);
        metrics.time("postern_process", 250_000_000L);
        metrics.count("postern_parsed_total", "result", "mmc");
        assertThat(metrics.snapshot())
                .isEqualTo(Map.of(
                        "postern_parsed_total{result=\"mmc\"}",
                        1L,
                        "postern_process_seconds_count",
                        2L,
                        "postern_process_seconds_sum",
                        1.5));
    }
}
