package org.postern.intake.internal;

import static org.postern.catalogue.FaultActor.SUPPLIER;
import static org.postern.catalogue.FaultActor.VENDOR;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of the JMS, HTTP and file interfaces, PST-7300 to PST-7399. */
enum IntakeFault implements FaultCode {

    JMS_MESSAGE(stays("PST-7301", SUPPLIER, "a JMS message that is neither text nor bytes, or too large",
            "one request as a text or bytes message within jmsMaxBytes", "send one request as a text message")),
    UNAUTHORIZED(stays("PST-7302", SUPPLIER, "no token, or a wrong one", "the token of the HTTP interface",
            "send the token of the HTTP door")),
    NO_SUCH_PATH(stays("PST-7303", SUPPLIER, "a path that the HTTP interface does not have",
            "a path of docs/openapi.yaml", "see docs/openapi.yaml")),
    METHOD_NOT_ALLOWED(stays("PST-7304", SUPPLIER, "a method that the path does not have",
            "the method of docs/openapi.yaml", "see docs/openapi.yaml")),
    HEADERS(stays("PST-7305", SUPPLIER, "headers of a request that cannot be used",
            "Content-Type and Idempotency-Key as in docs/openapi.yaml", "correct the headers")),
    NO_SUCH_REQUEST(stays("PST-7306", SUPPLIER, "an id that is no request's", "an id that POST answered",
            "the id is what POST answered")),
    NO_RESULT_YET(passes("PST-7307", SUPPLIER, "the request has no result yet", "a request that has its result",
            "ask again later")),
    TOO_LARGE(stays("PST-7308", SUPPLIER, "a submission or file refused unread for its size",
            "at most httpMaxBytes, or fileMaxBytes", "split it, or raise the limit")),
    LINE(stays("PST-7309", SUPPLIER, "a line of a batch file that is no request",
            "one request a line, or the columns of the heading", "correct the line and hand in the file again")),
    DOOR_FAILED(passes("PST-7399", VENDOR, "a submission failed in a way that no rule names",
            "a submission ends with an answer",
            "try again with the same Idempotency-Key; nothing was admitted unless that try says so"));

    private final FaultEntry entry;

    IntakeFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
