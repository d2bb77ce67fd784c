package org.postern.benchmarks.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadTest {

    @Test
    void everyTenRequestsHaveTheShares() {
        for (Load load : new Load[] {Load.NON_CRITICAL, Load.MIXED, Load.only("7.1")}) {
            load.shares()
                    .forEach((service, share) -> assertThat(Collections.frequency(load.cycle(), service))
                            .as(load.name() + " " + service)
                            .isEqualTo(share));
        }
    }

    @Test
    void aServiceIsSpreadOverTheCycle() {
        assertThat(Load.MIXED.cycle().subList(0, 5)).contains("7.1");
        assertThat(Load.MIXED.cycle().subList(5, 10)).contains("7.1");
    }

    @Test
    void sharesThatAreNotAWholeAreRefused() {
        assertThatThrownBy(() -> new Load("half", Map.of("4.1.1", 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 of 10");
    }

    @Test
    void aServiceIsALoadToo() {
        assertThat(Load.named("mixed")).isEqualTo(Load.MIXED);
        assertThat(Load.named("11.2").shares()).isEqualTo(Map.of("11.2", 10));
    }
}
