package org.postern.broker;

import org.postern.catalogue.ReplyAddress;

/**
 * The names of Postern's queues. All are durable; the broker is transport only, the ledger can rebuild what they hold.
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
    /** Queues that suppliers make for their own replies. */
    public static final String REPLY_PREFIX = ReplyAddress.REPLY_PREFIX;
    /**
     * Name space under which the broker looks for the settings and permissions of temporary queues; no part of their
     * names.
     */
    public static final String TEMPORARY_PREFIX = "postern.temp.";
    /** What could not be handled after all attempts. */
    public static final String DEAD = "postern.dead";
    /** What expired before it was consumed. */
    public static final String EXPIRED = "postern.expired";
    /** Message property by which alerts find their role's queue. */
    public static final String ROLE_PROPERTY = "posternRole";

    /**
     * Says of a message that was received what about it no JMS client can read; its body and other properties then say
     * nothing.
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
