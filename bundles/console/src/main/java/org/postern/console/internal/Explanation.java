package org.postern.console.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.CorrelationVerdict;
import org.postern.catalogue.FutureDating;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.ledger.Evidence;
import org.postern.ledger.Instruction;
import org.postern.ledger.Ledger;
import org.postern.ledger.Remark;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.securitylogging.LoggedEvent;

/**
 * Describes one request in plain sentences for an auditor: why its command was signed or was not, what a future-dated
 * request waits for, and the other recorded events. States only what is recorded.
 */
public final class Explanation {

    private static final int SHORT_DIGEST = 16;
    private static final int MAX_VALUE_LENGTH = 120;
    private static final int CODE_OFFSET = 31;

    private final Ledger ledger;
    private final RequestRecord request;
    private final List<LoggedEvent> log;
    private final List<String> lines = new ArrayList<>();

    private Explanation(Ledger ledger, RequestRecord request, List<LoggedEvent> log) {
        this.ledger = ledger;
        this.request = request;
        this.log = log;
    }

    /**
     * The sentences, the most important one first; lines that belong to the one before begin with two blanks.
     *
     * @param log records of the security log; those of the request are found among them
     */
    public static List<String> of(Ledger ledger, RequestRecord request, List<LoggedEvent> log) {
        Explanation explanation = new Explanation(ledger, request, log);
        explanation.signature();
        explanation.dating();
        if (request.state() == RequestState.HANDED_OUT) {
            explanation.lines.add(
                    "Handed out: the command for delivery on site was returned to the caller; an 8.13 that names this request completes it.");
        }
        explanation.ledger.remarks(request.id()).forEach(explanation::remark);
        return explanation.lines;
    }

    private void signature() {
        Optional<Evidence> evidence = ledger.evidence(request.id());
        if (request.target()
                .variant()
                .filter(variant -> variant == CommandVariant.CV4 || variant.carriesSignedPreCommand())
                .isEmpty()) {
            lines.add(
                    request.state() == RequestState.REJECTED
                            ? "Rejected by Postern, nothing was sent: "
                                    + request.progress().cause()
                            : "Not critical: no Pre-Command is involved, and none of our keys signed a command. It is "
                                    + request.state() + because() + ".");
        } else if (evidence.isEmpty()) {
            uncompared();
        } else if (evidence.get().verdict() != CorrelationVerdict.IDENTICAL) {
            refused(evidence.get());
        } else if (evidence.get().signing().isEmpty()) {
            lines.add((ended() ? "Never signed: it ended " : "Not yet signed: it is ") + request.state() + because()
                    + ". " + identical(evidence.get()) + ".");
            excused(evidence.get());
        } else {
            signed(evidence.get());
        }
    }

    private String because() {
        return request.progress().cause().isEmpty()
                ? ""
                : " (" + request.progress().cause() + ")";
    }

    private boolean ended() {
        return request.state().isEnd()
                || request.state() == RequestState.OVERDUE
                || request.state() == RequestState.UNKNOWN;
    }

    private void uncompared() {
        if (request.state() == RequestState.NOT_CORRELATED) {
            lines.add("Refused: " + request.progress().cause() + "; nothing was compared, and nothing was signed.");
            logged("SL-202", "SL-203");
        } else if (request.state() == RequestState.REJECTED) {
            lines.add("Rejected by Postern, nothing was sent or signed: "
                    + request.progress().cause());
        } else if (ended()) {
            lines.add("Never signed: it ended " + request.state() + because() + " before a Pre-Command was compared.");
        } else {
            lines.add("Not yet signed: no Pre-Command was received yet; it is " + request.state() + because()
                    + request.sending()
                            .retryAt()
                            .map(at -> ", next attempt at " + at)
                            .orElse("") + ".");
        }
    }

    private void refused(Evidence evidence) {
        List<Map<String, String>> differences = EvidenceFile.rows(evidence.differences());
        lines.add("Refused: " + (differences.size() == 1 ? "1 field differs" : differences.size() + " fields differ")
                + " between the Pre-Command and our Service Request" + useCase(evidence) + "; nothing was signed.");
        for (Map<String, String> difference : differences) {
            lines.add("  " + difference.getOrDefault("path", "") + ": expected "
                    + cut(difference.getOrDefault("expected", "")) + ", got " + cut(difference.getOrDefault("got", ""))
                    + "; rule: " + difference.getOrDefault("rule", ""));
        }
        lines.add("  compared at " + evidence.exchangedAt() + " under rules " + rules(evidence) + ".");
        logged("SL-201");
    }

    private void signed(Evidence evidence) {
        Evidence.Signing signing = evidence.signing().orElseThrow();
        lines.add("Signed. " + identical(evidence) + ".");
        excused(evidence);
        lines.add("  signed with key " + (signing.keyAlias().isEmpty() ? "(alias not recorded)" : signing.keyAlias())
                + (signing.serial().isEmpty()
                        ? ""
                        : " (certificate serial " + signing.serial() + " of " + signing.issuer() + ")")
                + " at " + signing.at() + ".");
        logged("SL-101");
        if (request.state() == RequestState.REJECTED || request.state() == RequestState.REFUSED) {
            lines.add("  Then it ended " + request.state() + because() + ".");
        }
    }

    private String identical(Evidence evidence) {
        return "The Pre-Command is byte for byte what "
                + (evidence.useCase().isEmpty() ? "our rules produce" : named(evidence) + " produces")
                + " from this Service Request under rules " + rules(evidence);
    }

    private String useCase(Evidence evidence) {
        return evidence.useCase().isEmpty() ? "" : ", " + named(evidence);
    }

