package org.postern.servicerequests.internal.answers;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.Bytes;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Verdict;
import org.postern.parsecorrelate.ParsedMessage;

/**
 * Checks device messages against the request that they claim to answer. The XML signature proves that the document is
 * from the DCC; these checks show whether the device sent the message, and for this request.
 */
final class GbcsAnswers {

    private static final int COMMAND = 1;
    private static final int RESPONSE = 2;
    private static final String STILL_ENCRYPTED =
            "the content is still encrypted: only the result codes were read, not the data that they refer to";

    private final Predicate<Eui64> ours;
    private final TopUpResults topUps = new TopUpResults();

    GbcsAnswers(Predicate<Eui64> ours) {
        this.ours = ours;
    }

    Meaning answer(RequestContext asked, ParsedMessage parsed, List<String> flags) {
        String problem = problem(asked, parsed);
        if (!problem.isEmpty()) {
            return new Meaning.Unproven(problem, true, "");
        }
        boolean success = success(parsed).orElseThrow();
        flagContent(parsed, flags);
        Optional<TopUpResults.AlreadyReceived> earlier = success
                ? Optional.empty()
                : topUps.of(
                        parsed,
                        asked.tokenAlert().map(RequestContext.TokenAlert::code).orElse(""));
        if (earlier.isPresent()) {
            String doubt = earlier.get().flag();
            if (!parsed.proven()) {
                doubt = "the authenticity of the meter's message was not checked";
            }
            boolean confirmed =
                    parsed.proven() && (doubt.isEmpty() || earlier.get().alert());
            if (!doubt.isEmpty()) {
                flags.add(
                        confirmed
                                ? doubt
                                : "perhaps credited already, " + earlier.get().words() + ": " + doubt);
            }
            if (confirmed) {
                return new Meaning.AlreadyCredited(
                        earlier.get().result(), earlier.get().words(), doubt.isEmpty());
            }
        }
        asked.tokenAlert().ifPresent(alert -> flags.add(alert + " was received while the top-up was in progress"));
        CommandAnswer answer = CommandAnswer.of(parsed.message());
        boolean dated = asked.timing().when() == RequestContext.When.HELD_BY_DEVICE;
        if (dated && answer.immediate().orElse(false)) {
            flags.add("the device carried out the command at once, although it was future-dated for "
                    + asked.timing().time().orElse(""));
        } else if (!asked.timing().futureDated() && !answer.immediate().orElse(true)) {
            flags.add("the device only confirmed receipt of a command that was to be carried out at once");
        }
        return success && dated && !answer.immediate().orElse(false)
                ? new Meaning.Accepted()
                : new Meaning.Device(success, answer.firmware());
    }

    /** Why a message is not the device's answer to the request; empty if it is. */
    private String problem(RequestContext asked, ParsedMessage parsed) {
        if (!parsed.ok()) {
            return parsed.reason();
        }
        GbcsMessage message = parsed.message().orElseThrow();
        GroupingHeader header = message.header();
        if (message.kind() != MessageKind.RESPONSE || header.cra() != RESPONSE) {
            return "the GBCS message is not a response";
        }
        if (!answers(header, asked)) {
            return "the GBCS message answers another request";
        }
        if (!asked.otherCommands()
                && asked.command().isPresent()
                && asked.command().getAsInt() != header.messageCode()) {
            return String.format(
                    Locale.ROOT,
                    "the GBCS message answers message code %s, and %04X was sent",
                    header.messageCodeHex(),
                    asked.command().getAsInt());
        }
        if (!belongsTo(asked.service(), asked.useCases(), parsed)) {
            return "message code " + header.messageCodeHex() + " is not of service " + asked.service();
        }
        return readable(parsed);
    }

    /** Why its content cannot be used; empty if it can. */
    private static String readable(ParsedMessage parsed) {
        if (parsed.unsuccessful()) {
            return parsed.flag();
        }
        return success(parsed).isPresent()
                ? ""
                : "the GBCS message does not state whether the command succeeded"
                        + (parsed.reason().isEmpty() ? "" : ": " + parsed.reason());
    }

    /**
     * Whether the device reports success: according to the complete content or, if that is still encrypted and the
     * message is authenticated, according to the unencrypted result codes.
     */
    private static Optional<Boolean> success(ParsedMessage parsed) {
        return parsed.success().or(() -> parsed.proven() ? parsed.resultsInTheClear() : Optional.empty());
    }

    /** Adds flags about content that is used. */
    private static void flagContent(ParsedMessage parsed, List<String> flags) {
        if (!parsed.flag().isEmpty()) {
            flags.add(parsed.flag());
        }
        if (parsed.success().isEmpty()) {
            flags.add(STILL_ENCRYPTED);
        }
    }

