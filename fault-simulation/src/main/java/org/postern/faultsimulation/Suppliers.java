package org.postern.faultsimulation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.PosternException;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.simulator.examples.ExampleFiller;
import org.postern.simulator.examples.ExampleRequest;
import org.postern.simulator.examples.ExampleRequests;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

/** The suppliers' systems: submit requests, and submit again those that were not confirmed. */
final class Suppliers {

    private static final List<String> ELECTRICITY = List.of(
            "4.1.1", "4.1.1", "4.2", "4.3", "4.6.1", "4.8.1", "4.10", "11.2", "8.2", "7.1", "7.2", "7.3", "7.4", "6.13",
            "3.2", "6.7");
    private static final List<String> GAS = List.of("4.1.1", "4.2", "4.3", "11.2", "8.2", "7.2", "6.13");

    private final World world;
    private final SeededChoices choices;
    private final Population population;
    private final List<ExampleRequest> examples;
    private final ExampleFiller filler;
    private final List<String> accepted = new ArrayList<>();
    private int number;

    private record Order(String key, Channel channel, Submission.Format format, byte[] bytes, String what) {}

    Suppliers(World world) {
        this.world = world;
        this.choices = world.choices("suppliers");
        this.population = world.dcc().population();
        this.examples = ExampleRequests.load().all().stream()
                .filter(example -> example.role()
                                .filter(role -> role.name().matches("IS|GS"))
                                .isPresent()
                        && !example.body().contains("{utrn}"))
                .toList();
        this.filler = new ExampleFiller(world.keys().pki, world.timeline().clock(() -> Duration.ZERO));
    }

    /** Ids of requests whose acceptance was confirmed. */
    List<String> accepted() {
        return accepted;
    }

    /** One more request. */
    void order() {
        hand(next(), 0);
    }

    private Order next() {
        String key = "order-" + ++number;
        Channel channel = choices.of(List.of(Channel.JMS, Channel.HTTP, Channel.FILE));
        int kind = choices.below(100);
        if (kind < 50) {
            return json(key, channel);
        }
        if (kind < 58) {
            SimulatedDevice meter = choices.of(population.devices(DeviceType.ESME));
            return new Order(
                    key,
                    channel,
                    Submission.Format.JSON,
                    text("{\"service\":\"2.2\",\"device\":\"" + meter.deviceId().dashed()
                            + "\",\"role\":\"IS\",\"topUp\":{\"pounds\":" + (1 + choices.below(50)) + "}}"),
                    "2.2");
        }
        for (int tries = 0; tries < 20; tries++) {
            ExampleRequest example = choices.of(examples);
            List<SimulatedDevice> fitting = population.devices().stream()
                    .filter(device -> example.fits(device, population))
                    .toList();
            if (!fitting.isEmpty()) {
                byte[] document = filler.document(
                        example,
                        choices.of(fitting),
                        world.timeline().now().plus(choices.between(Duration.ofMinutes(10), Duration.ofHours(8))));
                return new Order(key, channel, Submission.Format.XML, document, example.name());
            }
        }
        return json(key, channel);
    }

    private Order json(String key, Channel channel) {
        boolean gas = choices.chance(0.3);
        String service = choices.of(gas ? GAS : ELECTRICITY);
        SimulatedDevice meter = choices.of(population.devices(gas ? DeviceType.GSME : DeviceType.ESME));
        String role = gas ? "GS" : "IS";
        String json = service.equals("8.2")
                ? "{\"service\":\"8.2\",\"role\":\"" + role + "\",\"body\":{\"DeviceID\":\""
                        + meter.deviceId().dashed() + "\"}}"
                : "{\"service\":\"" + service + "\",\"device\":\""
                        + meter.deviceId().dashed() + "\",\"role\":\"" + role + "\"}";
        return new Order(key, channel, Submission.Format.JSON, text(json), service);
    }

    private static byte[] text(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private void hand(Order order, int tries) {
        Appliance appliance = world.appliance();
        if (appliance == null) {
            later(order, tries);
            return;
        }
        Admission admission;
        try {
            admission = appliance.line.admit(new Submission(
                    order.channel(),
                    order.format(),
                    order.bytes(),
                    Optional.empty(),
                    Optional.of(order.key()),
                    Optional.empty(),
                    "supplier"));
        } catch (PosternException e) {
            world.trace().add("not taken " + order.key() + " " + e.fault().code());
            later(order, tries);
            return;
        } catch (RuntimeException | Killed e) {
            world.trace().add("not taken " + order.key() + " " + e.getClass().getSimpleName());
            later(order, tries);
            return;
        }
        if (!appliance.alive()) {
            later(order, tries);
            return;
        }
        admission.fold(yes -> taken(order, yes, tries), no -> refused(order, no, tries));
    }

    private boolean taken(Order order, Admission.Accepted yes, int tries) {
        world.trace()
                .add("taken " + order.key() + " " + order.what() + " " + yes.id() + " " + yes.requestId() + " "
                        + yes.repeated());
        if (world.choices("words").chance(world.plan().lostConfirmations())) {
            world.faults().injected(Faults.Kind.CONFIRMATION_LOST);
            later(order, tries);
            return true;
        }
        if (world.oracle().accepted(order.key(), yes.id(), yes.requestId())) {
            accepted.add(yes.id());
        }
        if (world.choices("words").chance(world.plan().again())) {
            world.faults().injected(Faults.Kind.AGAIN);
            later(order, tries);
        }
        return true;
    }

    private boolean refused(Order order, Admission.Refused no, int tries) {
        world.trace()
                .add("refused " + order.key() + " " + order.what() + " "
                        + no.fault().code() + " " + no.worthRepeating());
        if (no.worthRepeating()) {
            later(order, tries);
        } else {
            world.oracle().refused(order.key());
        }
        return false;
    }

    private void later(Order order, int tries) {
        world.timeline()
                .after(
                        choices.between(Duration.ofSeconds(1), Duration.ofMinutes(1 + Math.min(tries, 30))),
                        () -> hand(order, tries + 1));
    }
}
