package org.postern.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.duis.DuisLimits;
import org.postern.duis.JsonRequests;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

class AskTest {

    private final Population population = new Population(1, 50);
    private final List<Ask> plan = Ask.plan(population);

    @Test
    void thereAreAtLeastTwoHundredAndEveryDoorCarriesEveryService() {
        assertThat(plan).hasSizeGreaterThanOrEqualTo(200);
        for (Ask.Door door : Ask.Door.values()) {
            assertThat(plan.stream()
                            .filter(a -> a.door() == door)
                            .map(Ask::service)
                            .distinct())
                    .containsExactlyInAnyOrder("4.1.1", "11.2", "7.1", "8.2");
        }
    }

    @Test
    void everyRequestIsOneThatTheAppliancesReaderUnderstands() {
        JsonRequests reader = new JsonRequests(new ServiceCatalogue(), DuisLimits.DEFAULT);
        assertThat(plan)
                .isNotEmpty()
                .allSatisfy(ask -> assertThat(reader.read(ask.json().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                .service()
                                .variant())
                        .isEqualTo(ask.service()));
    }

    @Test
    void theMeterWhosePreCommandIsAlteredIsAskedByNobodyElse() {
        SimulatedDevice kept = population.devices(DeviceType.ESME).get(0);
        assertThat(plan)
                .isNotEmpty()
                .noneMatch(ask -> ask.device().equals(kept) && ask.service().equals("7.1"));
    }
}
