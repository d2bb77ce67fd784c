package org.postern.broker;

import org.postern.catalogue.ReplyAddress;

/**
 * The names of Postern's queues. All are durable. The broker is transport only: the ledger can restore the content of
 * every queue.
 */
public final class Queues {

    /** Service Requests from supplier systems. */
    public static final String REQUESTS = "postern.requests";
    /** Results for suppliers that named no reply-to. */
    public static final String RESULTS = ReplyAddress.RESULTS;
    /** Multicast address of Device Alerts and DCC Alerts; {@link #alerts(String)} names the queue of one User Role. */
    public static final String ALERTS = ReplyAddress.ALERTS;
    /** Work between Postern's own steps: {@code postern.work.<step>.<lane>}. Suppliers may not touch these. */
    public static final String WORK_PREFIX = "postern.work.";
    /** Prefix of the queues that suppliers create for their own replies. */
    public static final String REPLY_PREFIX = ReplyAddress.REPLY_PREFIX;
    /**
     * Prefix under which the broker finds the settings and permissions of temporary queues. It is not part of their
     * names.
     */
    public static final String TEMPORARY_PREFIX = "postern.temp.";
    /** Dead letter queue: messages that could not be processed within the permitted number of attempts. */
    public static final String DEAD = "postern.dead";
    /** Messages that expired before they were consumed. */
    public static final String EXPIRED = "postern.expired";
    /** Message property with the User Role; it routes an alert to the queue of that role. */
    public static final String ROLE_PROPERTY = "posternRole";

    /**
     * Property of a received message that no JMS client can read; its value is the reason. The body and the other
     * properties of such a message have no meaning.
     */
    public static final String UNREADABLE_PROPERTY = "posternUnreadable";

    private Queues() {}

    /**
     * The alert queue of one User Role.
     *
     * @param role the role's code, for example {@code IS}
     * @return its queue on the address {@link #ALERTS}; JMS clients consume {@code postern.alerts::postern.alerts.IS}
     */
    public static String alerts(String role) {
        return ALERTS + "." + role;
    }
}
