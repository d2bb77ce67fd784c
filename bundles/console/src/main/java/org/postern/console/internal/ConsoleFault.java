package org.postern.console.internal;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SECURITY_OFFICER;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of the console's commands, PST-7090 to PST-7094. */
public enum ConsoleFault implements FaultCode {
    SERVICE_AWAY(passes(
            "PST-7090",
            OPERATOR,
            "a part that the command needs is not running",
            "the part is running",
            "see dcc:status and the log")),
    ARGUMENT(stays(
            "PST-7091",
            OPERATOR,
            "an argument or option of a command that is not valid",
            "the form that the help shows",
            "see the command's --help")),
    NO_SUCH_REQUEST(stays(
            "PST-7092",
            OPERATOR,
            "there is no such request, or not the part of it that the command needs",
            "an id of dcc:requests",
            "see dcc:requests for ids, and dcc:show for what the ledger has of a request")),
    EVIDENCE_DIFFERS(stays(
            "PST-7093",
            SECURITY_OFFICER,
            "evidence that now leads to another verdict than the recorded one, or is not consistent",
            "evidence leads to the recorded verdict again, and is consistent",
            "keep the evidence unchanged and inform the vendor")),
    TOO_LATE_TO_CANCEL(stays(
            "PST-7094",
            OPERATOR,
            "a request that can no longer be cancelled",
            "a request that is unsent, or future-dated and still pending",
            "see dcc:show for its state and outcome"));

    private final FaultEntry entry;

    ConsoleFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
