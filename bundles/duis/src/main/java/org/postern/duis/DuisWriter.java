package org.postern.duis;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.duis.internal.CanonicalWriter;

/**
 * Writes requests (Command Variants 1 to 8) and, for the simulator, responses. The documents have no white space
 * between elements and are in canonical form, as {@link DuisSigner} requires. Stateless.
 */
public final class DuisWriter {

    /** UTC with hundredths of a second, the format of the reference requests. */
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private DuisWriter() {}

    /** A date-time in the format of DUIS. */
    public static String dateTime(Instant instant) {
        return DATE_TIME.format(instant);
    }

    /**
     * A request's document.
     *
     * @throws DuisException PST-1015 or PST-1018 where the body contains what XML or DUIS does not permit
     */
    public static CanonicalDuis write(DuisRequest request) {
        return new CanonicalDuis(CanonicalWriter.of(document(request)));
    }

    /**
     * The document of a request, within the given limits, so that {@link DuisReader} can read it again: a stored
     * document is read later and must not be refused then.
     *
     * @throws DuisException as {@link #write(DuisRequest)}, and PST-1010 or PST-1011 where it is larger than the limits
     */
    public static CanonicalDuis write(DuisRequest request, DuisLimits limits) {
        return new CanonicalDuis(CanonicalWriter.of(document(request), limits));
    }

    private static DuisElement document(DuisRequest request) {
        List<DuisElement> header = new ArrayList<>();
        header.add(DuisElement.leaf("RequestID", request.requestId().toString()));
        request.firstInSequence().ifPresent(first -> header.add(DuisElement.leaf("FirstInSequence", first.toString())));
        request.precedingRequestId()
                .ifPresent(id -> header.add(DuisElement.leaf("PrecedingServiceRequestID", id.toString())));
        header.add(DuisElement.leaf(
                "CommandVariant", Integer.toString(request.variant().number())));
        header.add(DuisElement.leaf("ServiceReference", request.serviceReference()));
        header.add(DuisElement.leaf("ServiceReferenceVariant", request.serviceReferenceVariant()));
        return document("Request", request.schemaVersion(), header, request.body());
    }

    /**
     * The document of a response. The inner signature of a SMETS1 response is invalid in the new document.
     *
     * @throws DuisException PST-1015 or PST-1018 where it contains what XML or DUIS does not permit
     */
    public static CanonicalDuis write(DuisResponse response) {
        List<DuisElement> header = new ArrayList<>();
        response.requestId().ifPresent(id -> header.add(DuisElement.leaf("RequestID", id.toString())));
        response.responseId().ifPresent(id -> header.add(DuisElement.leaf("ResponseID", id.toString())));
        header.add(DuisElement.leaf("ResponseCode", response.responseCode()));
        header.add(DuisElement.leaf("ResponseDateTime", dateTime(response.responseDateTime())));
        DuisElement body = response.body()
                .fold(
                        DuisWriter::responseMessage,
                        DuisWriter::deviceAlert,
                        DuisWriter::dccAlert,
                        DuisWriter::smets1,
                        unread -> {
                            throw unreadable(unread.element());
                        });
        return new CanonicalDuis(CanonicalWriter.of(document("Response", response.schemaVersion(), header, body)));
    }

    private static DuisElement document(String root, String version, List<DuisElement> header, DuisElement body) {
        return DuisElement.of(root, DuisElement.of("Header", header), DuisElement.of("Body", body))
                .with("schemaVersion", version);
    }

    private static DuisElement responseMessage(ResponseBody.ResponseMessage message) {
        DuisElement element = DuisElement.of(
                "ResponseMessage",
                DuisElement.leaf("ServiceReference", message.serviceReference()),
                DuisElement.leaf("ServiceReferenceVariant", message.serviceReferenceVariant()));
        return message.payload().map(DuisWriter::payload).map(element::plus).orElse(element);
    }

    private static DuisElement payload(ResponsePayload payload) {
        return payload.fold(PAYLOAD);
    }

