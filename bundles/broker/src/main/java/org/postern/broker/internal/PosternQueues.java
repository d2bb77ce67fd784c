package org.postern.broker.internal;

import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.postern.broker.Queues;
import org.postern.catalogue.Lane;

/** The queues that must exist before anything is sent. Work queues are created by their consumers. */
final class PosternQueues {

    private PosternQueues() {}

    /**
     * All these queues, durable.
     *
     * @param alertRoles codes of the User Roles that have an alert queue, separated by commas
     * @return requests, results, dead and expired messages, and the queues of alerts
     */
    static List<QueueConfiguration> of(String alertRoles) {
        List<QueueConfiguration> queues = new ArrayList<>();
        for (String name : List.of(Queues.REQUESTS, Queues.RESULTS, Queues.DEAD, Queues.EXPIRED)) {
            queues.add(queue(name, name, RoutingType.ANYCAST));
        }
        for (String role : alertRoles.strip().split("\\s*,\\s*")) {
            queues.add(queue(Queues.alerts(role), Queues.ALERTS, RoutingType.MULTICAST)
                    .setFilterString(Queues.ROLE_PROPERTY + " = '" + role + "'"));
        }
        queues.add(queue(Queues.alerts("unassigned"), Queues.ALERTS, RoutingType.MULTICAST)
                .setFilterString(Queues.ROLE_PROPERTY + " IS NULL"));
        return queues;
    }

    /**
     * The names of the queues whose messages are counted: those of {@link #of} and the work queues that several nodes
     * share.
     *
     * @param alertRoles codes of the User Roles that have an alert queue, separated by commas
     */
    static List<String> names(String alertRoles) {
        List<String> names = new ArrayList<>();
        of(alertRoles).forEach(queue -> names.add(queue.getName().toString()));
        for (String step : List.of("DISPATCH", "PROCESS", "DELIVER")) {
            for (Lane lane : Lane.values()) {
                names.add(Queues.WORK_PREFIX + step + "." + lane);
            }
        }
        return names;
    }

    private static QueueConfiguration queue(String name, String address, RoutingType routing) {
        return QueueConfiguration.of(name)
                .setAddress(address)
                .setRoutingType(routing)
                .setDurable(true)
                .setAutoDelete(false);
    }
}
