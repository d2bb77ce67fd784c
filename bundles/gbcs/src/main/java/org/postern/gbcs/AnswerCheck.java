package org.postern.gbcs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postern.gbcs.internal.AnswerLists;
import org.postern.gbcs.internal.Asn1Answers;
import org.postern.gbcs.internal.CommandFields;
import org.postern.gbcs.internal.DlmsAnswers;
import org.postern.gbcs.internal.GbzAnswers;

/**
 * Checks the content of responses and alerts against their use case: number, order, kind and type of the results, which
 * parts have to be encrypted, and fields with a fixed value. Where the command is known, the results are checked
 * against its items. Reads the tables once; thread-safe.
 */
public final class AnswerCheck {

    /**
     * The result of a check.
     *
     * @param deviations in the order of the message; empty where the content conforms to the use case
     * @param misplaced true where results are missing, surplus or in another order, so that their positions do not
     *     identify them
     * @param withheldItems indices of DLMS results and GBZ attributes (such as {@code 0702/0000}) whose data has
     *     another type than the use case specifies: they must not be delivered as readings
     */
    public record Findings(List<Deviation> deviations, boolean misplaced, Set<Object> withheldItems) {

        /** No deviation. */
        public static final Findings NONE = new Findings(List.of(), false, Set.of());

        public Findings {
            deviations = List.copyOf(deviations);
            withheldItems = Set.copyOf(withheldItems);
        }

        /** True where a deviation means that the response does not count as successful. */
        public boolean unsuccessful() {
            return deviations.stream().anyMatch(d -> d.kind().unsuccessful());
        }
    }

    /** Collects deviations. */
    public static final class Notes {

        private final List<Deviation> deviations = new ArrayList<>();
        private final Set<Object> withheld = new HashSet<>();
        private boolean misplaced;

        /** Adds a deviation. */
        public void add(Deviation.Kind kind, String where, String text) {
            deviations.add(new Deviation(kind, where, text));
            misplaced |= kind == Deviation.Kind.RESULTS_MISSING
                    || kind == Deviation.Kind.RESULTS_SURPLUS
                    || kind == Deviation.Kind.RESULT_OF_OTHER_KIND;
        }

        /** Adds a deviation, and prevents the data of that item from being delivered as a reading. */
        public void withhold(Object item, Deviation.Kind kind, String where, String text) {
            withheld.add(item);
            add(kind, where, text);
        }

        private Findings findings() {
            return deviations.isEmpty() ? Findings.NONE : new Findings(deviations, misplaced, withheld);
        }
    }

    private final UseCaseTable useCases;
    private final Map<Integer, DlmsAnswers> dlms = new HashMap<>();
    private final Map<Integer, GbzAnswers> gbz = new HashMap<>();
    private final Asn1Answers asn1 = new Asn1Answers();

    /**
     * Reads the tables of this bundle.
     *
     * @throws org.postern.catalogue.PosternException PST-1004 with file, line and column where a row is wrong
     */
    public AnswerCheck(UseCaseTable useCases) {
        this.useCases = Objects.requireNonNull(useCases, "useCases");
        AnswerLists lists = AnswerLists.load();
        ZclFields fields = ZclFields.load();
        CommandFields commandFields = new CommandFields(fields);
        for (UseCaseTable.UseCase use : useCases.all()) {
            if (!use.dlms().isEmpty()) {
                dlms.put(use.code(), new DlmsAnswers(use, lists.of(use.code())));
            }
            if (!use.gbz().isEmpty()) {
                gbz.put(use.code(), new GbzAnswers(use, fields, commandFields));
            }
        }
    }

