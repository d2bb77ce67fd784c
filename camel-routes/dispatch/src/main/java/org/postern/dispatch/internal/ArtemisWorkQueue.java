package org.postern.dispatch.internal;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.broker.Queues;
import org.postern.catalogue.Lane;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;

/**
 * The queues between the steps, over the broker: one for each step and lane, the message being the bare id.
 *
 * <p>Messages are not persistent by default: the ledger has the work on disk already and fills the queues again at the next
 * start, so a second fsync would buy nothing. An external broker that restarts by itself should keep them.
 */
@Component(service = WorkQueue.class, configurationPid = "org.postern.dispatch.queue")
@Designate(ocd = ArtemisWorkQueue.Config.class)
public final class ArtemisWorkQueue implements WorkQueue {

    /** Settings. */
    @ObjectClassDefinition(name = "Postern work queues", description = "The queues between Postern's own steps")
    public @interface Config {

        @AttributeDefinition(name = "Persistent", description = "true with an external broker")
        boolean persistent() default false;
    }

    private final ConnectionFactory connections;
    private final int deliveryMode;

    @Activate
    public ArtemisWorkQueue(@Reference(target = "(name=postern)") ConnectionFactory connections, Config config) {
        this.connections = connections;
        this.deliveryMode = config.persistent() ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT;
    }

    @Override
    public void offer(WorkStep step, Lane lane, String id) {
        // The factory pools: this borrows a session and gives it back.
        try (JMSContext session = connections.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            JMSProducer producer = session.createProducer().setDeliveryMode(deliveryMode);
            producer.send(session.createQueue(name(step, lane)), id);
        }
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
