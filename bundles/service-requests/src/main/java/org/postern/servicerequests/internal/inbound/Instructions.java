package org.postern.servicerequests.internal.inbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Verdict;
import org.postern.ledger.Change;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.Instruction;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.internal.lifecycle.Dated;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outcomes of the instructions of future-dated commands (DUIS facts 1.8, F3). Each number from 1 to N counts once, whichever
 * document brings it and in whatever order; the request ends when all are in. An alert that is not provably about this request is
 * delivered and noted, and counts for nothing: the request waits on.
 */
final class Instructions {

    private static final Logger LOG = LoggerFactory.getLogger(Instructions.class);
    /** Two instructions of one request may be processed at once: whoever comes second looks again. */
    private static final int MOST_TRIES = 200;

    private final Ledger ledger;
    private final Progress progress;
    private final SecurityLog securityLog;
    private final Dated dated;
    private final GbcsCodec codec = new GbcsCodec();

    Instructions(Ledger ledger, Progress progress, SecurityLog securityLog, Dated dated) {
        this.ledger = ledger;
        this.progress = progress;
        this.securityLog = securityLog;
        this.dated = dated;
    }

    /** One outcome as it came. */
    private record Report(InboundRecord inbound, DuisResponse response, ResponsePayload.FutureDatedDeviceAlertMessage alert, ParsedMessage parsed,
            Optional<OutcomeAlert> content) {
    }

