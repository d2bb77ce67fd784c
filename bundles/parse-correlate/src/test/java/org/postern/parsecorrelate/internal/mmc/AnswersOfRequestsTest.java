package org.postern.parsecorrelate.internal.mmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.AnsweredCommands;
import org.postern.gbcs.Deviation;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.Transformer;
import org.postern.parsecorrelate.internal.mmc.ValidAnswers.Answer;
import org.postern.parsecorrelate.internal.transform.TransformTable;
import org.postern.testkit.Rtds;

/**
 * Responses to non-critical requests, whose command only the DCC makes, are checked against the commands that the
 * request may have become: each response of the reference data is accepted for its own request, and none for a request
 * that it cannot answer.
 */
class AnswersOfRequestsTest {

    private static final Instant BUILT = Instant.parse("2015-01-01T00:00:00Z");
    private static final Transformer TRANSFORMER = Transformer.fromTables();
    private static final UseCaseTable USE_CASES = UseCaseTable.load();
    private static final ValidAnswers ANSWERS = new ValidAnswers(USE_CASES);
    /** Its request has another period than the command of the same name. */
    private static final String OF_ANOTHER_PERIOD = "GCS16b_4.14_URP_SUCCESS";

    private static final DuisReader READER = new DuisReader(DuisLimits.DEFAULT);

    /** An answer with the request of the same name. */
    private record Pair(Answer answer, DuisRequest request) {}

    private static Map<String, DuisRequest> requests() throws Exception {
        Map<String, DuisRequest> all = new TreeMap<>();
        for (Path file : Rtds.required().requests()) {
            all.put(
                    file.getFileName().toString().replace("_REQUEST_DUIS.XML", ""),
                    READER.readRequest(Files.readAllBytes(file)));
        }
        return all;
    }

    private static List<Pair> pairs() throws Exception {
        Map<String, DuisRequest> requests = requests();
        List<Pair> all = new ArrayList<>();
        for (Answer answer : ANSWERS.given()) {
            DuisRequest request = requests.get(answer.name());
            if (request != null && !answer.name().contains("PRECOMMAND")) {
                all.add(new Pair(answer, request));
            }
        }
        return all;
    }

    private static AnsweredCommands commands(DuisRequest request) {
        return code -> TRANSFORMER.answeredBy(request, code, BUILT);
    }

    private static MmcBuilder.Outcome held(Answer answer, DuisRequest request) {
        return AnswerMutantsTest.build(answer, commands(request));
    }

    @Test
    void everyGivenAnswerIsAcceptedForItsRequest() throws Exception {
        List<String> refused = new ArrayList<>();
        List<String> untold = new ArrayList<>();
        int held = 0;
        for (Pair pair : pairs()) {
            Optional<List<GbcsMessage>> commands =
                    commands(pair.request()).of(pair.answer().header().messageCode());
            if (commands.isEmpty()) {
                untold.add(pair.answer().name());
                continue;
            }
            held++;
            MmcBuilder.Outcome outcome = held(pair.answer(), pair.request());
            if (!pair.answer().name().equals(OF_ANOTHER_PERIOD)
                    && (!outcome.deviations().isEmpty() || !outcome.success().orElse(true))) {
                refused.add(pair.answer().name() + " " + outcome.deviations());
            }
        }
        System.out.println("answers checked against their request: " + held + ", undecided: " + untold.size()
                + "; false refusals: " + refused.size());
        assertThat(refused).isEmpty();
        assertThat(held).isGreaterThan(100);
    }

    /** A response that reports a failure is accepted although it has fewer or other data than requested. */
    @Test
    void anAnswerThatReportsAFailureIsCheckedAgainstItsUseCaseOnly() throws Exception {
        Map<String, DuisRequest> requests = requests();
        List<String> refused = new ArrayList<>();
        int held = 0;
        for (Answer answer : ANSWERS.failed()) {
            int code = answer.header().messageCode();
            String useCaseAndService = answer.name().replaceAll("^([^_]+_[^_]+)_.*", "$1_");
            for (Map.Entry<String, DuisRequest> request : requests.entrySet()) {
                // with fewer of what may be left out, it was another command
                boolean other = answer.name().contains("ALL_OPTIONALS")
                        && !request.getKey().contains("ALL_OPTIONALS");
                if (request.getKey().startsWith(useCaseAndService)
                        && !other
                        && commands(request.getValue()).of(code).isPresent()) {
                    held++;
                    List<Deviation> more =
                            new ArrayList<>(held(answer, request.getValue()).deviations());
                    more.removeAll(AnswerMutantsTest.build(answer, AnsweredCommands.UNKNOWN)
                            .deviations());
                    if (!more.isEmpty()) {
                        refused.add(answer.name() + " as the answer to " + request.getKey() + " " + more);
                    }
                }
            }
        }
        System.out.println("answers that say what failed: " + held + "; false refusals: " + refused.size());
        assertThat(refused).isEmpty();
        assertThat(held).isGreaterThan(50);
    }