    private static boolean belongsTo(String service, java.util.Set<String> useCases, ParsedMessage parsed) {
        return parsed.services().contains(service)
                || parsed.useCase().filter(useCases::contains).isPresent();
    }

    private boolean answers(GroupingHeader header, RequestContext asked) {
        RequestId id = asked.requestId();
        if (asked.otherCommands() && !ours.test(header.target())) {
            // another party signed the command with its own counter: the answer is addressed to that party
            return header.originator().equals(id.target());
        }
        boolean direct = header.target().equals(id.originator()) && header.counter() == id.counter();
        boolean forUs =
                header.supplementaryParty().filter(id.originator()::equals).isPresent()
                        && usersCounter(header) == id.counter();
        return header.originator().equals(id.target()) && (direct || forUs);
    }

    /**
     * The counter of the RequestID in a message that names the User as supplementary party: the supplementary counter.
     * The counter of the header and the supplementary originator counter are those of the ACB and of the device (GBCS
     * section 7.2.7).
     */
    private static long usersCounter(GroupingHeader header) {
        return header.supplementaryCounter().orElse(header.counter());
    }

    Meaning localCommand(RequestContext asked, Bytes bytes, ParsedMessage parsed) {
        Optional<GbcsMessage> message = parsed.message();
        if (message.isEmpty()) {
            return new Meaning.Unproven("the command for local delivery cannot be read: " + parsed.reason(), true, "");
        }
        GroupingHeader header = message.get().header();
        RequestId id = asked.requestId();
        boolean ofUser = header.originator().equals(id.originator()) && header.counter() == id.counter()
                || header.supplementaryParty().filter(id.originator()::equals).isPresent()
                        && usersCounter(header) == id.counter();
        boolean code = asked.command().isPresent()
                ? asked.command().getAsInt() == header.messageCode()
                : parsed.useCase().filter(asked.useCases()::contains).isPresent()
                        || parsed.services().contains(asked.service());
        if (header.cra() != COMMAND || !header.target().equals(id.target()) || !ofUser || !code) {
            return new Meaning.Unproven("the command for local delivery is not that of the request", true, "");
        }
        return new Meaning.LocalCommand(bytes, asked.sent() == SentTo.BOTH);
    }

    Meaning instruction(
            RequestContext asked,
            ResponsePayload.FutureDatedDeviceAlertMessage alert,
            ParsedMessage parsed,
            List<String> flags) {
        Optional<OutcomeAlert> content =
                parsed.message().filter(m -> m.kind() == MessageKind.ALERT).flatMap(OutcomeAlert::of);
        String problem = problem(asked, alert, parsed, content);
        if (!problem.isEmpty()) {
            return new Meaning.Unproven(problem, false, "outcome of instruction " + alert.instructionNumber());
        }
        if (parsed.signature().verdict() == Verdict.UNCHECKED) {
            flags.add("the device's signature could not be checked: "
                    + parsed.signature().reason());
        }
        return new Meaning.Instruction(
                alert.instructionNumber(), alert.instructions(), alert.actioned(), content.orElseThrow());
    }

    /** Why an alert is not the outcome of an instruction of the request; empty if it is. */
    private static String problem(
            RequestContext asked,
            ResponsePayload.FutureDatedDeviceAlertMessage alert,
            ParsedMessage parsed,
            Optional<OutcomeAlert> said) {
        if (!parsed.ok()) {
            return parsed.reason();
        }
        if (said.isEmpty()) {
            return "the GBCS message is not an alert with the outcome of a future-dated command";
        }
        if (asked.timing().when() != RequestContext.When.HELD_BY_DEVICE) {
            return asked.timing().cancels()
                    ? "the request is a cancellation"
                    : asked.timing().futureDated()
                            ? "the request is stored by the DCC, not by the device"
                            : "the request is not future-dated";
        }
        if (alert.instructionNumber() < 1 || alert.instructionNumber() > alert.instructions()) {
            return "instruction " + alert.instructionNumber() + " of " + alert.instructions();
        }
        GroupingHeader header = parsed.message().orElseThrow().header();
        OutcomeAlert content = said.get();
        RequestId id = asked.requestId();
        if (!header.originator().equals(id.target())) {
            return "the alert is from another device";
        }
        if (content.alertCode() != (alert.actioned() ? 0x8F66 : 0x8F67)) {
            return String.format(
                    Locale.ROOT,
                    "the device reports %04X and the enclosing document %s",
                    content.alertCode(),
                    alert.actioned() ? "8F66" : "8F67");
        }
        if (asked.otherCommands()) {
            // the command's counter is that of the party that signed it, which is not known here
            return "";
        }
        if (!header.target().equals(id.originator())) {
            return "the alert is addressed to another party";
        }
        if (content.counter().orElse(-1) != id.counter()) {
            return "the alert concerns the command with counter "
                    + Long.toUnsignedString(content.counter().orElse(-1));
        }
        return asked.command().isEmpty()
                        || content.concerns(
                                header.messageCode(), asked.command().getAsInt())
                ? ""
                : String.format(
                        Locale.ROOT,
                        "the alert concerns a different command than message code %04X",
                        asked.command().getAsInt());
    }

