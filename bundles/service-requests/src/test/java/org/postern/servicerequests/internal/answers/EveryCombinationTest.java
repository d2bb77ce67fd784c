package org.postern.servicerequests.internal.answers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.Table;

/**
 * Every combination of kind of document, payload, response code and way of the request, in every form of its ids, and
 * every fault of the content, against a table of the right verdicts that was written apart ({@code verdicts.tsv}).
 */
class EveryCombinationTest {
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

    private final Interpreter interpreter =
            new Interpreter(ResponseCodes.standard(), Combination.CATALOGUE, Combination.USER::equals);
    private final List<Combination.Way> ways = List.of(
            new Combination.Way("transform", "7.1", SentTo.TRANSFORM, RequestContext.When.NOW, 0x004F),
            new Combination.Way("device", "4.16", SentTo.DEVICE, RequestContext.When.NOW, 0x0028),
            new Combination.Way("device-dcc", "4.1.1", SentTo.DEVICE, RequestContext.When.HELD_BY_DCC, 0x002A),
            new Combination.Way("device-dev", "2.1", SentTo.DEVICE, RequestContext.When.HELD_BY_DEVICE, 0x001F),
            new Combination.Way("cancel-dcc", "4.1.1", SentTo.DEVICE, RequestContext.When.CANCELS_AT_THE_DCC, 0x002A),
            new Combination.Way("cancel-dev", "2.1", SentTo.DEVICE, RequestContext.When.CANCELS_ON_THE_DEVICE, 0x001F),
            new Combination.Way("cin", "9.1", SentTo.DEVICE, RequestContext.When.NOW, 0x0058),
            new Combination.Way("both", "7.1", SentTo.BOTH, RequestContext.When.NOW, 0x004F),
            new Combination.Way("local", "7.1", SentTo.LOCAL, RequestContext.When.NOW, 0x004F),
            new Combination.Way("dcc", "8.4", SentTo.DCC, RequestContext.When.NOW, 0),
            new Combination.Way("dcc-inventory", "8.2", SentTo.DCC, RequestContext.When.NOW, 0),
            new Combination.Way("dcc-schedule", "5.1", SentTo.DCC, RequestContext.When.NOW, 0),
            new Combination.Way("dcc-firmware", "11.1", SentTo.DCC, RequestContext.When.NOW, 0));
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

    private void readVerdicts() {
        List<String> columns = new ArrayList<>(List.of("way", "payload"));
        columns.addAll(CODES);
        Table.resource(EveryCombinationTest.class, "verdicts.tsv", columns.toArray(new String[0]))
                .rows()
                .forEach(row -> verdicts.putIfAbsent(
                        row.text("way") + " " + row.text("payload"),
                        CODES.stream().map(row::textOrEmpty).toList()));
    }

    private String verdict(Combination.Way way, String payload, int code) {
        for (String key : List.of(way.name() + " " + payload, "* " + payload, "* *")) {
            if (verdicts.containsKey(key)) {
                return verdicts.get(key).get(code);
            }
        }
        throw new AssertionError("no verdict");
    }

    @Test
    void everyDocumentHasTheMeaningInTheTable() {
        readVerdicts();
        for (Combination.Way way : ways) {
            for (String payload : payloads) {
                for (int code = 0; code < CODES.size(); code++) {
                    String right = verdict(way, payload, code);
                    for (Combination.Ids ids : Combination.Ids.values()) {
                        for (boolean known : List.of(true, false)) {
                            check(
                                    way,
                                    payload,
                                    code,
                                    ids,
                                    known,
                                    way.service(),
                                    Combination.Content.RIGHT,
                                    named(right, payload, ids, known));
                        }
                    }
                    // of another service than was asked for
                    if (!Set.of("device-alert", "dcc-alert", "unread").contains(payload)) {
                        check(
                                way,
                                payload,
                                code,
                                Combination.Ids.BOTH,
                                true,
                                "6.4.1",
                                Combination.Content.RIGHT,
                                payload.equals("scheduled") ? "unproven-run" : "unproven");
                    }
                    for (Combination.Content fault : Combination.Content.values()) {
                        if (fault != Combination.Content.RIGHT && fault.concerns(payload)) {
                            check(
                                    way,
                                    payload,
                                    code,
                                    Combination.Ids.BOTH,
                                    true,
                                    way.service(),
                                    fault,
                                    fault.verdict(right));
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
    private static String named(String right, String payload, Combination.Ids ids, boolean known) {
        if (ids == Combination.Ids.NOT_MIRRORED) {
            return "quarantined";
        }
        boolean matched = known && ids != Combination.Ids.NONE;
        return switch (payload) {
            case "device-alert", "dcc-alert" -> "alert";
            // a run needs no request: the schedule's number and the User in it are enough, unless its code says that
            // there is none
            case "scheduled" -> matched ? right : "run-by-code";
            default -> matched ? right : "unmatched";
        };
    }

    private void check(
            Combination.Way way,
            String payload,
            int code,
            Combination.Ids ids,
            boolean known,
            String service,
            Combination.Content content,
            String expected) {
        String text = Combination.code(CODES.get(code), way);
        Combination.Document document = new Combination.Document(way, payload, text, ids, service, content);
        Interpretation interpretation = interpreter.interpret(
                known && ids != Combination.Ids.NONE ? Optional.of(document.asked()) : Optional.empty(),
                document.response(),
                document.parsed());
        String got = interpretation.meaning().fold(NAME);
        String right = expected.equals("run-by-code") ? verdict(ways.get(11), "scheduled", code) : expected;
        judged++;
        if (Set.of("I7", "Z9", "E9999").contains(CODES.get(code))
                && ids != Combination.Ids.NOT_MIRRORED
                && interpretation.flags().isEmpty()) {
            wrong.add("no flag on the unknown code of " + document);
        }
        if (Set.of(Combination.Content.ENCRYPTED, Combination.Content.ENCRYPTED_FAILED)
                        .contains(content)
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
