package org.postern.parsecorrelate.internal.mmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.AnsweredCommands;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.internal.mmc.ValidAnswers.Answer;

/**
 * Every valid response of every use case, from the reference data or made from the tables, is accepted; with one result
 * removed, added, moved or changed it is never a success.
 */
class AnswerMutantsTest {

    private static final UseCaseTable TABLE = UseCaseTable.load();
    private static final Catalogue CATALOGUE = new Catalogue(TABLE);
    private static final ValidAnswers ANSWERS = new ValidAnswers(TABLE);

    static MmcBuilder.Outcome build(Answer answer, Optional<GbcsMessage> command) {
        return build(answer, AnsweredCommands.of(command));
    }

    static MmcBuilder.Outcome build(Answer answer, AnsweredCommands commands) {
        return new MmcBuilder(CATALOGUE, new GbcsCodec(), Eui64.parse("90B3D51F30000002"), answer.message())
                .build(Optional.empty(), commands);
    }

    static boolean accepted(MmcBuilder.Outcome outcome) {
        return outcome.deviations().stream().noneMatch(d -> d.kind().unsuccessful())
                && outcome.success().orElse(true);
    }

    static List<Answer> all() throws Exception {
        List<Answer> all = new ArrayList<>(ANSWERS.given());
        all.addAll(ANSWERS.made());
        return all;
    }

    @Test
    void everyValidAnswerIsAccepted() throws Exception {
        List<Answer> given = ANSWERS.given();
        List<Answer> made = ANSWERS.made();
        List<String> refused = new ArrayList<>();
        for (Answer answer : all()) {
            MmcBuilder.Outcome outcome = build(answer, answer.command());
            if (!outcome.deviations().isEmpty() || !outcome.success().orElse(true)) {
                refused.add(answer.name() + " " + outcome.deviations());
            }
        }
        System.out.println("valid answers: " + given.size() + " given, "
                + given.stream().filter(a -> a.command().isPresent()).count()
                + " of them with their command, " + made.size() + " made; false refusals: " + refused.size());
        assertThat(refused).isEmpty();
        assertThat(given).hasSizeGreaterThan(200);
        assertThat(made).hasSizeGreaterThan(150);
    }

    @Test
    void noAnswerThatDeviatesFromItsUseCaseIsASuccess() throws Exception {
        List<String> taken = new ArrayList<>();
        Map<String, Integer> kinds = new TreeMap<>();
        int exempt = 0;
        for (Answer answer : all()) {
            for (Mutants.Mutant mutant : Mutants.of(answer)) {
                kinds.merge(mutant.change().replaceAll("[ 0-9.]+$", ""), 1, Integer::sum);
                if (accepted(build(mutant.answer(), Optional.empty()))) {
                    if (cannotBeTold(answer, mutant)) {
                        exempt++;
                    } else {
                        taken.add(answer.name() + ": " + mutant.change());
                    }
                }
            }
        }
        System.out.println("mutants of answers: "
                + kinds.values().stream().mapToInt(n -> n).sum() + " " + kinds
                + "; not detectable without the command: " + exempt + "; false acceptances: " + taken.size());
        assertThat(taken).isEmpty();
        assertThat(kinds.values().stream().mapToInt(n -> n).sum()).isGreaterThan(3000);
    }

    @Test
    void withTheCommandEveryMutantIsDetected() throws Exception {
        List<String> taken = new ArrayList<>();
        int tried = 0;
        for (Answer answer : ANSWERS.given()) {
            if (answer.command().isEmpty()) {
                continue;
            }
            for (Mutants.Mutant mutant : Mutants.of(answer)) {
                tried++;
                if (accepted(build(mutant.answer(), answer.command()))
                        && !severalAnswers(answer, mutant)
                        && !future(answer, mutant)) {
                    taken.add(answer.name() + ": " + mutant.change());
                }
            }
        }
        System.out.println("mutants checked against their command: " + tried + "; false acceptances: " + taken.size());
        assertThat(taken).isEmpty();
    }

    /** Responses that are valid for another command of the same use case. */
    private static boolean cannotBeTold(Answer answer, Mutants.Mutant mutant) {
        String code = answer.header().messageCodeHex();
        String change = mutant.change();
        return switch (code) {
            // descriptions and identifiers of the switches that are named, registers that are reset (DUIS maxOccurs)
            case "0053", "0054", "005A" ->
                change.startsWith("removed") || change.startsWith("repeated") || change.equals("SET added");
            // activating a switch is setting its duration and running its script; resetting it is running a script
            case "0055" -> change.equals("removed 0");
            // any number of lists of events (GBCS 20.3 GCS20); day and week profiles (DUIS maxOccurs)
            case "00AD", "006B", "006F" -> change.equals("added") || change.startsWith("removed");
            default -> severalAnswers(answer, mutant) || future(answer, mutant) || credentials(answer, mutant);
        };
    }

    /**
     * A component of the command may have several answers: day and week profiles of a calendar (GBCS 20.3 GCS21b,
     * GCS21f).
     */
    static boolean severalAnswers(Answer answer, Mutants.Mutant mutant) {
        String code = answer.header().messageCodeHex();
        return (code.equals("009F") || code.equals("00B5"))
                && (mutant.change().startsWith("removed") || mutant.change().startsWith("repeated"))
                && answer.parts()
                                .get(Integer.parseInt(mutant.change().replaceAll("\\D", "")))
                                .component()
                                .cluster()
                        == 0x0707;
    }

    /** An acknowledgement of what is to be done later holds no results yet (GBCS, use cases CS02b and CS06). */
    private static boolean future(Answer answer, Mutants.Mutant mutant) {
        return answer.der().isPresent()
                && answer.name().contains("FUTURE")
                && mutant.change().startsWith("removed");
    }

    private static boolean credentials(Answer answer, Mutants.Mutant mutant) {
        int code = answer.header().messageCode();
        boolean replaced = code >= 0x0102 && code <= 0x0109 || code == 0x0125 || code == 0x0126;
        return replaced && mutant.change().equals("removed 1")
                || (code == 0x0008 || code == 0x011B || code == 0x000C || code == 0x0013)
                        && (mutant.change().startsWith("removed")
                                || mutant.change().startsWith("repeated"));
    }
}
