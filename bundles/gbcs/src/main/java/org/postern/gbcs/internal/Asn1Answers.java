package org.postern.gbcs.internal;

import java.util.List;
import java.util.Optional;
import org.postern.gbcs.AnswerCheck.Notes;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Asn1Shapes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.Deviation.Kind;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Payload;
import org.postern.gbcs.UseCaseTable.UseCase;

/**
 * Checks ASN.1 responses and alerts against the shape of their use case and against their command (GBCS section 13).
 */
public final class Asn1Answers {

    private final Asn1Shapes shapes = Asn1Shapes.load();

    /** A list whose length is checked: its path in the shape of the response and in that of the command. */
    private record Counted(String shape, String results, String items, boolean mayBeEmpty) {}

    private static final List<Counted> COUNTED = List.of(
            new Counted("CredentialsOutcome", "change.replacements.replacement[", "replacements.replacement[", false),
            new Counted("CredentialsReport", "party[", "roles.role[", false),
            // the DCC provides the list, and a log without entries may be restored
            new Counted("RestoreOutcome", "entries.entry[", "devices.entry[", true));

    /** Checks the content against the use case, and a response against its command where that is known. */
    public void check(UseCase use, MessageKind kind, DerNode root, Optional<Payload> command, Notes notes) {
        String shape = use.asn1().get(kind);
        if (shape == null || shape.isEmpty()) {
            return;
        }
        Optional<List<Asn1Shapes.Field>> fields = shapes.match(shape, root);
        if (fields.isEmpty()) {
            notes.add(
                    Kind.RESULT_OF_OTHER_KIND,
                    "",
                    "the content is not a " + shape + " as use case " + use.name() + " specifies");
            return;
        }
        if (kind == MessageKind.RESPONSE) {
            Optional<List<Asn1Shapes.Field>> commandFields = command.filter(Asn1Payload.class::isInstance)
                    .flatMap(c -> Optional.ofNullable(use.asn1().get(MessageKind.COMMAND))
                            .flatMap(s -> shapes.match(s, ((Asn1Payload) c).root())));
            counted(shape, fields.get(), commandFields, notes);
            complete(shape, fields.get(), commandFields, notes);
        }
    }

    private static void counted(
            String shape, List<Asn1Shapes.Field> fields, Optional<List<Asn1Shapes.Field>> commandFields, Notes notes) {
        for (Counted c : COUNTED) {
            // an acknowledgement of a future-dated command has no results yet
            if (!c.shape().equals(shape) || shape.equals("CredentialsOutcome") && !has(fields, "change.")) {
                continue;
            }
            int results = count(fields, c.results());
            int items = commandFields.map(a -> count(a, c.items())).orElse(-1);
            if (results == 0 && (items > 0 || items < 0 && !c.mayBeEmpty()) || items >= 0 && results < items) {
                notes.add(
                        Kind.RESULTS_MISSING,
                        "",
                        results + " results" + (items < 0 ? "" : " where the command has " + items + " items"));
            } else if (items >= 0 && results > items) {
                notes.add(Kind.RESULTS_SURPLUS, "", results + " results where the command has " + items + " items");
            }
        }
    }

    /** Checks for content that the shape permits to be omitted but that this response requires. */
    private static void complete(
            String shape, List<Asn1Shapes.Field> fields, Optional<List<Asn1Shapes.Field>> commandFields, Notes notes) {
        boolean futureDated = commandFields.map(a -> has(a, "time")).orElse(true);
        if (shape.equals("CredentialsOutcome") && !has(fields, "change.") && !futureDated
                || shape.equals("FirmwareActivation") && has(fields, "accepted") && !futureDated) {
            notes.add(
                    Kind.RESULTS_MISSING,
                    "",
                    "only an acknowledgement although the command was to be executed immediately");
        }
        if (shape.equals("DeviceLog") && number(fields, "outcome") == 0 && fields.size() == 1) {
            notes.add(Kind.NO_DATA, "", "success without a device");
        }
        if (shape.equals("CredentialsReport")) {
            int parties = count(fields, "party[");
            for (int i = 0; i < parties; i++) {
                String party = "party[" + i + "]";
                if (!has(fields, party + ".certificates") && !has(fields, party + ".status")) {
                    notes.add(Kind.NO_DATA, party, "neither a status nor a certificate");
                }
            }
        }
    }

    /** Number of elements of the list at the path. */
    private static int count(List<Asn1Shapes.Field> fields, String list) {
        int max = 0;
        for (Asn1Shapes.Field f : fields) {
            int at = f.path().startsWith(list) ? 0 : -1;
            if (at == 0) {
                int end = f.path().indexOf(']', list.length());
                max = Math.max(max, Integer.parseInt(f.path().substring(list.length(), end)) + 1);
            }
        }
        return max;
    }

    private static boolean has(List<Asn1Shapes.Field> fields, String path) {
        return fields.stream().anyMatch(f -> f.path().startsWith(path));
    }

    private static long number(List<Asn1Shapes.Field> fields, String path) {
        return fields.stream()
                .filter(f -> f.path().equals(path) && f.node() instanceof DerNode.Primitive)
                .mapToLong(f -> ((DerNode.Primitive) f.node()).number().longValue())
                .findFirst()
                .orElse(-1);
    }
}
