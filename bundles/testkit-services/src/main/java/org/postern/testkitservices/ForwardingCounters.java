package org.postern.testkitservices;

import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.ledger.Counters;

/** Counters that forward to other ones, for tests that record calls, make them fail or answer them. */
public class ForwardingCounters implements Counters {

    private final Optional<Counters> counters;

    /** Without a target: every method fails that a test does not override. */
    public ForwardingCounters() {
        this.counters = Optional.empty();
    }

    /** Forwards every call. */
    public ForwardingCounters(Counters counters) {
        this.counters = Optional.of(counters);
    }

    /**
     * Called before each call is forwarded; an exception that it throws goes to the caller.
     *
     * @param method name of the method
     * @param arguments as many as it has parameters
     */
    protected void before(String method, Object... arguments) {
        // for tests to override
    }

    private Counters to(String method) {
        return counters.orElseThrow(() -> new IllegalStateException("unexpected call of the counters: " + method));
    }

    @Override
    public long next(Eui64 originator) {
        before("next", originator);
        return to("next").next(originator);
    }

    @Override
    public long nextPrepayment(Eui64 originator, Eui64 device) {
        before("nextPrepayment", originator, device);
        return to("nextPrepayment").nextPrepayment(originator, device);
    }

    @Override
    public void raise(Eui64 originator, long floor) {
        before("raise", originator, floor);
        to("raise").raise(originator, floor);
    }

    @Override
    public void raisePrepayment(Eui64 originator, Eui64 device, long floor) {
        before("raisePrepayment", originator, device, floor);
        to("raisePrepayment").raisePrepayment(originator, device, floor);
    }

    @Override
    public long highest(Eui64 originator) {
        before("highest", originator);
        return to("highest").highest(originator);
    }

    @Override
    public long highest(Eui64 originator, Eui64 device) {
        before("highest", originator, device);
        return to("highest").highest(originator, device);
    }

    @Override
    public long highestPrepayment(Eui64 originator, Eui64 device) {
        before("highestPrepayment", originator, device);
        return to("highestPrepayment").highestPrepayment(originator, device);
    }
}
