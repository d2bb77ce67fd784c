package org.postern.servicerequests.internal.answers;

import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ResponseId;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;

/**
 * Answers of SMETS1 meters: MMC in a DUIS document, with an additional signature of the SMETS1 service provider (DUIS,
 * SMETS1ResponseMessage).
 */
final class Smets1Answers {

    private static final String HEADER = "SMETS1Response/Header/";
    private static final String SUCCESS = "MessageSuccess";

    private Smets1Answers() {}

    static Meaning answer(RequestContext asked, ResponseBody.Smets1ResponseMessage message) {
        DuisElement signed = message.signedResponse();
        if (!is(signed, "BusinessOriginatorID", asked.requestId().target())
                || !is(signed, "BusinessTargetID", asked.requestId().originator())
                || !signed.find(HEADER + "OriginatorCounter")
                        .filter(Long.toUnsignedString(asked.requestId().counter())::equals)
                        .isPresent()) {
            return new Meaning.Unproven("the SMETS1 answer in it belongs to another request", true, "");
        }
        Optional<Boolean> success = success(signed);
        return success.isEmpty()
                ? new Meaning.Unproven("the SMETS1 answer in it does not state whether the command succeeded", true, "")
                : new Meaning.Device(success.get(), Optional.empty());
    }

    /** A run of a schedule, or an alert. */
    static Meaning unsolicited(DuisResponse response, ResponseBody.Smets1ResponseMessage message) {
        String device = response.responseId()
                .map(ResponseId::originator)
                .map(Eui64::toString)
                .orElse("");
        DuisElement signed = message.signedResponse();
        if (message.scheduleId().isPresent()) {
            Optional<Boolean> success = success(signed);
            return new Meaning.Scheduled(
                    message.scheduleId().get(),
                    signed.find(HEADER + "OriginatorCounter").orElse(""),
                    device,
                    message.serviceReferenceVariant().orElse(""),
                    success.isPresent() ? "" : "the SMETS1 answer in it does not state whether the command succeeded",
                    success.orElse(false));
        }
        return message.serviceReference().isPresent()
                ? new Meaning.Unmatched("no such request")
                : new Meaning.DeviceAlert("", device, "");
    }

    private static boolean is(DuisElement signed, String name, Eui64 expected) {
        try {
            return signed.find(HEADER + name)
                    .map(Eui64::parse)
                    .filter(expected::equals)
                    .isPresent();
        } catch (PosternException e) {
            return false;
        }
    }

    /** MessageSuccess of all elements that have it: true if all are true; empty if no element has it. */
    private static Optional<Boolean> success(DuisElement element) {
        Optional<Boolean> all = Optional.ofNullable(element.attributes().get(SUCCESS))
                .map(text -> text.equals("true") || text.equals("1"));
        for (DuisElement child : element.children()) {
            Optional<Boolean> one = success(child);
            all = all.isEmpty() ? one : all.map(good -> good && one.orElse(true));
        }
        return all;
    }
}
