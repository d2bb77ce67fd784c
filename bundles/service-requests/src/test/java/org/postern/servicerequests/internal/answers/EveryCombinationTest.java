package org.postern.servicerequests.internal.answers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ResponseId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.Table;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.parsecorrelate.ParsedMessage;

/**
 * Every combination of kind of document, payload, response code and way of the request, in every form of its ids, and
 * every fault of the content, against a table of the right verdicts that was written apart ({@code verdicts.tsv}).
 */
class EveryCombinationTest {

    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    private static final Eui64 METER = Eui64.parse("00DB1234567890A0");
    private static final Eui64 DCC = Eui64.parse("90B3D51F30000002");
    private static final long COUNTER = 1000;
    private static final Set<String> POSITIVE = Set.of(
            "acknowledged",
            "refused",
            "repeat",
            "unknown",
            "success",
            "failed",
            "accepted",
            "instruction",
            "pre-command",
            "local",
            "done",
            "scheduled");

    private static final ServiceCatalogue CATALOGUE = new ServiceCatalogue();

    private final Interpreter interpreter = new Interpreter(ResponseCodes.standard(), CATALOGUE, USER::equals);
    private final List<Way> ways = List.of(
            new Way("transform", "7.1", SentTo.TRANSFORM, RequestContext.When.NOW, 0x004F),
            new Way("device", "4.16", SentTo.DEVICE, RequestContext.When.NOW, 0x0028),
            new Way("device-dcc", "4.1.1", SentTo.DEVICE, RequestContext.When.HELD_BY_DCC, 0x002A),
            new Way("device-dev", "2.1", SentTo.DEVICE, RequestContext.When.HELD_BY_DEVICE, 0x001F),
            new Way("cancel-dcc", "4.1.1", SentTo.DEVICE, RequestContext.When.CANCELS_AT_THE_DCC, 0x002A),
            new Way("cancel-dev", "2.1", SentTo.DEVICE, RequestContext.When.CANCELS_ON_THE_DEVICE, 0x001F),
            new Way("cin", "9.1", SentTo.DEVICE, RequestContext.When.NOW, 0x0058),
            new Way("both", "7.1", SentTo.BOTH, RequestContext.When.NOW, 0x004F),
            new Way("local", "7.1", SentTo.LOCAL, RequestContext.When.NOW, 0x004F),
            new Way("dcc", "8.4", SentTo.DCC, RequestContext.When.NOW, 0),
            new Way("dcc-inventory", "8.2", SentTo.DCC, RequestContext.When.NOW, 0),
            new Way("dcc-schedule", "5.1", SentTo.DCC, RequestContext.When.NOW, 0),
            new Way("dcc-firmware", "11.1", SentTo.DCC, RequestContext.When.NOW, 0));
    private final List<String> payloads = List.of(
            "none",
            "gbcs",
            "gbcs-failed",
            "customer-number",
            "dated-alert",
            "pre-command",
            "local-command",
            "inventory",
            "schedule-id",
            "firmware-warning",
            "scheduled",
            "unknown-payload",
            "smets1",
            "smets1-failed",
            "device-alert",
            "dcc-alert",
            "unread");
    /** Response codes of the table, one of each kind. */
    private static final List<String> CODES =
            List.of("I0", "I99", "I7", "Wown", "Woth", "E4", "E11", "E20", "E21", "E30", "E9999", "Eown", "Eoth", "Z9");

    private final Map<String, List<String>> verdicts = new LinkedHashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int judged;
    private int falseAcceptances;
    private int falseRefusals;

    private record Way(String name, String service, SentTo sent, RequestContext.When when, int messageCode) {}

    /** How a document names its request. */
    private enum Ids {
        BOTH,
        RESPONSE_ONLY,
        REQUEST_ONLY,
        NOT_MIRRORED,
        NONE
    }

    private void readVerdicts() {
        List<String> columns = new ArrayList<>(List.of("way", "payload"));
        columns.addAll(CODES);
        Table.resource(EveryCombinationTest.class, "verdicts.tsv", columns.toArray(new String[0]))
                .rows()
                .forEach(row -> verdicts.putIfAbsent(
                        row.text("way") + " " + row.text("payload"),
                        CODES.stream().map(row::textOrEmpty).toList()));
    }

    private String verdict(Way way, String payload, int code) {
        for (String key : List.of(way.name() + " " + payload, "* " + payload, "* *")) {
            if (verdicts.containsKey(key)) {
                return verdicts.get(key).get(code);
            }
        }
        throw new AssertionError("no verdict");
    }

    @Test
    void everyDocumentMeansWhatTheTableSays() {
        readVerdicts();
        for (Way way : ways) {
            for (String payload : payloads) {
                for (int code = 0; code < CODES.size(); code++) {
                    String right = verdict(way, payload, code);
                    for (Ids ids : Ids.values()) {
                        for (boolean known : List.of(true, false)) {
                            check(
                                    way,
                                    payload,
                                    code,
                                    ids,
                                    known,
                                    way.service(),
                                    Content.RIGHT,
                                    named(right, payload, ids, known));
                        }
                    }
                    // of another service than was asked for
                    if (!Set.of("device-alert", "dcc-alert", "unread").contains(payload)) {
                        check(
                                way,
                                payload,
                                code,
                                Ids.BOTH,
                                true,
                                "6.4.1",
                                Content.RIGHT,
                                payload.equals("scheduled") ? "unproven-run" : "unproven");
                    }
                    for (Content fault : Content.values()) {
                        if (fault != Content.RIGHT && fault.concerns(payload)) {
                            check(way, payload, code, Ids.BOTH, true, way.service(), fault, fault.verdict(right));
                        }
                    }
                }
            }
        }
        System.out.printf(
                "[answers] %d documents judged; false acceptances %d, false refusals %d%n",
                judged, falseAcceptances, falseRefusals);
        assertThat(wrong).isEmpty();
        assertThat(judged).isGreaterThan(40_000);
        assertThat(falseAcceptances).isZero();
        assertThat(falseRefusals).isZero();
    }

