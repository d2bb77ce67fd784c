package org.postern.broker.internal;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the broker can be used now, as its watch saw it last. Asking never waits. */
final class BrokerState implements PartHealth {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerState.class);

    private static final Fault NOT_YET = away("there is no connection yet");

    private final AtomicReference<Fault> trouble = new AtomicReference<>();
    private final boolean external;
    private volatile boolean seen;
    private volatile Map<String, Long> figures = Map.of();

    /** @param external true where nothing is known of the broker before it was reached */
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

    /** {@code postern_broker_queue_messages} of each queue as it was counted last; none while the broker is away. */
    @Override
    public Map<String, Long> figures() {
        return figures;
    }

    /**
     * What the queues hold.
     *
     * @param messages by queue; those that are being delivered are among them
     */
    void counted(Map<String, Long> messages) {
        Map<String, Long> named = new TreeMap<>();
        messages.forEach((queue, count) -> named.put("postern_broker_queue_messages{queue=\"" + queue + "\"}", count));
        figures = named;
    }

    /** Trouble that was seen; empty also while nothing is known yet. */
    Optional<Fault> known() {
        return Optional.ofNullable(trouble.get());
    }

    /** It can be used. */
    void up() {
        seen = true;
        Fault before = trouble.getAndSet(null);
        if (before != null) {
            LOG.info("The broker can be used again ({} is over)", before.code());
        }
    }

    /** It cannot be used; this is logged once for each code. */
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

    /** The embedded broker takes no messages because its disk is full. */
    static Fault diskFull(int percent) {
        return BrokerFault.DISK_FULL.fault(
                "broker", "the disk under the broker's folder is more than " + percent + " % full");
    }

    /** The external broker cannot be reached. */
    static Fault away(String cause) {
        return BrokerFault.AWAY.fault("broker", cause);
    }
}