    Meaning scheduled(
            DuisResponse response,
            ResponsePayload.ScheduledMessage payload,
            String service,
            Optional<ServiceRow> row,
            String problem,
            ParsedMessage parsed,
            List<String> flags) {
        Optional<GroupingHeader> header = parsed.message().map(GbcsMessage::header);
        String device = header.map(GroupingHeader::originator)
                .or(() -> response.responseId().map(ResponseId::originator))
                .map(Eui64::dashed)
                .orElse("");
        String run = header.map(h -> Long.toUnsignedString(h.counter())).orElse("");
        String proof = !problem.isEmpty() ? problem : run(response, service, row.orElseThrow(), parsed);
        if (proof.isEmpty()) {
            flagContent(parsed, flags);
        }
        return new Meaning.Scheduled(
                payload.scheduleId(),
                run,
                device,
                service,
                proof,
                proof.isEmpty() && success(parsed).orElse(false));
    }

    /**
     * Why a message is not a run of a schedule of this User; empty if it is. The DCC sends the command to the device in
     * its own name, so the User is named as supplementary party, and the ResponseID is that of the device or of the
     * request that created the schedule.
     */
    private String run(DuisResponse response, String service, ServiceRow row, ParsedMessage parsed) {
        if (!parsed.ok()) {
            return parsed.reason();
        }
        GbcsMessage message = parsed.message().orElseThrow();
        GroupingHeader header = message.header();
        if (message.kind() != MessageKind.RESPONSE || header.cra() != RESPONSE) {
            return "the GBCS message is not a response";
        }
        Optional<Eui64> user = Interpreter.answers(response).map(RequestId::originator);
        Optional<Eui64> from = Interpreter.answers(response).map(RequestId::target);
        Eui64 addressed = header.supplementaryParty().orElse(header.target());
        if (user.isEmpty() ? !ours.test(addressed) : !addressed.equals(user.get())) {
            return "the GBCS message is addressed to another User";
        }
        if (from.isPresent()
                && !from.get().equals(header.originator())
                && !from.get().equals(header.target())) {
            return "the GBCS message is from another device";
        }
        if (!belongsTo(service, java.util.Set.copyOf(row.useCases()), parsed)) {
            return "message code " + header.messageCodeHex() + " is not of service " + service;
        }
        return readable(parsed);
    }

    Meaning alert(
            DuisResponse response, ResponseBody.DeviceAlertMessage alert, ParsedMessage parsed, List<String> flags) {
        String enclosing = String.format(Locale.ROOT, "%04X", alert.alertCode());
        Optional<Eui64> named = response.responseId().map(ResponseId::originator);
        String proof = !parsed.ok()
                ? parsed.reason()
                : parsed.message().filter(m -> m.kind() == MessageKind.ALERT).isEmpty()
                        ? "the GBCS message is not an alert"
                        : "";
        if (!proof.isEmpty()) {
            return new Meaning.DeviceAlert(enclosing, named.map(Eui64::dashed).orElse(""), proof);
        }
        GbcsMessage message = parsed.message().orElseThrow();
        if (!parsed.flag().isEmpty()) {
            flags.add(parsed.flag());
        }
        // the content is signed by the device; the code in the enclosing document was set by the DCC
        String code = OutcomeAlert.code(message)
                .map(c -> String.format(Locale.ROOT, "%04X", c))
                .orElse(enclosing);
        if (!code.equals(enclosing)) {
            flags.add("the device reports " + code + " and the enclosing document " + enclosing);
        }
        Eui64 device = message.header().originator();
        if (named.filter(device::equals).isEmpty()) {
            flags.add("the alert is from device " + device.dashed() + " and the enclosing document names "
                    + named.map(Eui64::dashed).orElse("none"));
        }
        // without a checked signature or MAC it must not affect other requests
        return new Meaning.DeviceAlert(
                code,
                device.dashed(),
                "",
                OutcomeAlert.time(message)
                        .filter(time -> parsed.proven())
                        .map(time -> new Meaning.DeviceAlert.Event(
                                device, message.header().target(), time)));
    }
}
