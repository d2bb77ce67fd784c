package org.postern.duis.internal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;

/** Converts the tree of a response to a record and checks the order of its elements. */
public final class ResponseMapping {

    private static final long UNSIGNED_INT = 0xFFFF_FFFFL;
    private static final long MAX_SCHEDULE_ID = 1_000_000_000_000L;
    private static final Pattern CODE = Pattern.compile("[A-Z]\\d{1,6}");
    private static final Set<String> DCC_DATA = Set.of(
            "DSPInventory",
            "DSPOptIn",
            "DSPSchedulesRead",
            "DSPUpdateFirmwareWarning",
            "DSPUpdatePPMIDFirmwareWarning",
            "DSPWANMatrix");
    private static final int MAX_NAME_LENGTH = 60;

    private ResponseMapping() {}

    /** The response of DUIS 5.4 with this root. */
    public static DuisResponse response(DuisElement root) {
        return strict(root, false);
    }

    private static DuisResponse strict(DuisElement root, boolean keepUnknown) {
        Fields document = new Fields("Response", RequestMapping.root(root, "Response"));
        Fields header = new Fields("Header", document.required("Header"));
        Optional<RequestId> requestId = header.optionalId("RequestID", RequestId::parse);
        Optional<ResponseId> responseId = header.optionalId("ResponseID", ResponseId::parse);
        String code = header.text("ResponseCode");
        if (!CODE.matcher(code).matches()) {
            throw header.value("ResponseCode", "a letter and digits", "another text");
        }
        Instant at = header.dateTime("ResponseDateTime");
        header.end();
        Fields body = new Fields("Body", document.required("Body"));
        ResponseBody content = body(body.any("one message element"), keepUnknown);
        body.end();
        document.end();
        return new DuisResponse(RequestMapping.version(root), requestId, responseId, code, at, content);
    }

    /**
     * A response as far as it can be interpreted. Nothing is refused: what is not defined in DUIS 5.4 becomes an unread
     * message or an unknown payload, with the values of the header that can be read.
     */
    public static DuisResponse known(DuisElement root) {
        try {
            return strict(root, true);
        } catch (PosternException e) {
            return unread(root, e.fault());
        }
    }

    /** The header as far as it can be read, and the reason why the response cannot be interpreted. */
    private static DuisResponse unread(DuisElement root, Fault fault) {
        Optional<DuisElement> header = root.child("Header");
        String element = root.child("Body")
                .flatMap(body -> body.children().stream().findFirst())
                .map(DuisElement::name)
                .orElse(root.name());
        return new DuisResponse(
                optional(() -> RequestMapping.version(root)).orElse("unknown"),
                header.flatMap(h -> h.find("RequestID")).flatMap(text -> optional(() -> RequestId.parse(text))),
                header.flatMap(h -> h.find("ResponseID")).flatMap(text -> optional(() -> ResponseId.parse(text))),
                header.flatMap(h -> h.find("ResponseCode"))
                        .filter(code -> CODE.matcher(code).matches())
                        .orElse("unknown"),
                header.flatMap(h -> h.find("ResponseDateTime"))
                        .flatMap(text ->
                                optional(() -> OffsetDateTime.parse(text).toInstant()))
                        .orElse(Instant.EPOCH),
                new ResponseBody.UnreadMessage(
                        name(element), fault.field() + ": " + fault.cause() + "; rule: " + fault.rule()));
    }

    private static String name(String element) {
        return element.length() <= MAX_NAME_LENGTH ? element : element.substring(0, MAX_NAME_LENGTH);
    }

