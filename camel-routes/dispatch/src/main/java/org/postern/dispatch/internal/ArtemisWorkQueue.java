package org.postern.dispatch.internal;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.broker.Queues;
import org.postern.catalogue.Lane;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues between the steps in the broker: one for each step and lane; a message contains only the id of a request.
 * They are used only if several nodes share work; a single node passes work on within its process.
 *
 * <p>Messages are not persistent by default: the ledger already has the work on disk and fills the queues again at the
 * next start, so a second fsync would have no benefit. With an external broker, which restarts independently, they
 * should be persistent.
 *
 * <p>A separate thread sends the offers, so that {@link #offer} never waits for the broker. While the broker is
 * unavailable, that thread retries. Offers that are rejected because too many wait are offered again from the ledger
 * later.
 */
@Component(
        service = WorkQueue.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.dispatch.queue",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = ArtemisWorkQueue.PROPERTY)
@Designate(ocd = ArtemisWorkQueue.Config.class)
public final class ArtemisWorkQueue implements WorkQueue {

    /** Settings. */
    @ObjectClassDefinition(name = "Postern work queues", description = "The queues between Postern's own steps")
    public @interface Config {

        @AttributeDefinition(name = "Shared", description = "true where several nodes share one broker and one ledger")
        boolean shared() default false;

        @AttributeDefinition(name = "Persistent", description = "With shared: true with an external broker")
        boolean persistent() default false;
    }

    /** Service property with which the routes find this service, to query whether the queues are shared. */
    static final String PROPERTY = "postern.work=broker";

    private static final Logger LOG = LoggerFactory.getLogger(ArtemisWorkQueue.class);
    private static final int CAPACITY = 10_000;
    private static final long RETRY_MILLIS = 1_000;

    /** Work that waits to be sent. */
    private record Offer(WorkStep step, Lane lane, String id) {}

    private final ConnectionFactory connections;
    private final boolean shared;
    private final int deliveryMode;
    private final BlockingQueue<Offer> offers = new LinkedBlockingQueue<>(CAPACITY);
    private final Thread sender = new Thread(this::send, "postern-work-sender");

    @Activate
    public ArtemisWorkQueue(@Reference(target = "(name=postern)") ConnectionFactory connections, Config config) {
        this.connections = connections;
        this.shared = config.shared();
        this.deliveryMode = config.persistent() ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT;
        sender.setDaemon(true);
        if (shared) {
            sender.start();
        }
    }

    @Override
    public boolean takes(WorkStep step) {
        return shared;
    }

    @Override
    public boolean shared() {
        return shared;
    }

    @Override
    public void offer(WorkStep step, Lane lane, String id) {
        if (!offers.offer(new Offer(step, lane, id))) {
            throw new RejectedExecutionException(CAPACITY + " offers already wait for the broker");
        }
    }

    private void send() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Offer offer = offers.take();
                while (!sent(offer)) {
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The sender is being stopped: unsent work is offered again after the restart");
        }
    }

    private boolean sent(Offer offer) {
        // The factory is pooled: this borrows a session and returns it.
        try (JMSContext session = connections.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            JMSProducer producer = session.createProducer().setDeliveryMode(deliveryMode);
            producer.send(session.createQueue(name(offer.step(), offer.lane())), offer.id());
            return true;
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "{} {} was not sent to the shared queues and is retried: {}",
                    offer.step(),
                    offer.id(),
                    e.toString());
            return false;
        }
    }

    @Deactivate
    void stop() {
        sender.interrupt();
    }

    /**
     * The queue of a step and lane.
     *
     * @return for example {@code postern.work.DISPATCH.BULK}
     */
    static String name(WorkStep step, Lane lane) {
        return Queues.WORK_PREFIX + step.name() + "." + lane.name();
    }
}
