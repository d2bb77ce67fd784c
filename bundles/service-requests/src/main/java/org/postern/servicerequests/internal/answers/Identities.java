package org.postern.servicerequests.internal.answers;

import java.util.Optional;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.GbcsCodec;

/** Determines the identity of a document of the DCC by its kind, so that repeated deliveries are recognised. */
public final class Identities {

    private static final GbcsCodec CODEC = new GbcsCodec();

    private Identities() {}

    /**
     * The identity of a verified document.
     *
     * @param content digest of its content without the signature, hex
     */
    public static InboundIdentity of(DuisResponse response, String content) {
        Optional<ResponseId> id =
                response.responseId().or(() -> response.requestId().map(RequestId::responseId));
        return response.body()
                .fold(
                        message -> message(response, message, id, content),
                        alert -> alert(response, id, content),
                        alert -> alert(response, id, content),
                        // a run of a schedule, an alert, or an answer; if it names no request, its content is its
                        // identity
                        smets1 -> smets1.scheduleId().isPresent()
                                        || smets1.serviceReference().isEmpty()
                                ? alert(response, id, content)
                                : answer(response, id, Optional.empty(), content),
                        unread -> alert(response, id, content));
    }

    private static InboundIdentity message(
            DuisResponse response, ResponseBody.ResponseMessage message, Optional<ResponseId> id, String content) {
        ResponsePayload payload = message.payload().orElse(null);
        if (payload instanceof ResponsePayload.ScheduledMessage run) {
            return InboundIdentity.run(
                    id, response.kind(), response.responseCode(), run.scheduleId(), run(run, content));
        }
        Optional<Integer> instruction = payload instanceof ResponsePayload.FutureDatedDeviceAlertMessage alert
                ? Optional.of(alert.instructionNumber())
                : Optional.empty();
        return answer(response, id, instruction, content);
    }

    private static InboundIdentity answer(
            DuisResponse response, Optional<ResponseId> id, Optional<Integer> instruction, String content) {
        return id.isEmpty()
                ? alert(response, id, content)
                : InboundIdentity.received(
                        id, response.responseDateTime(), response.kind(), response.responseCode(), instruction);
    }

    private static InboundIdentity alert(DuisResponse response, Optional<ResponseId> id, String content) {
        return InboundIdentity.alert(id, response.kind(), response.responseCode(), content);
    }

    /**
     * Distinguishes runs of a schedule by the device and the counter of its message or, if they cannot be read, by the
     * content.
     */
    private static String run(ResponsePayload.ScheduledMessage message, String content) {
        try {
            var header = CODEC.decode(message.payload().toArray()).header();
            return header.originator() + ":" + Long.toUnsignedString(header.counter());
        } catch (PosternException e) {
            return content;
        }
    }
}
