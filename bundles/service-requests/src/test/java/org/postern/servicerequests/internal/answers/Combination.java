package org.postern.servicerequests.internal.answers;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.parsecorrelate.ParsedMessage;

/**
 * The documents that {@link EveryCombinationTest} makes: each way of sending, payload, code and fault in the content.
 */
final class Combination {

    static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    static final Eui64 METER = Eui64.parse("00DB1234567890A0");
    static final Eui64 DCC = Eui64.parse("90B3D51F30000002");
    static final long COUNTER = 1000;

    static final ServiceCatalogue CATALOGUE = new ServiceCatalogue();

    record Way(String name, String service, SentTo sent, RequestContext.When when, int messageCode) {}

    /** How a document names its request. */
    enum Ids {
        BOTH,
        RESPONSE_ONLY,
        REQUEST_ONLY,
        NOT_MIRRORED,
        NONE
    }

    /**
     * Nothing that a device says is believed where its content is not of this request; the code alone is not touched by
     * it.
     */
    static String faulty(String right) {
        return switch (right) {
            case "success", "failed", "accepted", "instruction", "local" -> "unproven";
            case "scheduled" -> "unproven-run";
            default -> right;
        };
    }

    static String code(String column, Way way) {
        String own = way.service().split("\\.").length > 2
                ? way.service().substring(0, way.service().lastIndexOf('.'))
                : way.service();
        String digits = String.format(
                "%02d%02d01", Integer.parseInt(own.split("\\.")[0]), Integer.parseInt(own.split("\\.")[1]));
        return switch (column) {
            case "Wown" -> "W" + digits;
            case "Woth" -> "W050201".equals("W" + digits) ? "W050301" : "W050201";
            case "Eown" -> "E" + digits;
            case "Eoth" -> "E061301";
            default -> column;
        };
    }

    /** What may be wrong inside. */
    enum Content {
        RIGHT,
        OTHER_COUNTER,
        OTHER_DEVICE,
        OTHER_USER,
        OTHER_MESSAGE_CODE,
        NO_MESSAGE,
        NOT_AUTHENTIC,
        COMMAND,
        UNTOLD,
        DEVIATES,
        IMPOSSIBLE_DATE,
        OTHER_INSTRUCTION,
        /** Still encrypted, proven to be the device's; it gives its result codes in the clear. */
        ENCRYPTED,
        /** The same, and a result code in the clear is of a failure. */
        ENCRYPTED_FAILED,
        /** Still encrypted, and nothing that protects it could be checked. */
        ENCRYPTED_UNCHECKED,
        /** Still encrypted together with the statuses, as GBZ does. */
        ENCRYPTED_WHOLE;

        /** The verdict where that is wrong inside and this is the verdict where nothing is. */
        String verdict(String right) {
            return switch (this) {
                case ENCRYPTED -> right;
                // a device that did not take a command has nothing to carry out at its time
                case ENCRYPTED_FAILED ->
                    Set.of("success", "accepted").contains(right)
                            ? "failed"
                            : right.equals("scheduled") ? "unproven-run" : right;
                default -> faulty(right);
            };
        }

        boolean concerns(String payload) {
            if (name().startsWith("ENCRYPTED")) {
                return payload.equals("gbcs") || payload.equals("scheduled");
            }
            return switch (payload) {
                case "gbcs", "gbcs-failed", "customer-number" -> this != OTHER_INSTRUCTION;
                case "dated-alert" -> this != UNTOLD && this != IMPOSSIBLE_DATE && this != DEVIATES;
                case "local-command" ->
                    Set.of(OTHER_COUNTER, OTHER_DEVICE, OTHER_MESSAGE_CODE, NO_MESSAGE)
                            .contains(this);
                case "scheduled" -> this != OTHER_INSTRUCTION && this != OTHER_COUNTER && this != OTHER_DEVICE;
                case "smets1", "smets1-failed" ->
                    Set.of(OTHER_COUNTER, OTHER_DEVICE, OTHER_USER, UNTOLD).contains(this);
                default -> false;
            };
        }
    }

    /** One document and its request. */
    record Document(Way way, String payload, String code, Ids ids, String service, Content content) {

        Eui64 target() {
            return way.sent() == SentTo.DCC ? DCC : METER;
        }

        RequestId id() {
            return new RequestId(USER, target(), COUNTER);
        }

        RequestContext asked() {
            ServiceRow row = CATALOGUE.require(way.service());
            return new RequestContext(
                    id(),
                    way.service(),
                    row.reference(),
                    way.sent(),
                    new RequestContext.Timing(way.when(), Optional.of("2030-01-15T09:00:00Z")),
                    false,
                    Set.copyOf(row.useCases()),
                    row.critical() ? OptionalInt.of(way.messageCode()) : OptionalInt.empty());
        }

