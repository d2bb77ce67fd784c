package org.postern.broker.internal;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SUPPLIER;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of the broker, PST-7200 to PST-7299. */
enum BrokerFault implements FaultCode {
    STOPPED(passes(
            "PST-7200",
            OPERATOR,
            "the embedded broker does not run; it is started again by itself",
            "the embedded broker runs",
            "look at the disk under dataFolder of org.postern.broker.cfg")),
    DISK_FULL(passes(
            "PST-7201",
            OPERATOR,
            "the embedded broker blocks its senders because its disk is too full",
            "the disk is less full than maxDiskUsagePercent",
            "make room; everything goes on by itself")),
    AWAY(passes(
            "PST-7202",
            OPERATOR,
            "the external broker cannot be reached; Postern connects again by itself",
            "the external broker answers",
            "start it, or correct url, user and passwordFile of org.postern.broker.cfg")),
    UNREADABLE(stays(
            "PST-7204",
            SUPPLIER,
            "a request that no JMS client could read, refused at its sending; by an external"
                    + " broker, which takes it, when it is received",
            "a text or bytes message",
            "send one request as a text message"));

    private final FaultEntry entry;

    BrokerFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
