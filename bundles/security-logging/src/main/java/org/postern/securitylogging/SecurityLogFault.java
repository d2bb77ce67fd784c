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
            "an event could not be written to the security log, so the operation is not carried out",
            "the record of an event is on disk before the operation takes effect",
            "check the disk of the security log")),
    NOT_READABLE(stays(
            "PST-8002",
            OPERATOR,
            "the files of the security log cannot be read",
            "the files of the security log are readable",
            "check the folder and its permissions")),
    CHAIN_NOT_EXTENDABLE(stays(
            "PST-8003",
            SECURITY_OFFICER,
            "the newest segment of the security log is damaged, so no further record can be appended",
            "the hash chain of the newest segment is intact",
            "keep the folder as evidence: move it elsewhere, and start with an empty one")),
    CHAIN_BROKEN(stays(
            "PST-8004",
            SECURITY_OFFICER,
            "a verification found that the hash chain of the security log is broken",
            "the hash of every record is computed from that record and the one before it",
            "keep a copy of the folder as evidence and inform the security officer"));

    private final FaultEntry entry;

    SecurityLogFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
