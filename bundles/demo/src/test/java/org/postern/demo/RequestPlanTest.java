package org.postern.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.duis.DuisLimits;
import org.postern.duis.JsonRequests;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

class RequestPlanTest {

    private final Population population = new Population(1, 50);
    private final List<RequestPlan.Planned> plan = RequestPlan.ordinary(population);

    @Test
    void thereAreAtLeastTwoHundredRequestsAndEveryInterfaceCarriesEveryService() {
        assertThat(plan).hasSizeGreaterThanOrEqualTo(200);
        for (Channel channel : RequestPlan.CHANNELS) {
            assertThat(plan.stream()
                            .filter(a -> a.channel() == channel)
                            .map(planned -> planned.request().service())
                            .distinct())
                    .containsExactlyInAnyOrder("4.1.1", "11.2", "7.1", "8.2");
        }
    }

    @Test
    void aFutureDatedRequestIsReadAndATopUpNamesItsAmount() {
        JsonRequests reader = new JsonRequests(new ServiceCatalogue(), DuisLimits.DEFAULT);
        SimulatedDevice meter = population.devices(DeviceType.ESME).get(1);
        String dated = RequestPlan.futureDated(meter, java.time.Instant.parse("2026-11-30T12:00:00.5Z"));
        assertThat(reader.read(dated.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .service()
                        .variant())
                .isEqualTo("1.6");
        assertThat(RequestPlan.topUp(meter, 1250)).contains("\"topUp\":{\"pence\":1250}");
    }

    @Test
    void everyRequestIsOneThatTheAppliancesReaderUnderstands() {
        JsonRequests reader = new JsonRequests(new ServiceCatalogue(), DuisLimits.DEFAULT);
        assertThat(plan)
                .isNotEmpty()
                .allSatisfy(planned -> assertThat(
                                reader.read(planned.request().json().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                        .service()
                                        .variant())
                        .isEqualTo(planned.request().service()));
    }

    @Test
    void theMeterWhosePreCommandIsAlteredGetsNoOtherCriticalRequest() {
        SimulatedDevice reserved = population.devices(DeviceType.ESME).get(0);
        assertThat(plan)
                .isNotEmpty()
                .noneMatch(planned -> planned.request().device().equals(reserved)
                        && planned.request().service().equals("7.1"));
    }
}