    /**
     * Checks a response or alert against its use case.
     *
     * @param plain the message together with the plain text of its encrypted parts
     * @param service Service Reference Variant of the Service Request, such as 7.8, where known: selects one of the
     *     item lists of a message code
     * @param commands the commands (or Pre-Commands) of which the message answers one, where known: number, order and
     *     kind of the results, and the times and logs of entries, are then checked against its items; of several
     *     commands, against the one that matches
     */
    public Findings check(DecryptedMessage plain, Optional<String> service, AnsweredCommands commands) {
        GbcsMessage message = plain.message();
        Optional<List<GbcsMessage>> candidates = message.kind() == MessageKind.RESPONSE
                ? commands.of(message.header().messageCode())
                : Optional.empty();
        if (candidates.isEmpty()) {
            return check(plain, service, Optional.empty(), new Notes());
        }
        if (candidates.get().isEmpty()) {
            Notes notes = new Notes();
            notes.add(
                    Deviation.Kind.RESULT_OF_OTHER_KIND,
                    "",
                    "the request does not result in a command with message code "
                            + message.header().messageCodeHex());
            return check(plain, service, Optional.empty(), notes);
        }
        List<Findings> all = new ArrayList<>();
        for (GbcsMessage command : candidates.get()) {
            Findings findings = check(plain, service, Optional.of(command), new Notes());
            if (!findings.unsuccessful()) {
                return findings;
            }
            all.add(findings);
        }
        return all.get(0);
    }

    private Findings check(
            DecryptedMessage plain, Optional<String> service, Optional<GbcsMessage> command, Notes notes) {
        GbcsMessage message = plain.message();
        boolean response = message.kind() == MessageKind.RESPONSE;
        Optional<UseCaseTable.UseCase> use = useCases.find(message.header().messageCode());
        encrypted(plain, notes);
        if (use.isEmpty()) {
            notes.add(
                    Deviation.Kind.UNKNOWN,
                    "",
                    "message code " + message.header().messageCodeHex() + " is in no table");
            return notes.findings();
        }
        if (!response && message.kind() != MessageKind.ALERT) {
            return notes.findings();
        }
        if (!use.get().families().contains(message.payload().family())) {
            notes.add(
                    Deviation.Kind.RESULT_OF_OTHER_KIND,
                    "",
                    "use case " + use.get().name() + " is of the family "
                            + use.get().families() + ", the payload is "
                            + message.payload().family());
            return notes.findings();
        }
        Optional<GbcsMessage> answered = command.filter(c -> response);
        if (answered.isPresent()
                && answered.get().header().messageCode() != message.header().messageCode()) {
            notes.add(
                    Deviation.Kind.RESULT_OF_OTHER_KIND,
                    "",
                    "the command had the message code "
                            + answered.get().header().messageCodeHex() + ", the response has "
                            + message.header().messageCodeHex());
            answered = Optional.empty();
        }
        check(use.get(), plain, service, answered.map(GbcsMessage::payload), notes);
        return notes.findings();
    }

    private void check(
            UseCaseTable.UseCase use,
            DecryptedMessage plain,
            Optional<String> service,
            Optional<Payload> command,
            Notes notes) {
        boolean response = plain.message().kind() == MessageKind.RESPONSE;
        Payload payload = plain.message().payload();
        DlmsAnswers byDlms = dlms.get(use.code());
        GbzAnswers byGbz = gbz.get(use.code());
        if (payload instanceof DlmsPayload.AccessResponse r && response && byDlms != null) {
            byDlms.response(r, plain, service, command, notes);
        } else if (payload instanceof DlmsPayload.DataNotification n && byDlms != null) {
            byDlms.alert(n, plain, notes);
        } else if (payload instanceof GbzPayload.Components c && response && byGbz != null) {
            byGbz.response(c.components(), plain, command, notes);
        } else if (payload instanceof GbzPayload.Alert a && byGbz != null) {
            byGbz.alert(a, plain, notes);
        } else if (payload instanceof Asn1Payload a) {
            asn1.check(use, plain.message().kind(), a.root(), command, notes);
        }
    }

    /** Reports encrypted parts that were decrypted but cannot be decoded, or whose tag is wrong. */
    private static void encrypted(DecryptedMessage plain, Notes notes) {
        for (DecryptedPart part : plain.parts()) {
            if (part.status() == DecryptedPart.Status.BROKEN) {
                notes.add(Deviation.Kind.UNREADABLE, part.path(), "decrypted but unreadable: " + part.reason());
            } else if (part.status() == DecryptedPart.Status.FAILED) {
                notes.add(Deviation.Kind.NOT_AUTHENTIC, part.path(), "cannot be decrypted: " + part.reason());
            }
        }
    }
}
