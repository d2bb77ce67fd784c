package org.postern.benchmarks.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FloorsTest {

    private final ServiceNeeds table = ServiceNeeds.load();

    @Test
    void theTableKnowsEveryServiceOfTheLoadsAndEveryOperation() {
        for (Load load : new Load[] {Load.NON_CRITICAL, Load.MIXED}) {
            assertThat(table.of(load).counts().keySet()).containsExactlyInAnyOrder(Operation.values());
        }
    }

    @Test
    void aCriticalServiceNeedsMore() {
        Map<Operation, Double> critical = table.of(Load.only("7.1")).counts();
        Map<Operation, Double> read = table.of(Load.only("4.1.1")).counts();
        assertThat(critical.get(Operation.SIGN)).isGreaterThan(read.get(Operation.SIGN));
        assertThat(critical.get(Operation.TLS_CLIENT)).isEqualTo(read.get(Operation.TLS_CLIENT) + 1);
    }

    @Test
    void aMixIsTheMeanByItsShares() {
        ServiceNeeds.Needs mixed = table.of(new Load("half", Map.of("4.1.1", 5, "8.2", 5)));
        assertThat(mixed.counts().get(Operation.TLS_SERVER)).isEqualTo(0.5);
        assertThat(mixed.keptBytes())
                .isCloseTo(
                        (table.of(Load.only("4.1.1")).keptBytes()
                                        + table.of(Load.only("8.2")).keptBytes())
                                / 2,
                        within(1e-6));
    }

    @Test
    void aFloorIsEveryOperationAsOftenAsItIsNeeded() {
        Map<Operation, Double> micros = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            micros.put(operation, 100.0);
        }
        ServiceNeeds.Needs needs = new ServiceNeeds.Needs(
                Map.of(Operation.SIGN, 3.0, Operation.TLS_CLIENT, 2.0, Operation.HTTP_SERVER, 1.0), 1, 1, 1);
        Floors floors = new Floors(micros);
        assertThat(floors.millis(needs, false)).isCloseTo(0.5, within(1e-9));
        assertThat(floors.millis(needs, true)).isCloseTo(0.6, within(1e-9));
        assertThat(floors.table(Load.MIXED, needs)).contains(Operation.SIGN.title(), "3.0 =    300.0 us");
    }

    @Test
    void aServiceWithoutARowIsRefused() {
        assertThatThrownBy(() -> table.of(Load.only("9.9")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9.9");
    }
}
