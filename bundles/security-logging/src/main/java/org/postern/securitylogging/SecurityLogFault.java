package org.postern.securitylogging;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SECURITY_OFFICER;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of the security log, PST-8000 to PST-8099. */
public enum SecurityLogFault implements FaultCode {
    NOT_WRITABLE(passes(
            "PST-8001",
            OPERATOR,
            "an event could not be written to the security log, so its effect is withheld",
            "an event is on disk before its effect",
            "check the log's disk")),
    NOT_READABLE(stays(
            "PST-8002",
            OPERATOR,
            "the files of the security log cannot be read",
            "the log's files can be read",
            "check the folder and the rights")),
    CHAIN_CANNOT_GO_ON(stays(
            "PST-8003",
            SECURITY_OFFICER,
            "the newest segment of the security log is broken where it would have to go on",
            "the newest segment's chain holds",
            "keep the folder as evidence, move it away, and start with an empty one")),
    CHAIN_BROKEN(stays(
            "PST-8004",
            SECURITY_OFFICER,
            "a check found that the chain of the security log is broken",
            "every record follows from the one before it",
            "keep a copy of the folder as evidence and tell the security officer"));

    private final FaultEntry entry;

    SecurityLogFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
