package org.postern.benchmarks.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ResultTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Reading reading(int seconds, long finished, long applianceMillis) {
        return new Reading(
                seconds * 1_000_000_000L,
                finished,
                new CpuTime(applianceMillis, applianceMillis),
                new CpuTime(seconds * 100L, 0),
                new CpuTime(0, seconds * 50L),
                new MachineTime(seconds * 1500L, seconds * 2000L));
    }

    @Test
    void aWindowIsWhatEachRequestCost() {
        Window window = Window.between(reading(10, 1000, 100), reading(20, 1500, 600));
        assertThat(window.requests()).isEqualTo(500);
        assertThat(window.applianceMillis()).isEqualTo(2.0);
        assertThat(window.kernelMillis()).isEqualTo(1.0);
        assertThat(window.simulatorMillis()).isEqualTo(2.0);
        assertThat(window.driverMillis()).isEqualTo(1.0);
        assertThat(window.perSecond()).isEqualTo(50);
        assertThat(window.othersShare()).isEqualTo((15_000 - 1000 - 1000 - 500) / 20_000.0);
    }

    @Test
    void aWindowWithoutAResultIsNone() {
        assertThatThrownBy(() -> Window.between(reading(1, 7, 1), reading(2, 7, 2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLineOfJsonHasTheAgreedFields() throws IOException {
        Series series = new Series();
        for (int i = 1; i <= 3; i++) {
            series.add(Window.between(reading(10, 1000, 100), reading(20, 1500, 100 + 500L * i)));
        }
        JsonNode json = JSON.readTree(new Result(series, 17_321.4, 2)
                .json(JSON.createObjectNode(), 1.6)
                .toString());
        assertThat(json.path("applianceCpuMillis").asDouble()).isEqualTo(4.0);
        assertThat(json.path("floorsCpuMillis").asDouble()).isEqualTo(1.6);
        assertThat(json.path("ratio").asDouble()).isEqualTo(2.5);
        assertThat(json.path("requestsPerSecond").asInt()).isEqualTo(286);
        assertThat(json.path("ledgerBytesPerRequest").asInt()).isEqualTo(17_321);
        assertThat(series.steady()).isFalse();
        assertThat(series.spread()).isEqualTo(2.0);
    }

    @Test
    void withoutFloorsThereIsNoRatio() {
        Series series = new Series();
        series.add(Window.between(reading(10, 1000, 100), reading(20, 1500, 600)));
        assertThat(new Result(series, 1, 2).json(JSON.createObjectNode(), null).has("ratio"))
                .isFalse();
    }
}
