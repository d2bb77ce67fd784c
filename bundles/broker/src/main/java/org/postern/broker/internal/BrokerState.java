package org.postern.broker.internal;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the broker can be used, according to the last check of its watch. Reading the state never blocks. */
final class BrokerState implements PartHealth {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerState.class);

    private static final Fault NOT_YET = away("there is no connection yet");

    private final AtomicReference<Fault> trouble = new AtomicReference<>();
    private final boolean external;
    private volatile boolean seen;
    private volatile Map<String, Long> figures = Map.of();

    /** @param external true if nothing is known about the broker before the first connection */
    BrokerState(boolean external) {
        this.external = external;
    }

    @Override
    public String part() {
        return "broker";
    }

    @Override
    public Optional<Fault> trouble() {
        return external && !seen && trouble.get() == null ? Optional.of(NOT_YET) : known();
    }

    /** {@code postern_broker_queue_messages} of each queue at the last count; none while the broker is unavailable. */
    @Override
    public Map<String, Long> figures() {
        return figures;
    }

    /**
     * Stores the number of messages in the queues.
     *
     * @param messages number by queue, including the messages that are being delivered
     */
    void counted(Map<String, Long> messages) {
        Map<String, Long> named = new TreeMap<>();
        messages.forEach((queue, count) -> named.put("postern_broker_queue_messages{queue=\"" + queue + "\"}", count));
        figures = named;
    }

    /** The trouble that was detected; also empty while nothing is known yet. */
    Optional<Fault> known() {
        return Optional.ofNullable(trouble.get());
    }

    /** The broker can be used. */
    void up() {
        seen = true;
        Fault before = trouble.getAndSet(null);
        if (before != null) {
            LOG.info("The broker can be used again ({} is over)", before.code());
        }
    }

    /** The broker cannot be used. This is logged only when the fault code changes. */
    void down(Fault why) {
        figures = Map.of();
        Fault before = trouble.getAndSet(why);
        if (before == null || !before.code().equals(why.code())) {
            LOG.error("The broker cannot be used: {}", why);
        }
    }

    /** The embedded broker does not run. */
    static Fault stopped(String cause) {
        return BrokerFault.STOPPED.fault("broker", cause);
    }

    /** The embedded broker accepts no messages because its disk is full. */
    static Fault diskFull(int percent) {
        return BrokerFault.DISK_FULL.fault(
                "broker", "the disk under the broker's folder is more than " + percent + " % full");
    }

    /** The external broker cannot be reached. */
    static Fault away(String cause) {
        return BrokerFault.AWAY.fault("broker", cause);
    }
}