    /**
     * Empty where the value cannot be read; this includes the exceptions of the JDK for a text that is not a date-time.
     */
    private static <T> Optional<T> optional(Supplier<T> read) {
        try {
            return Optional.of(read.get());
        } catch (PosternException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static ResponseBody body(DuisElement element, boolean keepUnknown) {
        Fields fields = new Fields("Body/" + element.name(), element);
        ResponseBody body = switch (element.name()) {
            case "ResponseMessage" ->
                new ResponseBody.ResponseMessage(
                        RequestMapping.reference(fields, "ServiceReference"),
                        RequestMapping.reference(fields, "ServiceReferenceVariant"),
                        keepUnknown
                                ? anyPayload(fields)
                                : fields.rest("one payload element").map(ResponseMapping::payload));
            case "DeviceAlertMessage" ->
                new ResponseBody.DeviceAlertMessage(
                        fields.hex16("AlertCode"), throttle(fields), fields.bytes("GBCSPayload"));
            case "DCCAlertMessage" -> dccAlert(fields, keepUnknown);
            case "SMETS1ResponseMessage" ->
                new ResponseBody.Smets1ResponseMessage(
                        fields.optionalText("ServiceReference"),
                        fields.optionalText("ServiceReferenceVariant"),
                        fields.optionalText("DSPScheduleID")
                                .map(t -> fields.unsigned("DSPScheduleID", t, MAX_SCHEDULE_ID)),
                        throttle(fields),
                        fields.required("SMETS1SignedResponse"));
            default ->
                throw DocumentParser.refused(
                        DuisFault.UNEXPECTED_ELEMENT,
                        "Body/" + element.name(),
                        "a message of DUIS 5.4",
                        "an unknown element",
                        "ask the sender to correct it");
        };
        fields.end();
        return body;
    }

    /** The payload, known or unknown; empty where there is none. */
    private static Optional<ResponsePayload> anyPayload(Fields fields) {
        List<DuisElement> all = fields.remaining();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        DuisElement first = all.get(0);
        if (all.size() > 1) {
            return Optional.of(unknown(first, "more than one payload element"));
        }
        if (!first.namespace().equals(DuisElement.DUIS)) {
            return Optional.of(unknown(first, "an element of another namespace"));
        }
        try {
            return Optional.of(payload(first));
        } catch (DuisException e) {
            return Optional.of(unknown(
                    first,
                    e.fault().field() + ": " + e.fault().cause() + "; rule: "
                            + e.fault().rule()));
        }
    }

    private static ResponsePayload unknown(DuisElement element, String problem) {
        return new ResponsePayload.UnknownPayload(name(element.name()), problem);
    }

    private static ResponseBody dccAlert(Fields fields, boolean keepUnknown) {
        String code = fields.text("DCCAlertCode");
        Throttle throttle = throttle(fields);
        Fields alert = new Fields("Body/DCCAlertMessage/DCCAlert", fields.required("DCCAlert"));
        DuisElement payload = alert.any("one alert payload");
        alert.end();
        ResponseBody.DccAlertMessage read = new ResponseBody.DccAlertMessage(code, throttle, payload);
        if (!keepUnknown && !read.known()) {
            throw DocumentParser.refused(
                    DuisFault.UNEXPECTED_ELEMENT,
                    "Body/DCCAlertMessage/DCCAlert/" + payload.name(),
                    "a code and payload of DUIS 5.4",
                    "an unknown code or payload",
                    "check the schema version agreed with the DCC");
        }
        return read;
    }

    private static Throttle throttle(Fields fields) {
        Optional<Long> sequence = fields.optionalText("ThrottledAlertSequenceId")
                .map(t -> fields.unsigned("ThrottledAlertSequenceId", t, UNSIGNED_INT));
        Optional<Long> count = fields.optionalText("ThrottledAlertCount")
                .map(t -> fields.unsigned("ThrottledAlertCount", t, UNSIGNED_INT));
        return sequence.isEmpty() && count.isEmpty() ? Throttle.NONE : new Throttle(sequence, count);
    }

    private static ResponsePayload payload(DuisElement element) {
        String path = "Body/ResponseMessage";
        if (element.name().equals("GBCSPayload") || element.name().equals("DSPScheduleID")) {
            Fields self = new Fields(path, DuisElement.of("ResponseMessage", element));
            return element.name().equals("GBCSPayload")
                    ? new ResponsePayload.GbcsPayload(self.bytes("GBCSPayload"))
                    : new ResponsePayload.ScheduleId(schedule(self));
        }
        if (DCC_DATA.contains(element.name())) {
            return new ResponsePayload.DccData(element);
        }
        Fields fields = new Fields(path + "/" + element.name(), element);
        ResponsePayload payload = switch (element.name()) {
            case "PreCommand" ->
                new ResponsePayload.PreCommand(fields.text("GBCSVersion"), fields.bytes("GBCSPayload"));
            case "LocalCommand" -> new ResponsePayload.LocalCommand(fields.bytes("GBCSPayload"));
            case "FutureDatedDeviceAlertMessage" -> futureDated(fields);
            case "DSPScheduledMessage" ->
                new ResponsePayload.ScheduledMessage(fields.bytes("GBCSPayload"), schedule(fields));
            case "CINMessage" -> customerNumber(fields);
            default ->
                throw DocumentParser.refused(
                        DuisFault.UNEXPECTED_ELEMENT,
                        path + "/" + element.name(),
                        "a payload of DUIS 5.4",
                        "an unknown element",
                        "ask the sender to correct it");
        };
        fields.end();
        return payload;
    }

    private static long schedule(Fields fields) {
        return fields.unsigned("DSPScheduleID", fields.text("DSPScheduleID"), MAX_SCHEDULE_ID);
    }

    private static ResponsePayload futureDated(Fields fields) {
        int alert = fields.hex16("FutureDatedAlertCode");
        if (alert != 0x8F66 && alert != 0x8F67) {
            throw fields.value("FutureDatedAlertCode", "8F66 or 8F67", "another text");
        }
        return new ResponsePayload.FutureDatedDeviceAlertMessage(
                alert == 0x8F66,
                fields.bytes("GBCSPayload"),
                (int) fields.unsigned("InstructionNumber", fields.text("InstructionNumber"), 0xFFFF),
                (int) fields.unsigned("TotalCommandInstructions", fields.text("TotalCommandInstructions"), 0xFFFF));
    }

    private static ResponsePayload customerNumber(Fields fields) {
        var payload = fields.bytes("GBCSPayload");
        String number = fields.text("CustomerIdentificationNumber");
        if (!number.matches("\\d{4}")) {
            throw fields.value("CustomerIdentificationNumber", "four digits", "another text");
        }
        return new ResponsePayload.CustomerNumber(payload, number);
    }
}
