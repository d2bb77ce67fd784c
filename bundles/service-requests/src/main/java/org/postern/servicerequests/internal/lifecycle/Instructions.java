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
 * to N counts once, whichever document brings it and in whatever order; the request ends when all are in.
 */
final class Instructions {

    private static final Logger LOG = LoggerFactory.getLogger(Instructions.class);
    /** Two instructions of one request may be processed at once: whoever comes second looks again. */
    private static final int MOST_TRIES = 200;

    private final Ledger ledger;
    private final Progress progress;

    Instructions(Ledger ledger, Progress progress) {
        this.ledger = ledger;
        this.progress = progress;
    }

    /**
     * Counts one outcome that is proven to be of this request.
     *
     * @param code the DCC's response code
     * @param flag what a person should know of the document; empty for nothing
     * @param entry makes the delivery of a result
     */
    void count(
            Arrival arrival,
            RequestRecord request,
            Meaning.Instruction outcome,
            String code,
            String flag,
            Function<Results, OutboxEntry> entry) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
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
        throw new NotNow("its request changes too often");
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
                        : "with another outcome, which stands")));
        boolean waited = waits(now.state());
        if (!waited && before.isEmpty()) {
            flags.add("the outcome came when the request was " + now.state() + " already");
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
            if (waited) {
                boolean allWell = reported.actioned() && known.stream().allMatch(Instruction::actioned);
                advance(change, now.state(), done >= total, allWell, cause, arrival.digest());
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
        if (!waited || before.isPresent()) {
            result.withoutEffect();
        }
        return arrival.mark(change.deliver(entry.apply(result)), all);
    }

    /** What a document says of an instruction, for a result that does not count it. */
    void describe(Results results, DuisResponse response) {
        if (response.body() instanceof ResponseBody.ResponseMessage message
                && message.payload().orElse(null) instanceof ResponsePayload.FutureDatedDeviceAlertMessage alert) {
            results.header("instruction", alert.instructionNumber() + "/" + alert.instructions())
                    .header("alertCode", alert.actioned() ? "8F66" : "8F67");
        }
    }

    private static void advance(
            Change change, RequestState state, boolean last, boolean allWell, String cause, String digest) {
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
}
