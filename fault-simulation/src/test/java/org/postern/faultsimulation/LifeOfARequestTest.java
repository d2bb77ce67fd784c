package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.postern.ledger.RequestState;

/** The oracle's table of the life of a request is the product's, though it was written apart; and it can say no. */
class LifeOfARequestTest {

    private final LifeOfARequest life = new LifeOfARequest();

    @Test
    void itIsTheProductsTable() {
        for (RequestState state : RequestState.values()) {
            assertThat(life.next(state.name()))
                    .as(state.name())
                    .isEqualTo(state.next().stream().map(Enum::name).collect(Collectors.toSet()));
        }
    }

    @Test
    void whatGoesBackSkipsOrGoesOnAfterItsEndIsWrong() {
        assertThat(life.wrong(List.of("RECEIVED", "ADMITTED", "SENT", "ACKNOWLEDGED", "RESPONDED", "DELIVERED")))
                .isEmpty();
        assertThat(life.wrong(List.of())).isPresent();
        assertThat(life.wrong(List.of("SENT", "ACKNOWLEDGED"))).isPresent();
        assertThat(life.wrong(List.of("ADMITTED", "ACKNOWLEDGED"))).isPresent();
        assertThat(life.wrong(List.of("ADMITTED", "SENT", "ACKNOWLEDGED", "SENT")))
                .isPresent();
        assertThat(life.wrong(List.of("ADMITTED", "REJECTED", "SENT"))).isPresent();
    }
}
