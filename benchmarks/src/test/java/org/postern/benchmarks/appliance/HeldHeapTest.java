package org.postern.benchmarks.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class HeldHeapTest {

    private static HeldHeap held(long... kibibytes) {
        HeldHeap held = new HeldHeap();
        for (int i = 0; i < kibibytes.length; i++) {
            held.add(1000L * (i + 1), kibibytes[i]);
        }
        return held;
    }

    @Test
    void whatFillsUpAndThenStaysIsFlat() {
        HeldHeap held = held(60_000, 90_000, 110_000, 118_000, 119_000, 120_000, 119_500, 120_500, 120_000, 120_000);
        assertThat(held.flat()).isTrue();
        assertThat(held.verdict()).startsWith("heap flat");
    }

    @Test
    void whatGrowsWithTheRequestsIsNot() {
        HeldHeap held = held(100_000, 102_000, 104_000, 106_000, 108_000, 110_000, 112_000, 114_000, 116_000, 118_000);
        assertThat(held.growth()).isCloseTo(18_000 / 114_000.0, within(1e-9));
        assertThat(held.flat()).isFalse();
        assertThat(held.verdict()).startsWith("heap GROWS");
    }

    @Test
    void theNumbersAreInTheJson() {
        ObjectNode json = held(100, 100, 100, 100).json(new ObjectMapper().createObjectNode());
        assertThat(json.path("tenths")).hasSize(4);
        assertThat(json.path("tenths").get(1).path("heldKibibytes").asLong()).isEqualTo(100);
    }
}
