package org.postern.intake.internal;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SUPPLIER;
import static org.postern.catalogue.FaultActor.VENDOR;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of the JMS, HTTP and file interfaces, PST-7300 to PST-7399. */
enum IntakeFault implements FaultCode {
    JMS_MESSAGE(stays(
            "PST-7301",
            SUPPLIER,
            "a JMS message that is neither text nor bytes, or too large",
            "one request as a text or bytes message within jmsMaxBytes",
            "send one request as a text message")),
    UNAUTHORIZED(stays(
            "PST-7302",
            SUPPLIER,
            "no token, or a wrong one",
            "the token of the HTTP interface",
            "send the token of the HTTP interface")),
    NO_SUCH_PATH(stays(
            "PST-7303",
            SUPPLIER,
            "a path that the HTTP interface does not have",
            "a path of docs/openapi.yaml",
            "see docs/openapi.yaml")),
    METHOD_NOT_ALLOWED(stays(
            "PST-7304",
            SUPPLIER,
            "a method that the path does not have",
            "the method of docs/openapi.yaml",
            "see docs/openapi.yaml")),
    HEADERS(stays(
            "PST-7305",
            SUPPLIER,
            "headers of a request that cannot be used",
            "Content-Type and Idempotency-Key as in docs/openapi.yaml",
            "correct the headers")),
    NO_SUCH_REQUEST(stays(
            "PST-7306",
            SUPPLIER,
            "an id that belongs to no request",
            "an id that POST returned",
            "use the id that POST returned")),
    NO_RESULT_YET(passes(
            "PST-7307", SUPPLIER, "the request has no result yet", "a request that has its result", "ask again later")),
    TOO_LARGE(stays(
            "PST-7308",
            SUPPLIER,
            "a submission or file refused unread for its size",
            "at most httpMaxBytes; of a file fileMaxMiB, of its lines fileMaxLineBytes",
            "split it, or raise the limit")),
    LINE(stays(
            "PST-7309",
            SUPPLIER,
            "a line of a batch file that is not a request",
            "one request a line, or the columns of the heading",
            "correct the line and submit the file again")),
    LINE_CUT_SHORT(stays(
            "PST-7310",
            SUPPLIER,
            "the last line of a CSV without its line break",
            "a CSV ends with a line break",
            "submit the complete missing line in another file")),
    FILE_TAKEN_BEFORE(stays(
            "PST-7311",
            SUPPLIER,
            "a file of the same name and content was taken before",
            "each file once",
            "give it another name if it is meant to be taken again")),
    NOT_A_FILE(stays(
            "PST-7312",
            SUPPLIER,
            "a link, a folder or a device where a file should be; not opened",
            "a regular file",
            "put the file itself there")),
    CSV_HEADING(stays(
            "PST-7313",
            SUPPLIER,
            "a CSV whose heading names a column twice, an unknown one, or has another separator",
            "the columns of the file interface, each once, with commas",
            "correct the heading and submit the file again")),
    FILE_HAS_GROWN(passes(
            "PST-7314",
            SUPPLIER,
            "a file that grew after it was read; its further lines are read as well",
            "a file is complete when it is put there",
            "write the file under another name and rename it when it is complete")),
    CLAIM_UNREADABLE(stays(
            "PST-7315",
            OPERATOR,
            "the record of a claimed file cannot be read; the file stays where it is",
            "the records of claimed files are readable",
            "check the file, and move it to the folder for new files if it is to be read again")),
    FILE_TAKEN_AWAY(stays(
            "PST-7316",
            OPERATOR,
            "a file was taken out of the work folder while it was read",
            "files in the work folder are not touched",
            "see its report for what was admitted")),
    FILE_ENDING(stays(
            "PST-7317",
            SUPPLIER,
            "a file whose name has an ending that is not read",
            ".xml, .json, .jsonl or .csv",
            "rename it")),
    NO_REQUEST_IN_FILE(stays(
            "PST-7318", SUPPLIER, "a file without any request", "at least one request", "submit a file with requests")),
    REPLY_ADDRESS(stays(
            "PST-7320",
            SUPPLIER,
            "a JMSReplyTo that names no single queue",
            "the name of one queue",
            "name one queue, for example postern.reply.crm")),
    NOT_HTTP(stays(
            "PST-7321",
            SUPPLIER,
            "bytes that are not an HTTP request, or whose lengths or chunks do not match",
            "a request according to RFC 9112",
            "correct the client")),
    TOO_SLOW(passes(
            "PST-7322",
            SUPPLIER,
            "a request that did not arrive completely in time; nothing was admitted",
            "head and body within httpRequestTimeoutSeconds",
            "send it again, faster")),
    NOT_READY(passes(
            "PST-7323",
            OPERATOR,
            "nothing can be admitted now: the key vault is not open, or Postern is starting",
            "an open key vault, and the life cycle's bundle started",
            "see GET /health for the reason; submit it again later")),
    HTTP_KEYS(stays(
            "PST-7324",
            OPERATOR,
            "key files of the HTTP interface that cannot be used; the last good key stays in use",
            "a PKCS#12 store with a private key and its certificates, which its password opens",
            "provide a store and its matching password; they are checked again automatically")),
    BUSY(passes(
            "PST-7325",
            SUPPLIER,
            "the HTTP interface has as many requests in progress and waiting as it accepts; nothing was admitted",
            "no more requests at once than the interface has threads and waiting places for",
            "send it again after Retry-After")),
    ENDED_WITHOUT_RESULT(stays(
            "PST-7326",
            SUPPLIER,
            "the request has ended and has no result",
            "a request that has its result",
            "do not ask again; state and cause describe how it ended")),
    OPTION(stays(
            "PST-7327",
            SUPPLIER,
            "a lane or form of the result that does not exist; nothing was admitted",
            "the lanes PREPAYMENT, INTERACTIVE, ROUTINE and BULK; the forms xml and json",
            "send one of those that the rule names, or none")),
    ROUTES_NOT_THERE(passes(
            "PST-7330",
            OPERATOR,
            "the routes of the HTTP interface are not running: a module that they need is starting, stopped or being replaced, or they cannot be opened",
            "every module that the routes need is running, the port is free, and the key files can be read",
            "the client retries; if the fault persists, dcc:status and the log name what is missing")),
    INTERFACE_FAILED(
            passes(
                    "PST-7399",
                    VENDOR,
                    "a submission failed unexpectedly",
                    "every submission is either admitted or refused by a rule",
                    "try again with the same Idempotency-Key; nothing was admitted unless the answer to that attempt states so"));

    private final FaultEntry entry;

    IntakeFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