    /** A request whose document is changed. */
    private static DuisRequest changed(String name, String pattern, String replacement) throws Exception {
        String xml = Files.readString(Rtds.required().requests().stream()
                .filter(file -> file.getFileName().toString().equals(name + "_REQUEST_DUIS.XML"))
                .findFirst()
                .orElseThrow());
        String other = xml.replaceAll(pattern, replacement);
        assertThat(other).as(name).isNotEqualTo(xml);
        return READER.readRequest(other.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void noAnswerIsAcceptedForARequestThatBecomesAnotherCommand() throws Exception {
        List<Pair> pairs = pairs();
        List<String> taken = new ArrayList<>();
        int tried = 0;
        int untold = 0;
        for (Pair pair : pairs) {
            for (Pair other : pairs) {
                // what the DCC made of the request is in the reference data: its answers have the same message code;
                // for requests with the same content, only the device and its generation determine the command
                boolean same = other.request()
                                .serviceReferenceVariant()
                                .equals(pair.request().serviceReferenceVariant())
                        && (other.request().body().equals(pair.request().body())
                                || !other.request()
                                        .requestId()
                                        .target()
                                        .equals(pair.request().requestId().target()));
                if (same
                        || other.answer().header().messageCode()
                                == pair.answer().header().messageCode()) {
                    continue;
                }
                tried++;
                if (commands(other.request())
                        .of(pair.answer().header().messageCode())
                        .isEmpty()) {
                    untold++;
                } else if (AnswerMutantsTest.accepted(held(pair.answer(), other.request()))) {
                    taken.add(pair.answer().name() + " as the answer to "
                            + other.answer().name());
                }
            }
        }
        System.out.println("answers checked against other requests: " + tried + ", undecided: " + untold
                + "; false acceptances: " + taken.size());
        assertThat(taken).isEmpty();
    }

    @Test
    void noAnswerWithEntriesOfAnotherPeriodIsAccepted() throws Exception {
        List<String> taken = new ArrayList<>();
        List<String> tried = new ArrayList<>();
        for (Pair pair : pairs()) {
            boolean empty = pair.answer().name().contains("NOT_FOUND");
            if (pair.request().body().find("ReadLogPeriod/StartDateTime").isEmpty() || empty) {
                continue;
            }
            tried.add(pair.answer().name());
            DuisRequest before = changed(
                    pair.answer().name(),
                    "(?s)<sr:StartDateTime>.*?</sr:EndDateTime>",
                    "<sr:StartDateTime>2001-01-01T00:00:00Z</sr:StartDateTime>"
                            + "<sr:EndDateTime>2001-02-01T00:00:00Z</sr:EndDateTime>");
            DuisRequest after = changed(
                    pair.answer().name(),
                    "(?s)<sr:StartDateTime>.*?</sr:EndDateTime>",
                    "<sr:StartDateTime>2041-01-01T00:00:00Z</sr:StartDateTime>"
                            + "<sr:EndDateTime>2041-02-01T00:00:00Z</sr:EndDateTime>");
            // gas profile data are read from a time on and so many of them: later ones are the first that the meter has
            boolean noEnd =
                    Set.of(0x0078, 0x00A0).contains(pair.answer().header().messageCode());
            for (DuisRequest other : noEnd ? List.of(after) : List.of(before, after)) {
                if (AnswerMutantsTest.accepted(held(pair.answer(), other))) {
                    taken.add(pair.answer().name() + " as of " + other.body().find("ReadLogPeriod/StartDateTime"));
                }
            }
        }
        System.out.println("answers checked against another period: " + 2 * tried.size() + " " + tried
                + "; false acceptances: " + taken.size());
        assertThat(taken).isEmpty();
        assertThat(tried).hasSizeGreaterThan(20);
    }

    @Test
    void aMutantOfAnAnswerIsNotAcceptedForItsRequest() throws Exception {
        List<String> taken = new ArrayList<>();
        int tried = 0;
        for (Pair pair : pairs()) {
            if (commands(pair.request())
                    .of(pair.answer().header().messageCode())
                    .isEmpty()) {
                continue;
            }
            for (Mutants.Mutant mutant : Mutants.of(pair.answer())) {
                tried++;
                if (AnswerMutantsTest.accepted(held(mutant.answer(), pair.request()))
                        && !AnswerMutantsTest.severalAnswers(pair.answer(), mutant)) {
                    taken.add(pair.answer().name() + ": " + mutant.change());
                }
            }
        }
        System.out.println(
                "mutants of answers checked against their request: " + tried + "; false acceptances: " + taken.size());
        assertThat(taken).isEmpty();
    }

    /** If a message code answers a service but no rule makes its command, a valid response would be refused. */
    @Test
    void everyMessageCodeOfAServiceIsMadeByARule() {
        TransformTable rules = TransformTable.load();
        List<String> missing = new ArrayList<>();
        for (UseCaseTable.UseCase use : USE_CASES.all()) {
            boolean answers =
                    !USE_CASES.protection(use.code(), MessageKind.RESPONSE).isEmpty();
            for (String service : use.services()) {
                if (answers
                        && !use.deviceToDevice()
                        && !rules.names(service).isEmpty()
                        && !rules.codes(service).contains(use.code())) {
                    missing.add(service + " " + use.name());
                }
            }
        }
        assertThat(missing).isEmpty();
    }
}
