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
            "a setting of the gateway is missing or not valid, or a file that it names cannot be used",
            "a value as described in the settings file",
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
            "an exchange with the DCC failed unexpectedly; its outcome is in doubt and the request is sent again",
            "an exchange ends with an answer or a known reason",
            "see the log")),
    STOP_NOT_CLEAN(stays(
            "PST-7004",
            VENDOR,
            "Receive Response did not stop cleanly",
            "the listener stops within 5 s",
            "see the log; restart the bundle if the port stays in use")),
    DOCUMENT_NOT_TAKEN(passes(
            "PST-7005",
            OPERATOR,
            "a document from the DCC could not be stored; the DCC was asked to send it again",
            "a document is on disk before the DCC gets its answer",
            "see the log for what is not available: the ledger, the disk or the security log")),
    UNREAD(stays(
            "PST-7006",
            DCC,
            "a request to Receive Response was refused without reading its body",
            "the path, method, content type and size that Receive Response accepts",
            "find out who sent it; increase maxBytes if documents of this size are expected")),
    UNREACHABLE(passes(
            "PST-7008",
            OPERATOR,
            "the DCC cannot be reached; requests wait and are sent again automatically",
            "the DCC can be reached",
            "check the network, the DCC's address, and the certificate that the fault names")),
    CERTIFICATE(stays(
            "PST-7009",
            OPERATOR,
            "a certificate was refused in a TLS handshake",
            "a certificate that is valid now, issued by an authority in the trust store, for the host that was called",
            "renew it, or add its authority to the trust store")),
    TOO_SLOW(passes(
            "PST-7010",
            DCC,
            "a request to Receive Response did not arrive completely in time; its connection was closed",
            "a request arrives completely within requestTimeoutSeconds",
            "find out who sent it, and over which network"));

    private final FaultEntry entry;

    GatewayFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
