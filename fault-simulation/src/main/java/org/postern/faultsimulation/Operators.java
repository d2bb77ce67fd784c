package org.postern.faultsimulation;

import java.time.Duration;
import java.util.List;
import org.postern.catalogue.PosternException;
import org.postern.servicerequests.RoleBundle;
import org.postern.simulator.dcc.FaultRule;

/** What operators do, and what happens to the machine and the DCC, by the seed. */
final class Operators {

    /** Rules for the simulated DCC's fault menu, as for {@code sim:fault}. */
    static final List<String> DCC_FAULTS = List.of(
            "drop-callback times=2",
            "delay-callback 600000 times=5",
            "duplicate 3 times=6",
            "reorder times=6",
            "error-code E20 times=3",
            "error-code E19 times=2",
            "error-code E21 times=2",
            "error-code E1000 times=1",
            "device-failure times=3",
            "not-actioned times=2",
            "alter-pre-command times=4 cv=4",
            "wrong-signature times=3",
            "wrong-signer times=3",
            "garbage times=2",
            "http-503 times=4",
            "drop-answer times=4",
            "error-code E30 times=1",
            "error-code I99 times=1",
            "contradict times=3",
            "contradict E4 times=2",
            "contradict E21 times=2",
            "other-device times=3",
            "wrong-code times=2",
            "wrong-code E4 times=2",
            "wrong-code I99 times=2",
            "foreign-pre-command times=3 cv=4");

    private final World world;
    private final Suppliers suppliers;
    private final SeededChoices choices;

    Operators(World world, Suppliers suppliers) {
        this.world = world;
        this.suppliers = suppliers;
        this.choices = world.choices("operators");
    }

    /** Plans all that is to go wrong until that time. */
    void plan(Duration until) {
        times("kills", 14, until, () -> world.killAfter(world.choices("kills").below(60)));
        times(
                "kills within a group",
                6,
                until,
                () -> world.killWithin(world.choices("kills within a group").below(40)));
        times("stops", 2, until, world::stopAndStart);
        times(
                "DCC away",
                4,
                until,
                () -> world.away(Faults.Kind.DCC_AWAY, choices.between(Duration.ofSeconds(10), Duration.ofHours(3))));
        times(
                "broker away",
                4,
                until,
                () -> world.away(
                        Faults.Kind.BROKER_AWAY, choices.between(Duration.ofSeconds(10), Duration.ofHours(2))));
        times(
                "vault away",
                4,
                until,
                () -> world.away(Faults.Kind.VAULT_AWAY, choices.between(Duration.ofSeconds(10), Duration.ofHours(1))));
        times(
                "disk full",
                4,
                until,
                () -> world.away(
                        Faults.Kind.DISK_FULL, choices.between(Duration.ofSeconds(5), Duration.ofMinutes(40))));
        times(
                "database away",
                4,
                until,
                () -> world.away(
                        Faults.Kind.DATABASE_AWAY, choices.between(Duration.ofSeconds(5), Duration.ofMinutes(30))));
        times("clock", 4, until, this::clock);
        times("roles", 3, until, this::role);
        times("DCC faults", 14, until, this::dccFault);
    }

    private void times(String what, int usual, Duration until, Runnable fault) {
        SeededChoices own = world.choices("times " + what);
        int times = own.below(usual + 1);
        for (int i = 0; i < times; i++) {
            world.timeline().after(Duration.ofNanos((long) (own.random().nextDouble() * until.toNanos())), fault);
        }
    }

    private void clock() {
        SeededChoices own = world.choices("clock");
        if (!world.clockOff().isZero() && own.chance(0.5)) {
            world.stepClock(world.clockOff().negated());
        } else {
            world.faults().injected(Faults.Kind.CLOCK);
            Duration by = own.between(Duration.ofSeconds(2), Duration.ofHours(30));
            world.stepClock(own.chance(0.5) ? by : by.negated());
        }
        world.timeline().after(own.between(Duration.ofMinutes(10), Duration.ofHours(4)), () -> {
            world.stepClock(world.clockOff().negated());
            confirm();
        });
    }

    /** An operator confirms that the clock is right, which it is by then. */
    void confirm() {
        Appliance now = world.appliance();
        if (now != null && world.clockOff().isZero() && now.line.clockDoubt().isPresent()) {
            now.line.confirmTime("operator");
            world.trace().add("time confirmed");
        }
    }

    private void role() {
        Appliance now = world.appliance();
        if (now != null) {
            RoleBundle bundle = choices.of(now.bundles);
            world.faults().injected(Faults.Kind.ROLE_REMOVED);
            world.trace().add("role removed " + bundle.name());
            now.roles.remove(bundle);
            world.timeline().after(choices.between(Duration.ofSeconds(10), Duration.ofHours(1)), () -> {
                if (now.alive()) {
                    now.roles.add(bundle);
                    world.trace().add("role added " + bundle.name());
                }
            });
        }
    }

    private void dccFault() {
        SeededChoices own = world.choices("DCC faults");
        String line = own.of(DCC_FAULTS);
        world.trace().add("DCC fault " + line);
        world.dcc().faults().add(FaultRule.parse(line));
    }

    /** Withdraws one of the requests whose acceptance was confirmed. */
    void withdraw() {
        Appliance now = world.appliance();
        if (now == null || suppliers.accepted().isEmpty()) {
            return;
        }
        List<String> confirmed = suppliers.accepted();
        String id = confirmed.get(confirmed.size() - 1 - choices.below(Math.min(5, confirmed.size())));
        try {
            if (choices.chance(0.5)) {
                world.trace().add("cancelled " + id + " " + now.line.cancel(id, "operator"));
            } else {
                world.trace()
                        .add("taken back " + id + " "
                                + now.line.withdraw(id, "operator").outcome());
            }
            world.faults().injected(Faults.Kind.WITHDRAWN);
        } catch (PosternException | Killed e) {
            world.trace().add("not taken back " + id);
        }
    }
}
