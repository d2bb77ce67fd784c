package org.postern.servicerequests.internal.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Outcome;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.ledger.Change;
import org.postern.ledger.Instruction;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.internal.answers.Meaning;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outcomes of the instructions of future-dated commands (DUIS, FutureDatedDeviceAlertMessage). Each number from 1
 * to N is counted once, regardless of the document that reports it and of the order; the request ends when all outcomes
 * have been reported.
 */
final class Instructions {

    private static final Logger LOG = LoggerFactory.getLogger(Instructions.class);
    /**
     * Two instructions of one request may be processed concurrently; the second one reads the request again and
     * retries.
     */
    private static final int MAX_TRIES = 200;

    private final Ledger ledger;
    private final Progress progress;

    Instructions(Ledger ledger, Progress progress) {
        this.ledger = ledger;
        this.progress = progress;
    }

    /**
     * Counts an outcome that is proven to belong to this request.
     *
     * @param code the DCC's response code
     * @param flag a note on the document for people; empty if there is none
     * @param entry makes the outbox entry of a result
     */
    void count(
            Arrival arrival,
            RequestRecord request,
            Meaning.Instruction outcome,
            String code,
            String flag,
            Function<Results, OutboxEntry> entry) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            RequestRecord now = tries == 0 ? request : ledger.find(request.id()).orElse(request);
            Change change = counted(arrival, outcome, now, ledger.instructions(now.id()), code, flag, entry);
            if (progress.apply(change, now)
                    || !arrival.sameExchange()
                            && ledger.inbound(arrival.source())
                                    .filter(record -> record.state() == InboundState.STORED)
                                    .isEmpty()) {
                return;
            }
        }
        throw new RetryLaterException("its request changes too often");
    }

    private Change counted(
            Arrival arrival,
            Meaning.Instruction reported,
            RequestRecord now,
            List<Instruction> known,
            String code,
            String flag,
            Function<Results, OutboxEntry> entry) {
        List<String> flags = new ArrayList<>();
        Optional<Instruction> before =
                known.stream().filter(i -> i.number() == reported.number()).findFirst();
        int total = Math.max(
                reported.total(),
                known.stream().mapToInt(Instruction::total).max().orElse(0));
        known.stream()
                .filter(i -> i.total() != reported.total())
                .findFirst()
                .ifPresent(other -> flags.add("the command has " + reported.total() + " instructions by this alert and "
                        + other.total() + " by an earlier one"));
        before.ifPresent(first -> flags.add("instruction " + first.number() + " was reported before, "
                + (first.actioned() == reported.actioned()
                        ? "with the same outcome"
                        : "with a different outcome, which is kept")));
        boolean accepted = acceptsOutcome(now.state());
        if (!accepted && before.isEmpty()) {
            flags.add("the outcome was received when the request was already " + now.state());
        }
        if (!flag.isEmpty()) {
            flags.add(flag);
        }
        Outcome outcome = reported.actioned() ? Outcome.ACTIONED : Outcome.NOT_ACTIONED;
        int done = known.size() + (before.isPresent() ? 0 : 1);
        String cause = "instruction " + reported.number() + " of " + reported.total() + " " + outcome.text();
        String all = String.join("; ", flags);
        Change change = Change.of(now)
                .from(now.state())
                .ifInstructionsDone(known.size())
                .responseCode(code);
        if (before.isEmpty()) {
            change.instruction(new Instruction(
                    reported.number(),
                    reported.total(),
                    reported.actioned(),
                    reported.content().subject(),
                    arrival.source(),
                    arrival.receivedAt(),
                    all));
            if (accepted) {
                boolean allActioned = reported.actioned() && known.stream().allMatch(Instruction::actioned);
                advance(change, now.state(), done >= total, allActioned, cause, arrival.digest());
            }
        }
        flags.forEach(text -> change.remark(cause + ": " + text));
        if (!flags.isEmpty()) {
            LOG.warn("{}: {}: {}", now.id(), cause, flags);
        }
        Results result = Results.of(now, outcome)
                .header("responseCode", code)
                .header("flag", all)
                .header("instruction", reported.number() + "/" + reported.total())
                .header("instructionsDone", done + "/" + total)
                .header("alertCode", reported.actioned() ? "8F66" : "8F67")
                .header("subject", reported.content().subject())
                .firmware(reported.content().firmware());
        if (!accepted || before.isPresent()) {
            result.withoutEffect();
        }
        return arrival.mark(change.deliver(entry.apply(result)), all);
    }

    /** Adds to a result what a document states about an instruction that is not counted. */
    void describe(Results results, DuisResponse response) {
        if (response.body() instanceof ResponseBody.ResponseMessage message
                && message.payload().orElse(null) instanceof ResponsePayload.FutureDatedDeviceAlertMessage alert) {
            results.header("instruction", alert.instructionNumber() + "/" + alert.instructions())
                    .header("alertCode", alert.actioned() ? "8F66" : "8F67");
        }
    }

    private static void advance(
            Change change, RequestState state, boolean last, boolean allActioned, String cause, String digest) {
        change.noRetry().success(allActioned);
        if (last) {
            change.to(allActioned ? RequestState.ACTIONED : RequestState.NOT_ACTIONED, cause, digest);
        } else if (state.mayBecome(RequestState.PARTIALLY_ACTIONED)) {
            change.to(RequestState.PARTIALLY_ACTIONED, cause, digest);
        }
    }

    /**
     * True if an outcome is still accepted. It may arrive before the device's acceptance and even before the DCC's
     * acknowledgement, and it may be late.
     */
    private static boolean acceptsOutcome(RequestState state) {
        return state.mayBecome(RequestState.ACTIONED);
    }
}