    void process(InboundRecord inbound, DuisResponse response, RequestRecord request, ResponsePayload.FutureDatedDeviceAlertMessage alert,
            ParsedMessage parsed, String entry) {
        Report report = new Report(inbound, response, alert, parsed, parsed.message().filter(m -> m.kind() == MessageKind.ALERT).flatMap(OutcomeAlert::of));
        String problem = problem(report, request);
        if (!problem.isEmpty()) {
            securityLog.append(new SecurityEvent.MessageNotAuthentic(inbound.signer(), request.name(),
                    parsed.useCase().orElse("unknown"), problem));
            LOG.warn("{}: outcome of an instruction not counted: {}", request.id(), problem);
            progress.apply(Change.of(request.id()).remark("outcome of instruction " + alert.instructionNumber() + " not counted: " + problem)
                    .deliver(result(report, request, Outcome.UNPROVEN, problem, "").of(entry, parsed, alert.payload().toArray()))
                    .processed(inbound.id(), problem), request.lane());
            return;
        }
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            RequestRecord now = ledger.find(request.id()).orElse(request);
            Change change = counted(report, now, ledger.instructions(now.id()), entry);
            if (progress.apply(change, now.lane()) || ledger.inbound(inbound.id()).filter(record -> record.state() == InboundState.STORED).isEmpty()) {
                return;
            }
        }
        throw new NotNow("its request changes too often");
    }

    private Change counted(Report report, RequestRecord now, List<Instruction> known, String entry) {
        ResponsePayload.FutureDatedDeviceAlertMessage alert = report.alert();
        List<String> flags = new ArrayList<>();
        Optional<Instruction> before = known.stream().filter(i -> i.number() == alert.instructionNumber()).findFirst();
        int total = Math.max(alert.instructions(), known.stream().mapToInt(Instruction::total).max().orElse(0));
        known.stream().filter(i -> i.total() != alert.instructions()).findFirst().ifPresent(other -> flags.add(
                "the command has " + alert.instructions() + " instructions by this alert and " + other.total() + " by an earlier one"));
        before.ifPresent(first -> flags.add("instruction " + first.number() + " was reported before, "
                + (first.actioned() == alert.actioned() ? "with the same outcome" : "with another outcome, which stands")));
        boolean waited = waits(now.state());
        if (!waited && before.isEmpty()) {
            flags.add("the outcome came when the request was " + now.state() + " already");
        }
        if (report.parsed().signature().verdict() == Verdict.UNCHECKED) {
            flags.add("the device's signature could not be checked: " + report.parsed().signature().reason());
        }
        Outcome outcome = alert.actioned() ? Outcome.ACTIONED : Outcome.NOT_ACTIONED;
        int done = known.size() + (before.isPresent() ? 0 : 1);
        String cause = "instruction " + alert.instructionNumber() + " of " + alert.instructions() + " " + outcome;
        Change change = Change.of(now.id()).from(now.state()).ifInstructionsDone(known.size()).responseCode(report.response().responseCode());
        if (before.isEmpty()) {
            change.instruction(new Instruction(alert.instructionNumber(), alert.instructions(), alert.actioned(),
                    report.content().map(OutcomeAlert::subject).orElse(""), report.inbound().id(), report.inbound().receivedAt(),
                    String.join("; ", flags)));
            if (waited) {
                boolean allWell = alert.actioned() && known.stream().allMatch(Instruction::actioned);
                advance(change, now.state(), done >= total, allWell, cause, report.inbound().sha256());
            }
        }
        flags.forEach(flag -> change.remark(cause + ": " + flag));
        if (!flags.isEmpty()) {
            LOG.warn("{}: {}: {}", now.id(), cause, flags);
        }
        return change.deliver(result(report, now, outcome, String.join("; ", flags), done + "/" + total)
                .of(entry, report.parsed(), alert.payload().toArray())).processed(report.inbound().id(), String.join("; ", flags));
    }

    private static void advance(Change change, RequestState state, boolean last, boolean allWell, String cause, String digest) {
        change.noRetry().success(allWell);
        if (last) {
            change.to(allWell ? RequestState.ACTIONED : RequestState.NOT_ACTIONED, cause, digest);
        } else if (state.mayBecome(RequestState.PARTIALLY_ACTIONED)) {
            change.to(RequestState.PARTIALLY_ACTIONED, cause, digest);
        }
    }

    /** An outcome may overtake the device's acceptance and even the DCC's acknowledgement, and may come late. */
    private static boolean waits(RequestState state) {
        return state.mayBecome(RequestState.ACTIONED);
    }

    private Delivery result(Report report, RequestRecord request, Outcome outcome, String flag, String done) {
        Delivery delivery = Delivery.result(request, outcome).header("responseCode", report.response().responseCode()).header("flag", flag)
                .header("instruction", report.alert().instructionNumber() + "/" + report.alert().instructions())
                .header("instructionsDone", done).header("alertCode", report.alert().actioned() ? "8F66" : "8F67");
        report.content().ifPresent(content -> delivery.header("subject", content.subject()).firmware(content.firmware()));
        return delivery;
    }

    /** Why an alert is not the outcome of an instruction of this request; empty where it is. */
    private String problem(Report report, RequestRecord request) {
        ResponsePayload.FutureDatedDeviceAlertMessage alert = report.alert();
        if (!report.parsed().ok()) {
            return report.parsed().reason();
        }
        if (report.content().isEmpty()) {
            return "the GBCS message is no alert of the outcome of a future-dated command";
        }
        if (request.dating().datedFor().isEmpty()) {
            return request.dating().cancels() ? "the request is a cancellation" : "the request is not future-dated";
        }
        if (alert.instructionNumber() < 1 || alert.instructionNumber() > alert.instructions()) {
            return "instruction " + alert.instructionNumber() + " of " + alert.instructions();
        }
        GroupingHeader header = report.parsed().message().orElseThrow().header();
        OutcomeAlert content = report.content().get();
        RequestId id = request.requestId().orElseThrow();
        if (!header.originator().equals(id.target())) {
            return "the alert is of another device";
        }
        if (content.alertCode() != (alert.actioned() ? 0x8F66 : 0x8F67)) {
            return String.format(Locale.ROOT, "the device says %04X and the document around it %s", content.alertCode(),
                    alert.actioned() ? "8F66" : "8F67");
        }
        if (dated.signedByAnother(request)) {
            // the command's counter is that of the party that signed it, which we are not told
            return "";
        }
        if (!header.target().equals(id.originator())) {
            return "the alert is addressed to another party";
        }
        if (content.counter().orElse(-1) != id.counter()) {
            return "the alert is about the command of counter " + Long.toUnsignedString(content.counter().orElse(-1));
        }
        return command(request).map(command -> aboutIt(header.messageCode(), content, command) ? ""
                : "the alert is about another command than message code " + command.header().messageCodeHex()).orElse("");
    }

    private static boolean aboutIt(int alertCode, OutcomeAlert content, GbcsMessage command) {
        int code = command.header().messageCode();
        return OutcomeAlert.fits(alertCode, code) && (content.commandCode().isEmpty() || content.commandCode().getAsInt() == code);
    }

    private Optional<GbcsMessage> command(RequestRecord request) {
        try {
            return ledger.documents(request.id()).flatMap(documents -> documents.preCommand()).map(codec::decode);
        } catch (PosternException e) {
            return Optional.empty();
        }
    }
}
