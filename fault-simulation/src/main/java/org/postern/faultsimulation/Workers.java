package org.postern.faultsimulation;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.postern.catalogue.Lane;
import org.postern.ledger.OutboxEntry;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;

/**
 * The queues and who works on them, by the contract of {@code LocalWorkQueue}: work may wait, change places, and come
 * again when it failed.
 */
final class Workers implements WorkQueue {

    private final World world;
    private final Appliance appliance;
    private final SeededChoices choices;
    private final Map<WorkStep, Set<String>> waiting = new EnumMap<>(WorkStep.class);
    private final Map<String, Integer> failures = new HashMap<>();

    Workers(World world, Appliance appliance) {
        this.world = world;
        this.appliance = appliance;
        this.choices = world.choices("workers");
        for (WorkStep step : WorkStep.values()) {
            waiting.put(step, new HashSet<>());
        }
    }

    @Override
    public void offer(WorkStep step, Lane lane, String id) {
        if (step == WorkStep.DELIVER && world.brokerAway()) {
            throw new RejectedExecutionException("the simulated broker is away");
        }
        if (choices.chance(world.plan().lostOffers())) {
            world.faults().injected(Faults.Kind.OFFER_LOST);
            return;
        }
        if (waiting.get(step).add(id)) {
            world.timeline()
                    .after(choices.between(Duration.ofMillis(1), Duration.ofMillis(200)), () -> run(step, lane, id));
        }
    }

    private void run(WorkStep step, Lane lane, String id) {
        if (!appliance.alive()) {
            return;
        }
        waiting.get(step).remove(id);
        try {
            work(step, lane, id);
            failures.remove(id);
        } catch (Exception | Error e) {
            if (appliance.alive()) {
                world.trace()
                        .add("work failed " + step + " " + id + " "
                                + e.getClass().getSimpleName());
                int count = failures.merge(id, 1, Integer::sum);
                world.timeline().after(Duration.ofMillis(250L << Math.min(count - 1, 7)), () -> {
                    if (appliance.alive()) {
                        again(step, lane, id);
                    }
                });
            }
        }
    }

    private void again(WorkStep step, Lane lane, String id) {
        if (waiting.get(step).add(id)) {
            run(step, lane, id);
        }
    }

    private void work(WorkStep step, Lane lane, String id) {
        switch (step) {
            case DISPATCH -> appliance.line.step(id);
            case PROCESS -> appliance.line.process(id);
            default -> deliver(lane, id);
        }
    }

    private void tell(OutboxEntry entry) {
        if (!world.plants().drops(entry)) {
            world.oracle().told(world.plants().told(entry));
        }
        if (world.plants().doubles(entry)) {
            world.oracle()
                    .told(OutboxEntry.pending(
                            entry.id() + "-again",
                            entry.request(),
                            entry.kind(),
                            entry.destination(),
                            entry.headers(),
                            entry.contentType(),
                            entry.body(),
                            entry.json()));
        }
    }

    private void deliver(Lane lane, String id) {
        Optional<OutboxEntry> taken = appliance.line.take(id);
        if (taken.isEmpty()) {
            return;
        }
        if (world.brokerAway() || choices.chance(world.plan().failedDeliveries())) {
            world.faults().injected(Faults.Kind.DELIVERY_FAILED);
            appliance.line.failed(taken.get(), lane, "the simulated broker does not take it");
            return;
        }
        appliance.effect("before a delivery");
        tell(taken.get());
        appliance.effect("after a delivery");
        if (choices.chance(world.plan().lostAcknowledgements())) {
            world.faults().injected(Faults.Kind.ACKNOWLEDGEMENT_LOST);
            appliance.line.failed(taken.get(), lane, "the simulated broker's word was lost");
            return;
        }
        appliance.line.delivered(id);
    }
}
