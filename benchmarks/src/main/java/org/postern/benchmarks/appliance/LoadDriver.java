package org.postern.benchmarks.appliance;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/**
 * A supplier's system as lean as it can be, in a process of its own: hands in by HTTP or JMS and takes results by JMS,
 * or does both by files. It obeys lines on its standard input and ends with it: {@code run LOAD IN_FLIGHT},
 * {@code top-ups IN_FLIGHT}, {@code stop}, {@code restart} (of the times taken), {@code count} and
 * {@code count-top-ups} (answered with one line of JSON), {@code quit}. Arguments: HTTP port, broker port, connections,
 * folder of the PKI, interface by which it hands in (http, jms or file), folder of the appliance's state; the first two
 * lines of the input are the HTTP token and the broker's password.
 */
public final class LoadDriver {

    /**
     * The appliance knows what an earlier driver of the same installation handed in: the same correlation id would be
     * the same request.
     */
    private static final String RUN = System.currentTimeMillis() + "-";
    /** What every correlation id begins with; the running number follows. */
    static final String CORRELATION = "load-" + RUN;

    private static final String TOP_UP = "top-up-" + RUN;
    private static final int TOP_UP_CONNECTIONS = 4;
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Bytes of results that are acknowledged together: losing the driver may give it some of them again. */
    private static final int ACKNOWLEDGED_TOGETHER = 128 << 10;

    private LoadDriver() {}

    /** See above. */
    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String token = in.readLine();
        String password = in.readLine();
        InFlight inFlight = new InFlight();
        InFlight topUps = new InFlight();
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(
                        "tcp://127.0.0.1:" + arguments[1] + "?dupsOKBatchSize=" + ACKNOWLEDGED_TOGETHER);
                Connection broker = factory.createConnection("supplier", password);
                Pump pump = pump(arguments, token, broker, inFlight);
                Pump tills = new HttpPump(
                        Integer.parseInt(arguments[0]), "/top-ups", token, TOP_UP, TOP_UP_CONNECTIONS, topUps)) {
            take(broker, inFlight, topUps);
            Population population = new SimulatorPki(Path.of(arguments[3])).population();
            System.out.println("ready");
            for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "run" -> pump.use(new Requests(Load.named(words[1]), population), Integer.parseInt(words[2]));
                    case "top-ups" -> tills.use(Requests.topUps(population), Integer.parseInt(words[1]));
                    case "stop" -> {
                        pump.use(null, 0);
                        tills.use(null, 0);
                    }
                    case "restart" -> {
                        inFlight.restart();
                        topUps.restart();
                    }
                    case "count" -> System.out.println(JSON.writeValueAsString(counts(inFlight, pump)));
                    case "count-top-ups" -> System.out.println(JSON.writeValueAsString(counts(topUps, tills)));
                    default -> throw new IllegalArgumentException("no such order: " + words[0]);
                }
            }
        }
    }

    private static Pump pump(String[] arguments, String token, Connection broker, InFlight inFlight)
            throws IOException {
        int port = Integer.parseInt(arguments[0]);
        return switch (arguments[4]) {
            case "http" ->
                new HttpPump(port, "/service-requests", token, CORRELATION, Integer.parseInt(arguments[2]), inFlight);
            case "jms" -> new JmsPump(broker, inFlight);
            case "file" -> new FilePump(Path.of(arguments[5]), inFlight);
            default -> throw new IllegalArgumentException("no such interface: " + arguments[4]);
        };
    }

    private static void take(Connection broker, InFlight inFlight, InFlight topUps) throws JMSException {
        Session session = broker.createSession(false, Session.DUPS_OK_ACKNOWLEDGE);
        session.createConsumer(session.createQueue("postern.results")).setMessageListener(message -> {
            String correlation = correlation(message);
            if (correlation.startsWith(CORRELATION)) {
                inFlight.finish(Long.parseLong(correlation.substring(CORRELATION.length())), System.nanoTime());
            } else if (correlation.startsWith(TOP_UP)) {
                topUps.finish(Long.parseLong(correlation.substring(TOP_UP.length())), System.nanoTime());
            }
        });
        Session alerting = broker.createSession(false, Session.DUPS_OK_ACKNOWLEDGE);
        alerting.createConsumer(alerting.createQueue("postern.alerts::postern.alerts.IS"))
                .setMessageListener(message -> inFlight.alert());
        broker.start();
    }

    private static String correlation(Message message) {
        try {
            return String.valueOf(message.getJMSCorrelationID());
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> counts(InFlight inFlight, Pump pump) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("finished", inFlight.finished());
        counts.put("alerts", inFlight.alerts());
        counts.put("open", inFlight.open());
        counts.put("refused", inFlight.refused());
        counts.put("unexpected", inFlight.unexpected());
        counts.put("p50Micros", inFlight.whole().percentile(0.5));
        counts.put("p99Micros", inFlight.whole().percentile(0.99));
        counts.put("answerP99Micros", inFlight.answers().percentile(0.99));
        counts.put("trouble", pump.trouble());
        return counts;
    }
}
