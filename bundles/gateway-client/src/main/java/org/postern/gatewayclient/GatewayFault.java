package org.postern.gatewayclient;

import static org.postern.catalogue.FaultActor.DCC;
import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.VENDOR;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of the exchange with the DCC, PST-7000 to PST-7089. */
public enum GatewayFault implements FaultCode {
    SETTING(stays(
            "PST-7001",
            OPERATOR,
            "a setting of the gateway that is missing or wrong, or a file it names cannot be used",
            "the value that the settings file explains",
            "correct the setting or the file")),
    PORT(stays(
            "PST-7002",
            OPERATOR,
            "the port of Receive Response cannot be opened",
            "a port that can be opened",
            "free the port or choose another")),
    EXCHANGE_FAILED(passes(
            "PST-7003",
            VENDOR,
            "an exchange with the DCC failed in a way that no rule names; the request is in doubt and tried again",
            "an exchange ends with an answer or a reason",
            "see the log")),
    STOP_NOT_CLEAN(stays(
            "PST-7004",
            VENDOR,
            "Receive Response did not stop cleanly",
            "the listener stops in time",
            "see the log; start the bundle again if the port stays taken")),
    DOCUMENT_NOT_TAKEN(passes(
            "PST-7005",
            OPERATOR,
            "a document from the DCC could not be taken; the DCC was told to send it again",
            "what was received is on disk before it is answered",
            "see the log for what is away: ledger, disk or security log")),
    UNREAD(stays(
            "PST-7006",
            DCC,
            "a request to Receive Response was refused unread",
            "the path, method and size of Receive Response",
            "see who sent it; raise maxBytes if such documents are meant to come")),
    UNREACHABLE(passes(
            "PST-7008",
            OPERATOR,
            "the DCC cannot be reached; requests wait and are sent again by themselves",
            "the DCC can be reached",
            "see to the network, the DCC's address, or the certificate that is named")),
    CERTIFICATE(stays(
            "PST-7009",
            OPERATOR,
            "a certificate was refused in a TLS handshake",
            "a certificate of an authority in the trust store, valid today, for the host that was called",
            "renew it, or add its authority to the trust store")),
    TOO_SLOW(passes(
            "PST-7010",
            DCC,
            "a request to Receive Response was not here whole in time; its connection was closed",
            "a request comes whole within requestTimeoutSeconds",
            "see who sent it and over which line"));

    private final FaultEntry entry;

    GatewayFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