        DuisResponse response() {
            Optional<RequestId> request =
                    ids == Ids.RESPONSE_ONLY || ids == Ids.NONE ? Optional.empty() : Optional.of(id());
            Optional<ResponseId> response = ids == Ids.REQUEST_ONLY || ids == Ids.NONE
                    ? Optional.empty()
                    : Optional.of(
                            ids == Ids.NOT_MIRRORED ? new ResponseId(target(), USER, COUNTER + 1) : id().responseId());
            return new DuisResponse("5.4", request, response, code, Instant.EPOCH, body());
        }

        private ResponseBody body() {
            String variant = payload.equals("scheduled") && service.equals(way.service()) ? "4.16" : service;
            String reference =
                    variant.split("\\.").length > 2 ? variant.substring(0, variant.lastIndexOf('.')) : variant;
            Bytes bytes = Bytes.of(new byte[] {1});
            return switch (payload) {
                case "device-alert" -> new ResponseBody.DeviceAlertMessage(0x8F35, Throttle.NONE, bytes);
                case "dcc-alert" ->
                    new ResponseBody.DccAlertMessage("AD1", Throttle.NONE, DuisElement.of("PowerOutageEvent"));
                case "unread" -> new ResponseBody.UnreadMessage("NewMessage", "not known");
                case "smets1", "smets1-failed" ->
                    new ResponseBody.Smets1ResponseMessage(
                            Optional.of(reference), Optional.of(variant), Optional.empty(), Throttle.NONE, smets1());
                default -> new ResponseBody.ResponseMessage(reference, variant, payloadOf(bytes));
            };
        }

        private DuisElement smets1() {
            DuisElement result = new DuisElement(
                    DuisElement.MMC,
                    "ReadActivePowerImportRsp",
                    content == Content.UNTOLD
                            ? Map.of()
                            : Map.of("MessageSuccess", payload.equals("smets1") ? "true" : "false"),
                    List.of(),
                    "");
            Eui64 device = content == Content.OTHER_DEVICE ? Eui64.parse("00DB123456789FFF") : target();
            Eui64 user = content == Content.OTHER_USER ? Eui64.parse("90B3D51F30010099") : USER;
            return DuisElement.of(
                    "SMETS1SignedResponse",
                    DuisElement.of(
                            "SMETS1Response",
                            DuisElement.of(
                                    "Header",
                                    DuisElement.leaf("BusinessOriginatorID", device.dashed()),
                                    DuisElement.leaf("BusinessTargetID", user.dashed()),
                                    DuisElement.leaf(
                                            "OriginatorCounter",
                                            Long.toString(content == Content.OTHER_COUNTER ? COUNTER + 1 : COUNTER))),
                            DuisElement.of("Body", DuisElement.of("ResponseMessage", result))));
        }

        private Optional<ResponsePayload> payloadOf(Bytes bytes) {
            return Optional.ofNullable(
                    switch (payload) {
                        case "none" -> null;
                        case "gbcs", "gbcs-failed" -> new ResponsePayload.GbcsPayload(bytes);
                        case "customer-number" -> new ResponsePayload.CustomerNumber(bytes, "1234");
                        case "dated-alert" ->
                            new ResponsePayload.FutureDatedDeviceAlertMessage(
                                    true, bytes, content == Content.OTHER_INSTRUCTION ? 3 : 1, 2);
                        case "pre-command" -> new ResponsePayload.PreCommand("4.1", bytes);
                        case "local-command" -> new ResponsePayload.LocalCommand(bytes);
                        case "inventory" -> new ResponsePayload.DccData(DuisElement.of("DSPInventory"));
                        case "schedule-id" -> new ResponsePayload.ScheduleId(4711);
                        case "firmware-warning" ->
                            new ResponsePayload.DccData(DuisElement.of("DSPUpdateFirmwareWarning"));
                        case "scheduled" -> new ResponsePayload.ScheduledMessage(bytes, 4711);
                        default -> new ResponsePayload.UnknownPayload("DSPNewThing", "an unknown element");
                    });
        }

        Optional<ParsedMessage> parsed() {
            return switch (payload) {
                case "gbcs",
                        "gbcs-failed",
                        "customer-number",
                        "dated-alert",
                        "local-command",
                        "scheduled",
                        "device-alert" ->
                    Optional.of(new Messages(
                                    USER, METER, COUNTER, way.service(), way.messageCode(), payload, content.name())
                            .parsed());
                default -> Optional.empty();
            };
        }
    }

    private Combination() {}
}
