package org.postern.faultsimulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.GatewayStatus;
import org.postern.simulator.dcc.Simulator;

/** The network between the appliance and the DCC, with its faults. */
final class Network implements DccGateway {

    private static final int REMEMBERED = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final World world;
    private final Appliance appliance;
    private final SeededChoices choices;
    private final List<byte[]> earlier = new ArrayList<>();

    Network(World world, Appliance appliance) {
        this.world = world;
        this.appliance = appliance;
        this.choices = world.choices("network");
    }

    @Override
    public Exchange post(Lane lane, ServiceEndpoint endpoint, byte[] signedDuis) {
        appliance.effect("before a send");
        Plan plan = world.plan();
        if (world.dccAway() || choices.chance(plan.unreachable())) {
            world.faults().injected(Faults.Kind.UNREACHABLE);
            return new Exchange.Unreachable("simulated");
        }
        if (choices.chance(plan.serverErrors())) {
            return serverError(endpoint, signedDuis);
        }
        if (choices.chance(plan.lostRequests())) {
            world.faults().injected(Faults.Kind.REQUEST_LOST);
            return waited(new Exchange.InDoubt("simulated: lost on its way"));
        }
        elapse();
        Simulator.Answer answer = world.dcc(endpoint, signedDuis);
        if (choices.chance(plan.lateRequests())) {
            world.faults().injected(Faults.Kind.REQUEST_DOUBLED);
            world.timeline()
                    .after(
                            choices.between(Duration.ofMillis(100), Duration.ofMinutes(20)),
                            () -> world.dcc(endpoint, signedDuis));
        }
        appliance.effect("after a send");
        elapse();
        Exchange exchange = answered(answer, plan);
        appliance.effect("after an answer");
        return exchange;
    }

    private void elapse() {
        elapse(choices.between(Duration.ofMillis(5), Duration.ofMillis(400)));
    }

    private void elapse(Duration duration) {
        world.timeline().elapse(duration);
        if (!appliance.alive()) {
            throw new Killed();
        }
    }

    private Exchange waited(Exchange exchange) {
        elapse(TIMEOUT);
        return exchange;
    }

    private Exchange serverError(ServiceEndpoint endpoint, byte[] document) {
        int status = choices.of(List.of(500, 502, 503, 503, 504, 400, 403, 429));
        world.faults().injected(Faults.Kind.HTTP, Integer.toString(status));
        if (status == 500 || status == 502 || status == 504) {
            if (choices.chance(0.5)) {
                world.dcc(endpoint, document);
                appliance.effect("after a send");
            }
        }
        return new Exchange.Refused(
                status, choices.chance(0.3) ? Optional.of(Duration.ofSeconds(choices.below(60))) : Optional.empty());
    }

    private Exchange answered(Simulator.Answer answer, Plan plan) {
        if (answer.status() == -1 || choices.chance(plan.lostAnswers())) {
            world.faults().injected(Faults.Kind.ANSWER_LOST);
            return waited(new Exchange.InDoubt("simulated: no answer"));
        }
        if (answer.status() != 200) {
            return new Exchange.Refused(
                    answer.status(),
                    answer.retryAfter() < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(answer.retryAfter())));
        }
        if (!earlier.isEmpty() && choices.chance(plan.foreignAnswers())) {
            world.faults().injected(Faults.Kind.ANSWER_FOREIGN);
            return new Exchange.Answered(choices.of(earlier));
        }
        if (choices.chance(plan.garbledAnswers())) {
            world.faults().injected(Faults.Kind.ANSWER_GARBLED);
            byte[] garbled = answer.body().clone();
            garbled[choices.below(garbled.length)] ^= 0x10;
            return new Exchange.Answered(garbled);
        }
        earlier.add(answer.body());
        if (earlier.size() > REMEMBERED) {
            earlier.remove(0);
        }
        return new Exchange.Answered(answer.body());
    }

    @Override
    public GatewayStatus status() {
        return new GatewayStatus("simulated", 0, 0, 0, 0, 0, Optional.empty(), Optional.empty());
    }
}
