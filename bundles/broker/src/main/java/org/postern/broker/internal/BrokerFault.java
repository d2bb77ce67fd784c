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
            "the embedded broker does not run; it is restarted automatically",
            "the embedded broker runs",
            "check the disk that holds dataFolder of org.postern.broker.cfg")),
    DISK_FULL(passes(
            "PST-7201",
            OPERATOR,
            "the embedded broker blocks its senders because its disk is too full",
            "the disk is less full than maxDiskUsagePercent",
            "free disk space; processing continues automatically")),
    AWAY(passes(
            "PST-7202",
            OPERATOR,
            "the external broker cannot be reached; Postern reconnects automatically",
            "the external broker can be reached",
            "start it, or correct url, user and passwordFile of org.postern.broker.cfg")),
    UNREADABLE(stays(
            "PST-7204",
            SUPPLIER,
            "a request that no JMS client could read; the embedded broker refuses it when it is"
                    + " sent, and Postern refuses it on receipt from an external broker",
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