    private String named(Evidence evidence) {
        return "use case " + evidence.useCase()
                + code().map(code -> " (" + code + ")").orElse("");
    }

    /** The message code of the Pre-Command (GBCS, Grouping Header). */
    private Optional<String> code() {
        return ledger.documents(request.id())
                .flatMap(RequestDocuments::preCommand)
                .filter(b -> b.length > CODE_OFFSET + 1 && b[CODE_OFFSET - 2] == 0)
                .map(b -> String.format("%02X%02X", b[CODE_OFFSET], b[CODE_OFFSET + 1]));
    }

    private static String rules(Evidence evidence) {
        String version = evidence.ruleVersion();
        return version.length() <= SHORT_DIGEST ? version : version.substring(0, SHORT_DIGEST) + "..";
    }

    private void excused(Evidence evidence) {
        List<Map<String, String>> excused = EvidenceFile.rows(evidence.excused());
        if (excused.isEmpty()) {
            lines.add("  Nothing was excused.");
            return;
        }
        Map<String, String> first = excused.get(0);
        long seconds = Long.parseLong(first.getOrDefault("secondsFromExchange", "0"));
        lines.add("  excused: the DCC's build time (issuer event and calendar ids) in "
                + (excused.size() == 1 ? "1 place" : excused.size() + " places")
                + ", all " + first.getOrDefault("time", first.getOrDefault("value", "")) + ", " + Math.abs(seconds)
                + " s "
                + (seconds < 0 ? "before" : "after") + " the exchange ("
                + evidence.tolerance().toSeconds() + " s are allowed).");
    }

    private void logged(String... ids) {
        List<String> wanted = List.of(ids);
        List<Long> numbers = log.stream()
                .filter(event -> wanted.contains(event.id())
                        && request.requestId()
                                .map(RequestId::toString)
                                .filter(event.object()::equals)
                                .isPresent()
                        && (!event.id().equals("SL-101")
                                || "SIGN_PRE_COMMAND".equals(event.details().get("operation"))))
                .map(LoggedEvent::number)
                .toList();
        lines.add(
                numbers.isEmpty()
                        ? "  security log: no record of it among the last " + log.size() + "."
                        : "  security log: record" + (numbers.size() == 1 ? " " : "s ")
                                + String.join(
                                        ", ",
                                        numbers.stream().map(String::valueOf).toList()) + ".");
    }

    private void dating() {
        if (request.timing().cancels()) {
            lines.add(
                    "Cancellation: its execution time means never, and it ends pending requests of the same service at the same device once "
                            + (byTheDcc() ? "the DCC" : "the device") + " has confirmed it"
                            + (request.state() == RequestState.RESPONDED || request.state() == RequestState.DELIVERED
                                    ? request.progress().success().orElse(false)
                                            ? ", which it has."
                                            : ", which it did not: see the result."
                                    : "."));
            return;
        }
        if (request.timing().executesAt().isEmpty()) {
            return;
        }
        List<Instruction> instructions = ledger.instructions(request.id());
        int total = instructions.stream().mapToInt(Instruction::total).max().orElse(0);
        String done = instructions.size() + " of " + total + " instructions have an outcome";
        Instant time = request.timing().executesAt().get();
        String due = request.timing().dueBy().map(at -> " until " + at).orElse("");
        lines.add(
                switch (request.state()) {
                    case ACKNOWLEDGED ->
                        byTheDcc()
                                ? "Future-dated: the DCC holds it until " + time + "; its answer is awaited" + due + "."
                                : "Future-dated for " + time + ": the device has not accepted it yet; that is awaited"
                                        + due + ".";
                    case ACCEPTED_BY_DEVICE ->
                        "Pending: the device will carry it out at " + time + "; no outcome yet, awaited" + due + ".";
                    case PARTIALLY_ACTIONED ->
                        "Pending: its execution time was " + time + "; " + done + ", the others are awaited" + due
                                + ".";
                    case ACTIONED ->
                        "Carried out: its execution time was " + time + ", and "
                                + (total == 1 ? "its one instruction was" : "all " + total + " instructions were")
                                + " carried out.";
                    case NOT_ACTIONED ->
                        "Not carried out: its execution time was " + time + ", and "
                                + instructions.stream()
                                        .filter(i -> !i.actioned())
                                        .count() + " of " + total + " instructions were not carried out.";
                    case UNKNOWN ->
                        "Not known whether it was accepted: its execution time was " + time + "; "
                                + request.progress().cause() + ".";
                    case OVERDUE ->
                        "Overdue: its execution time was " + time + "; "
                                + request.progress().cause() + ".";
                    case CANCELLED ->
                        "Cancelled: its execution time was " + time + "; "
                                + request.progress().cause() + ".";
                    default -> "Future-dated for " + time + ".";
                });
        for (Instruction instruction : instructions) {
            lines.add("  instruction " + instruction.number() + "/" + instruction.total()
                    + (instruction.actioned() ? " carried out" : " NOT carried out")
                    + (instruction.subject().isEmpty() ? "" : ": " + instruction.subject()) + ", reported at "
                    + instruction.at()
                    + (instruction.remark().isEmpty() ? "" : " (" + instruction.remark() + ")") + ".");
        }
    }

    private boolean byTheDcc() {
        return request.target()
                .service()
                .flatMap(new ServiceCatalogue()::find)
                .filter(row -> row.futureDating() == FutureDating.DSP)
                .isPresent();
    }

    private void remark(Remark remark) {
        lines.add("Note of " + remark.at() + ": " + remark.text() + ".");
    }

    private static String cut(String value) {
        return value.length() <= MAX_VALUE_LENGTH ? value : value.substring(0, MAX_VALUE_LENGTH) + "..";
    }
}