    /** The verdict where the request is named in that way, or not known. */
    private static String named(String right, String payload, Ids ids, boolean known) {
        if (ids == Ids.NOT_MIRRORED) {
            return "quarantined";
        }
        boolean matched = known && ids != Ids.NONE;
        return switch (payload) {
            case "device-alert", "dcc-alert" -> "alert";
            // a run needs no request: the schedule's number and the User in it are enough, unless its code says that
            // there is none
            case "scheduled" -> matched ? right : "run-by-code";
            default -> matched ? right : "unmatched";
        };
    }

    /**
     * Nothing that a device says is believed where its content is not of this request; the code alone is not touched by
     * it.
     */
    private static String faulty(String right) {
        return switch (right) {
            case "success", "failed", "accepted", "instruction", "local" -> "unproven";
            case "scheduled" -> "unproven-run";
            default -> right;
        };
    }

    private void check(
            Way way,
            String payload,
            int code,
            Ids ids,
            boolean known,
            String service,
            Content content,
            String expected) {
        String text = code(CODES.get(code), way);
        Document document = new Document(way, payload, text, ids, service, content);
        Interpretation interpretation = interpreter.interpret(
                known && ids != Ids.NONE ? Optional.of(document.asked()) : Optional.empty(),
                document.response(),
                document.parsed());
        String got = interpretation.meaning().fold(NAME);
        String right = expected.equals("run-by-code") ? verdict(ways.get(11), "scheduled", code) : expected;
        judged++;
        if (Set.of("I7", "Z9", "E9999").contains(CODES.get(code))
                && ids != Ids.NOT_MIRRORED
                && interpretation.flags().isEmpty()) {
            wrong.add("no flag on the unknown code of " + document);
        }
        if (Set.of(Content.ENCRYPTED, Content.ENCRYPTED_FAILED).contains(content)
                && POSITIVE.contains(got)
                && Set.of("success", "failed", "accepted", "scheduled").contains(got)
                && interpretation.flags().stream().noneMatch(flag -> flag.contains("still encrypted"))) {
            wrong.add("no flag that it is encrypted on " + document);
        }
        if (!got.equals(right)) {
            wrong.add(document + (known ? "" : ", not in the ledger") + ": " + got + " where " + right + " is right");
            if (POSITIVE.contains(got) && !POSITIVE.contains(right)) {
                falseAcceptances++;
            } else if (!POSITIVE.contains(got) && POSITIVE.contains(right)) {
                falseRefusals++;
            }
        }
    }

    private static String code(String column, Way way) {
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
    private enum Content {
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
    private record Document(Way way, String payload, String code, Ids ids, String service, Content content) {

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

    private static final Meaning.Cases<String> NAME = new Meaning.Cases<>() {
        @Override
        public String acknowledged(Meaning.Acknowledged meaning) {
            return "acknowledged";
        }

        @Override
        public String preCommand(Meaning.PreCommand meaning) {
            return "pre-command";
        }

        @Override
        public String localCommand(Meaning.LocalCommand meaning) {
            return "local";
        }

        @Override
        public String done(Meaning.Done meaning) {
            return "done";
        }

        @Override
        public String device(Meaning.Device meaning) {
            return meaning.success() ? "success" : "failed";
        }

        @Override
        public String alreadyCredited(Meaning.AlreadyCredited meaning) {
            return "credited";
        }

        @Override
        public String accepted(Meaning.Accepted meaning) {
            return "accepted";
        }

        @Override
        public String instruction(Meaning.Instruction meaning) {
            return "instruction";
        }

        @Override
        public String refused(Meaning.Refused meaning) {
            return "refused";
        }

        @Override
        public String unknown(Meaning.Unknown meaning) {
            return meaning.repeatable() ? "repeat" : "unknown";
        }

        @Override
        public String scheduled(Meaning.Scheduled meaning) {
            return meaning.proof().isEmpty() && meaning.success() ? "scheduled" : "unproven-run";
        }

        @Override
        public String deviceAlert(Meaning.DeviceAlert meaning) {
            return "alert";
        }

        @Override
        public String dccAlert(Meaning.DccAlert meaning) {
            return "alert";
        }

        @Override
        public String noted(Meaning.Noted meaning) {
            return "noted";
        }

        @Override
        public String unproven(Meaning.Unproven meaning) {
            return "unproven";
        }

        @Override
        public String unmatched(Meaning.Unmatched meaning) {
            return "unmatched";
        }

        @Override
        public String quarantined(Meaning.Quarantined meaning) {
            return "quarantined";
        }
    };
}
