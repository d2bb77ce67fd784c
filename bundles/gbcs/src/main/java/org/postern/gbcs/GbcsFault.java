package org.postern.gbcs;

import static org.postern.catalogue.FaultActor.DCC;
import static org.postern.catalogue.FaultActor.SECURITY_OFFICER;
import static org.postern.catalogue.FaultActor.SUPPLIER;
import static org.postern.catalogue.FaultActor.VENDOR;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of GBCS messages, tokens and key folders, PST-3000 to PST-3999. */
public enum GbcsFault implements FaultCode {
    BROKEN(stays(
            "PST-3001",
            DCC,
            "a GBCS message or block that is truncated or inconsistent",
            "the encoding of GBCS",
            "keep the message as received and contact its sender")),
    BEYOND_LIMIT(stays(
            "PST-3002",
            DCC,
            "a GBCS message that exceeds a limit of size, depth or number",
            "within the limits of the decoder",
            "keep the message as received and contact its sender")),
    NOT_CANONICAL(stays(
            "PST-3003",
            DCC,
            "a GBCS message that is not in canonical encoding",
            "the canonical encoding",
            "keep the message as received and contact its sender")),
    BYTES_LEFT_OVER(stays(
            "PST-3004",
            DCC,
            "bytes after the end of a GBCS message",
            "nothing follows the message",
            "keep the message as received and contact its sender")),
    UNKNOWN_KIND(stays(
            "PST-3005",
            DCC,
            "a tag, code or kind that GBCS does not define",
            "a tag, code or kind that GBCS defines",
            "keep the message as received and contact its sender")),
    ZCL_MALFORMED(stays(
            "PST-3020",
            DCC,
            "a ZCL payload that does not have the fields of its command",
            "the fields of the ZCL table",
            "keep the message as received and contact its sender")),
    ZCL_UNKNOWN_COMMAND(stays(
            "PST-3021",
            VENDOR,
            "a ZCL command that is not in the table",
            "a command of the ZCL table with fields",
            "report the cluster and command")),
    ZCL_VALUES(stays(
            "PST-3022",
            VENDOR,
            "values that do not fit the fields of a ZCL command",
            "names and sizes of the ZCL table",
            "correct the values, or report the use case")),
    PROTECTION_MISMATCH(stays(
            "PST-3040",
            SECURITY_OFFICER,
            "a message without the MAC or signature that its message code requires",
            "the protection that GBCS requires for the message code",
            "do not act on the message; keep it as received")),
    UTRN_INVALID(stays(
            "PST-3060",
            SUPPLIER,
            "digits that are not a UTRN",
            "twenty digits, the last a check digit over the others",
            "read the token again")),
    UTRN_VALUE(stays(
            "PST-3061",
            SUPPLIER,
            "an amount that is too high for one UTRN",
            "0 to 8191",
            "split the top-up into several tokens")),
    UTRN_VALUE_CLASS(stays(
            "PST-3062",
            SUPPLIER,
            "a UTRN whose value is neither in pence nor in pounds",
            "0 pence or 1 pounds",
            "ask the sender for another token")),
    UTRN_OUT_OF_RANGE(stays(
            "PST-3063",
            SUPPLIER,
            "digits that do not represent a token",
            "nineteen digits that represent a number of 63 bits",
            "ask the sender for another token")),
    CERTIFICATE_FILE(stays(
            "PST-3070",
            SECURITY_OFFICER,
            "a file of the key folder that is not a certificate",
            "an X.509 certificate in PEM or DER",
            "replace the file")),
    KEY_FILE(stays(
            "PST-3071",
            SECURITY_OFFICER,
            "a file of the key folder that is not a P-256 private key",
            "a P-256 private key without a password, PEM or DER",
            "replace the file")),
    NOT_AN_OBIS_CODE(stays(
            "PST-3090",
            VENDOR,
            "a text that is not an OBIS code",
            "A-B:C.D.E or A-B:C.D.E.F, each 0 to 255",
            "write it as 1-0:1.8.0.255"));

    private final FaultEntry entry;

    GbcsFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
