package org.postern.simulator.dcc;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.pki.SimulatorFault;

/**
 * The faults in force. Rules are tried in the order in which they were added; a rule that was applied as often as it
 * may be is removed. Safe between threads.
 */
public final class FaultMenu {

    /**
     * The message that a fault rule may apply to.
     *
     * @param stage exchange, device or callback
     * @param target device, or the DCC itself
     * @param service Service Reference Variant, empty for alerts and what could not be read
     * @param variant Command Variant, 0 where there is none
     */
    public record Occasion(FaultKind.Stage stage, Eui64 target, String service, int variant) {}

    private static final class Armed {
        private final FaultRule rule;
        private int left;
        private Instant until;

        private Armed(FaultRule rule) {
            this.rule = rule;
            this.left = rule.times();
        }
    }

    private static final int MAX_RULES = 1_000;

    private final List<Armed> armed = new ArrayList<>();
    private final Random random;
    private final Clock clock;

    /** @param seed of the probabilities */
    public FaultMenu(long seed, Clock clock) {
        this.random = new Random(seed);
        this.clock = clock;
    }

    /**
     * Puts one more rule in force.
     *
     * @throws PosternException PST-9010 where {@value #MAX_RULES} are
     */
    public synchronized void add(FaultRule rule) {
        if (armed.size() == MAX_RULES) {
            throw new PosternException(SimulatorFault.FAULT_RULE.fault(
                    rule.kind().written(), "at most " + MAX_RULES + " rules in force", "one more"));
        }
        armed.add(new Armed(rule));
    }

    /** How full the menu is. */
    synchronized List<CollectionSize> sizes() {
        return List.of(new CollectionSize("dcc.fault-rules", armed.size(), MAX_RULES));
    }

    /** Removes all rules. */
    public synchronized void clear() {
        armed.clear();
    }

    /** The rules in force, with what is left of them. */
    public synchronized List<FaultRule> rules() {
        return armed.stream()
                .map(a -> new FaultRule(
                        a.rule.kind(),
                        a.rule.argument(),
                        a.rule.probability(),
                        a.left,
                        a.rule.target(),
                        a.rule.service(),
                        a.rule.variant(),
                        a.rule.stage()))
                .toList();
    }

    /** The first rule of that kind that applies here; it counts as applied once more. */
    public synchronized Optional<FaultRule> strikes(FaultKind kind, Occasion occasion) {
        for (Armed one : List.copyOf(armed)) {
            if (one.rule.kind() == kind
                    && fits(one.rule, occasion)
                    && random.nextDouble() < one.rule.probability()
                    && spend(one)) {
                return Optional.of(one.rule);
            }
        }
        return Optional.empty();
    }

    private static boolean fits(FaultRule rule, Occasion occasion) {
        return (rule.stage() == FaultKind.Stage.BOTH && occasion.stage() != FaultKind.Stage.DEVICE
                        || rule.stage() == occasion.stage())
                && rule.target().map(occasion.target()::equals).orElse(true)
                && rule.service().map(occasion.service()::equals).orElse(true)
                && (rule.variant() == 0 || rule.variant() == occasion.variant());
    }

    /** A rule with a duration lasts from its first application; any other is counted down. */
    private boolean spend(Armed one) {
        if (one.rule.kind() == FaultKind.UNREACHABLE) {
            Instant now = clock.instant();
            if (one.until == null) {
                one.until = now.plusSeconds(one.rule.number(0));
            }
            if (now.isBefore(one.until)) {
                return true;
            }
            armed.remove(one);
            return false;
        }
        if (one.left > 0 && --one.left == 0) {
            armed.remove(one);
        } else if (one.left == 0) {
            armed.remove(one);
            return false;
        }
        return true;
    }
}
