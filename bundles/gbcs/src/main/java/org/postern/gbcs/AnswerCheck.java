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
import org.postern.gbcs.internal.AskedFields;
import org.postern.gbcs.internal.Asn1Answers;
import org.postern.gbcs.internal.DlmsAnswers;
import org.postern.gbcs.internal.GbzAnswers;

/**
 * Holds the content of responses and alerts to their use case: number, order, kind and type of the results, what must
 * be encrypted, fields that the use case fixes. Where the command is known, the results are held to its own items.
 * Reads the tables once; safe between threads.
 */
public final class AnswerCheck {

    /**
     * What was found.
     *
     * @param deviations in the order of the message; empty where the content is what the use case lays down
     * @param misplaced true where results are missing, surplus or in another order, so that none can be told by its
     *     place
     * @param withheldItems indices of DLMS results whose data is of another type than the use case's, and GBZ
     *     attributes of another type, as {@code 0702/0000}: they must not be given as readings
     */
    public record Findings(List<Deviation> deviations, boolean misplaced, Set<Object> withheldItems) {

        /** Nothing to say. */
        public static final Findings NONE = new Findings(List.of(), false, Set.of());

        public Findings {
            deviations = List.copyOf(deviations);
            withheldItems = Set.copyOf(withheldItems);
        }

        /** True where a deviation makes the response no success. */
        public boolean unsuccessful() {
            return deviations.stream().anyMatch(d -> d.kind().unsuccessful());
        }
    }

    /** Collects what is found. */
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

        /** Adds one, and keeps the data there from being given as a reading. */
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
        AskedFields askedFields = new AskedFields(fields);
        for (UseCaseTable.UseCase use : useCases.all()) {
            if (!use.dlms().isEmpty()) {
                dlms.put(use.code(), new DlmsAnswers(use, lists.of(use.code())));
            }
            if (!use.gbz().isEmpty()) {
                gbz.put(use.code(), new GbzAnswers(use, fields, askedFields));
            }
        }
    }

    /**
     * Holds a response or alert to its use case.
     *
     * @param plain the message beside the plain text of its encrypted parts
     * @param service reference of the Service Request it answers, variant form such as 7.8, where known: decides among
     *     the item lists that share a message code
     * @param commands the commands (or Pre-Commands) one of which it answers, where known: number, order and kind of
     *     the results, the times of entries and the logs they are of are then held to its items; of several, to those
     *     of the one that fits
     */
    public Findings check(DecryptedMessage plain, Optional<String> service, AnsweredCommands commands) {
        GbcsMessage message = plain.message();
        Optional<List<GbcsMessage>> asked = message.kind() == MessageKind.RESPONSE
                ? commands.of(message.header().messageCode())
                : Optional.empty();
        if (asked.isEmpty()) {
            return check(plain, service, Optional.empty(), new Notes());
        }
        if (asked.get().isEmpty()) {
            Notes notes = new Notes();
            notes.add(
                    Deviation.Kind.RESULT_OF_OTHER_KIND,
                    "",
                    "the request becomes no command of message code "
                            + message.header().messageCodeHex());
            return check(plain, service, Optional.empty(), notes);
        }
        List<Findings> all = new ArrayList<>();
        for (GbcsMessage command : asked.get()) {
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
        Optional<GbcsMessage> asked = command.filter(c -> response);
        if (asked.isPresent()
                && asked.get().header().messageCode() != message.header().messageCode()) {
            notes.add(
                    Deviation.Kind.RESULT_OF_OTHER_KIND,
                    "",
                    "the command had the message code "
                            + asked.get().header().messageCodeHex() + ", the response has "
                            + message.header().messageCodeHex());
            asked = Optional.empty();
        }
        check(use.get(), plain, service, asked.map(GbcsMessage::payload), notes);
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

    /** Encrypted parts that were opened and cannot be read, or whose tag is wrong. */
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
