package org.postern.itests;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.osgi.framework.BundleContext;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.UserRole;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.dcc.Simulator;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * Plays the supplier and controls the simulated DCC for one User Role, within the appliance's process. For one thread.
 */
final class RoleTraffic implements AutoCloseable {

    /**
     * An answer to a request.
     *
     * @param kind RESULT, or REFUSAL of an interface
     * @param code fault of a refusal, else empty
     * @param text parsed content
     * @param copies how many arrived with the same correlation id
     */
    record Answer(String kind, String code, String text, int copies) {}

    /**
     * Its devices. They are in a class of their own, because the test's class is loaded before the simulator is
     * installed.
     */
    static final Population HOMES = new Population(1, 4);

    private final BundleContext context;
    private final Ledger ledger;
    private final Simulator simulator;
    private final List<SimulatedDevice> meters;
    private final UserRole role;
    private final JMSContext session;
    private final Destination replyTo;
    private final JMSConsumer replies;
    private final Map<String, Answer> answers = new HashMap<>();
    private int sent;

    RoleTraffic(BundleContext context, UserRole role) throws InterruptedException {
        this.context = context;
        this.ledger = InTheContainer.service(context, Ledger.class, null);
        this.simulator = InTheContainer.service(context, Simulator.class, null);
        this.meters = HOMES.devices(DeviceType.ESME);
        this.role = role;
        this.session = InTheContainer.service(context, ConnectionFactory.class, "(name=postern)")
                .createContext(JMSContext.AUTO_ACKNOWLEDGE);
        this.replyTo = session.createTemporaryQueue();
        this.replies = session.createConsumer(replyTo);
    }

    /** Submits a reading of a meter; returns its correlation id. */
    String read() {
        String correlation = role + "-" + sent;
        TextMessage request = session.createTextMessage("{\"service\":\"4.1.1\",\"role\":\"" + role + "\",\"device\":\""
                + meters.get(sent++ % meters.size()).deviceId().dashed() + "\"}");
        try {
            request.setJMSCorrelationID(correlation);
            request.setJMSReplyTo(replyTo);
            request.setStringProperty("posternFormat", "json");
        } catch (JMSException e) {
            throw new AssertionError(e);
        }
        session.createProducer().send(session.createQueue("postern.requests"), request);
        return correlation;
    }

    /** The answers to that request so far. */
    Optional<Answer> answer(String correlation) {
        try {
            Message message;
            while ((message = replies.receiveNoWait()) != null) {
                int copies = answers.containsKey(message.getJMSCorrelationID())
                        ? answers.get(message.getJMSCorrelationID()).copies() + 1
                        : 1;
                answers.put(
                        message.getJMSCorrelationID(),
                        new Answer(
                                message.getStringProperty("postern_kind"),
                                Optional.ofNullable(message.getStringProperty("postern_code"))
                                        .orElse(""),
                                message.getBody(String.class),
                                copies));
            }
        } catch (JMSException e) {
            throw new AssertionError(e);
        }
        return Optional.ofNullable(answers.get(correlation));
    }

    /** The state of a request in the ledger. */
    Optional<RequestState> state(String correlation) {
        return ledger.findByCorrelation(Channel.JMS, correlation).map(RequestRecord::state);
    }

    /** Number of exchanges that the DCC delays or has delayed. */
    long held() {
        return simulator.recorder().count("fault.delay");
    }

    /** Adds a fault to those that the DCC simulates. */
    void fault(String line) {
        simulator.faults().add(FaultRule.parse(line));
    }

    /** Makes a meter send an alert to the role. */
    void raiseAlert() {
        simulator.deviceAlert(meters.get(0).deviceId(), 0x8F30, true, role);
    }

    /** The next alert in one of the alert queues; null if none arrives in time. */
    Message alert(String queue, long waitMillis) {
        try (JMSConsumer alerts =
                session.createConsumer(session.createQueue("postern.alerts::postern.alerts." + queue))) {
            return alerts.receive(waitMillis);
        }
    }

    @Override
    public void close() {
        session.close();
    }

    /** Waits as the tests in the container do. */
    void await(String what, BooleanSupplier condition) throws InterruptedException {
        InTheContainer.await(context, what, condition);
    }
}