    private static final ResponsePayload.Cases<DuisElement> PAYLOAD = new ResponsePayload.Cases<>() {

        @Override
        public DuisElement gbcs(ResponsePayload.GbcsPayload p) {
            return DuisWriter.gbcs(p.payload());
        }

        @Override
        public DuisElement preCommand(ResponsePayload.PreCommand p) {
            return DuisElement.of(
                    p.element(), DuisElement.leaf("GBCSVersion", p.gbcsVersion()), DuisWriter.gbcs(p.payload()));
        }

        @Override
        public DuisElement localCommand(ResponsePayload.LocalCommand p) {
            return DuisElement.of(p.element(), DuisWriter.gbcs(p.payload()));
        }

        @Override
        public DuisElement futureDatedAlert(ResponsePayload.FutureDatedDeviceAlertMessage p) {
            return DuisElement.of(
                    p.element(),
                    DuisElement.leaf("FutureDatedAlertCode", p.actioned() ? "8F66" : "8F67"),
                    DuisWriter.gbcs(p.payload()),
                    DuisElement.leaf("InstructionNumber", Integer.toString(p.instructionNumber())),
                    DuisElement.leaf("TotalCommandInstructions", Integer.toString(p.instructions())));
        }

        @Override
        public DuisElement scheduled(ResponsePayload.ScheduledMessage p) {
            return DuisElement.of(
                    p.element(),
                    DuisWriter.gbcs(p.payload()),
                    DuisElement.leaf("DSPScheduleID", Long.toString(p.scheduleId())));
        }

        @Override
        public DuisElement customerNumber(ResponsePayload.CustomerNumber p) {
            return DuisElement.of(
                    p.element(),
                    DuisWriter.gbcs(p.payload()),
                    DuisElement.leaf("CustomerIdentificationNumber", p.number()));
        }

        @Override
        public DuisElement scheduleId(ResponsePayload.ScheduleId p) {
            return DuisElement.leaf(p.element(), Long.toString(p.id()));
        }

        @Override
        public DuisElement dccData(ResponsePayload.DccData p) {
            return p.data();
        }

        @Override
        public DuisElement unknown(ResponsePayload.UnknownPayload p) {
            throw unreadable(p.element());
        }
    };

    private static DuisException unreadable(String element) {
        return DuisException.of(
                DuisFault.INVALID_VALUE,
                "Body/" + element,
                "a message or payload of DUIS 5.4",
                "an unknown one",
                "keep the document as it was received");
    }

    private static DuisElement deviceAlert(ResponseBody.DeviceAlertMessage alert) {
        List<DuisElement> children = new ArrayList<>();
        children.add(DuisElement.leaf("AlertCode", String.format(Locale.ROOT, "%04X", alert.alertCode())));
        children.addAll(throttle(alert.throttle()));
        children.add(gbcs(alert.gbcsPayload()));
        return DuisElement.of("DeviceAlertMessage", children);
    }

    private static DuisElement dccAlert(ResponseBody.DccAlertMessage alert) {
        List<DuisElement> children = new ArrayList<>();
        children.add(DuisElement.leaf("DCCAlertCode", alert.code()));
        children.addAll(throttle(alert.throttle()));
        children.add(DuisElement.of("DCCAlert", alert.payload()));
        return DuisElement.of("DCCAlertMessage", children);
    }

    private static DuisElement smets1(ResponseBody.Smets1ResponseMessage message) {
        List<DuisElement> children = new ArrayList<>();
        message.serviceReference().ifPresent(text -> children.add(DuisElement.leaf("ServiceReference", text)));
        message.serviceReferenceVariant()
                .ifPresent(text -> children.add(DuisElement.leaf("ServiceReferenceVariant", text)));
        message.scheduleId().ifPresent(id -> children.add(DuisElement.leaf("DSPScheduleID", id.toString())));
        children.addAll(throttle(message.throttle()));
        children.add(message.signedResponse());
        return DuisElement.of("SMETS1ResponseMessage", children);
    }

    private static List<DuisElement> throttle(Throttle throttle) {
        List<DuisElement> elements = new ArrayList<>();
        Optional<Long> sequence = throttle.sequenceId();
        sequence.ifPresent(id -> elements.add(DuisElement.leaf("ThrottledAlertSequenceId", id.toString())));
        throttle.count().ifPresent(count -> elements.add(DuisElement.leaf("ThrottledAlertCount", count.toString())));
        return elements;
    }

    private static DuisElement gbcs(Bytes payload) {
        return DuisElement.leaf("GBCSPayload", Base64.getEncoder().encodeToString(payload.toArray()));
    }
}
