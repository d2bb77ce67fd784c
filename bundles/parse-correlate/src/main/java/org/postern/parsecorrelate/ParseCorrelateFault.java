package org.postern.parsecorrelate;

import static org.postern.catalogue.FaultActor.DCC;
import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SECURITY_OFFICER;
import static org.postern.catalogue.FaultActor.SUPPLIER;
import static org.postern.catalogue.FaultActor.VENDOR;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of transform, correlation, parsing and evidence, PST-4000 to PST-4999. */
public enum ParseCorrelateFault implements FaultCode {
    RULES_BROKEN(stays(
            "PST-4001",
            VENDOR,
            "a row of a transform or mapping table that does not follow the notation",
            "a rule in the notation of the tables",
            "correct the table and build again")),
    REQUEST_DOES_NOT_FIT(stays(
            "PST-4002",
            SUPPLIER,
            "a request whose values cannot be put into the command",
            "a value that the command can carry",
            "correct the request")),
    NO_RULE(stays(
            "PST-4003",
            SUPPLIER,
            "no rule transforms this request to a command",
            "a service that becomes a device command",
            "check the service, the request's choice and the device's type")),
    DEVICE_FACT_MISSING(stays(
            "PST-4004",
            OPERATOR,
            "the command depends on a fact about the device that the inventory does not have",
            "the inventory has every fact that the command needs",
            "add the device, or the named attribute, to the inventory")),
    PROTECTION_INVALID(stays(
            "PST-4010",
            SECURITY_OFFICER,
            "a message from a device whose MAC or signature is wrong",
            "MAC and signature are those of the parties named in the header",
            "do not act on the message; keep it as received")),
    INPUT_UNREADABLE(stays(
            "PST-4011",
            OPERATOR,
            "a file or option of the command line that cannot be read",
            "a file that can be read, an option of the form that the help shows",
            "correct the file, its name or the option")),
    TIME_IMPOSSIBLE(stays(
            "PST-4012",
            DCC,
            "a message with an impossible date-time in its header",
            "every field of the date-time that is specified is in its range, and together they are a date",
            "do not act on the message; keep it as received and ask its sender")),
    EVIDENCE_UNREADABLE(stays(
            "PST-4020",
            OPERATOR,
            "a file that is not evidence exported by Postern",
            "exactly the members of the evidence format",
            "export the evidence again with dcc:evidence")),
    UNFORESEEN(stays(
            "PST-4090",
            VENDOR,
            "the parser failed in a way that no rule foresees",
            "every message is read or refused by a rule",
            "report it together with the message code"));

    private final FaultEntry entry;

    ParseCorrelateFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
