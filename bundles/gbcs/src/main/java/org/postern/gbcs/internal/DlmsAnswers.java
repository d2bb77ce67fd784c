package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.gbcs.AnswerCheck.Notes;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.DecryptedPart;
import org.postern.gbcs.Deviation.Kind;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsPayload.Operation;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Payload;
import org.postern.gbcs.UseCaseTable.DlmsItem;
import org.postern.gbcs.UseCaseTable.UseCase;

/**
 * The expected content of a DLMS response or alert of one use case: one result per item of the command, in its order,
 * with data of the type of the item (DLMS Green Book, access-response; GBCS section 20.2 and 20.3). Immutable.
 */
public final class DlmsAnswers {

    /** Class of the objects that return encrypted data: Data protection (GBCS section 8.5). */
    private static final int DATA_PROTECTION = 30;

    /** One expected result. */
    private record Expected(
            Operation operation, String target, DlmsShape shape, List<DlmsShape> plain, boolean encrypted) {}

    private final String name;
    private final List<List<Expected>> lists = new ArrayList<>();
    /** The operations of each list. */
    private final List<List<Operation>> operations = new ArrayList<>();

    private final List<AnswerLists.Repeated> repeated;
    private final List<Expected> alert = new ArrayList<>();

    public DlmsAnswers(UseCase use, List<AnswerLists.Repeated> repeated) {
        this.name = use.name();
        this.repeated = repeated;
        Map<String, List<Expected>> byVariant = new LinkedHashMap<>();
        for (DlmsItem item : use.dlms()) {
            if (item.direction() == MessageKind.RESPONSE) {
                byVariant
                        .computeIfAbsent(item.variant() + "/" + item.listLength(), v -> new ArrayList<>())
                        .add(expected(item));
            } else if (item.direction() == MessageKind.ALERT) {
                alert.add(expected(item));
            }
        }
        lists.addAll(byVariant.values());
        lists.forEach(
                list -> operations.add(list.stream().map(Expected::operation).toList()));
    }

    private static Expected expected(DlmsItem item) {
        boolean encrypted = item.target()
                .map(t -> t.classId() == DATA_PROTECTION)
                .orElse(!item.plain().isEmpty());
        return new Expected(
                item.operation().orElse(Operation.GET),
                item.target().map(Object::toString).orElse(""),
                DlmsShape.parse(item.shape()),
                item.plain().stream().map(DlmsShape::parse).toList(),
                encrypted);
    }

    /**
     * Checks the response against the command where that is known, otherwise against the item lists of the use case.
     */
    public void response(
            DlmsPayload.AccessResponse response,
            DecryptedMessage plain,
            Optional<String> service,
            Optional<Payload> command,
            Notes notes) {
        List<DlmsPayload.ResponseItem> items = response.items();
        List<List<Operation>> allowed =
                command.isPresent() && command.get() instanceof DlmsPayload.AccessRequest request
                        ? List.of(request.items().stream()
                                .map(DlmsPayload.RequestItem::operation)
                                .toList())
                        : allowed(items.size(), service);
        List<Operation> operationsOfList = counted(items, allowed, command.isPresent(), service, notes);
        if (operationsOfList.isEmpty()) {
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).operation() != operationsOfList.get(i)) {
                notes.add(
                        Kind.RESULT_OF_OTHER_KIND,
                        result(i),
                        "the result of a " + items.get(i).operation()
                                + " where "
                                + (command.isPresent() ? "the command" : "use case " + name) + " has a "
                                + operationsOfList.get(i));
                return;
            }
        }
        List<Expected> list = list(operationsOfList);
        for (int i = 0; i < items.size(); i++) {
            item(i, items.get(i), list.isEmpty() ? null : list.get(i), plain, notes);
            if (command.isPresent() && command.get() instanceof DlmsPayload.AccessRequest request) {
                period(i, items.get(i), request.items().get(i), plain, notes);
            }
        }
    }

    /** Checks that the entries of a log lie in the requested period. */
    private static void period(
            int index,
            DlmsPayload.ResponseItem item,
            DlmsPayload.RequestItem request,
            DecryptedMessage plain,
            Notes notes) {
        DlmsData data = plain.part(index).flatMap(DecryptedPart::data).orElse(item.data());
        int outside =
                RequestedPeriod.of(request).map(period -> period.outside(data)).orElse(0);
        if (outside > 0) {
            notes.withhold(
                    index,
                    Kind.OTHER_CONTENT,
                    result(index),
                    outside + (outside == 1 ? " entry lies" : " entries lie") + " outside the requested period");
        }
    }

    /**
     * The operations of the best matching list of this length; empty where no list has this length, which is reported.
     */
    private List<Operation> counted(
            List<DlmsPayload.ResponseItem> items,
            List<List<Operation>> allowed,
            boolean byCommand,
            Optional<String> service,
            Notes notes) {
        List<Operation> found = new ArrayList<>(items.size());
        items.forEach(item -> found.add(item.operation()));
        List<Operation> best = List.of();
        for (List<Operation> list : allowed) {
            if (list.size() == found.size() && (best.isEmpty() || list.equals(found))) {
                best = list;
            }
        }
        if (best.isEmpty() && !(allowed.stream().allMatch(List::isEmpty) && found.isEmpty())) {
            String lengths = byCommand ? Integer.toString(allowed.get(0).size()) : lengths(service);
            int max = allowed.stream().mapToInt(List::size).max().orElse(0);
            notes.add(
                    found.size() > Math.max(max, longest(service)) ? Kind.RESULTS_SURPLUS : Kind.RESULTS_MISSING,
                    "",
                    found.size() + " results where " + (byCommand ? "the command" : "use case " + name) + " has "
                            + lengths);
        }
        return best;
    }

    private List<AnswerLists.Repeated> repeated(Optional<String> service) {
        if (repeated.isEmpty()) {
            return repeated;
        }
        List<AnswerLists.Repeated> own = repeated.stream()
                .filter(r -> service.filter(r.service()::equals).isPresent())
                .toList();
        return own.isEmpty()
                ? repeated.stream().filter(r -> r.service().isEmpty()).toList()
                : own;
    }

    private boolean ofService(Optional<String> service) {
        return !repeated.isEmpty()
                && repeated.stream()
                        .anyMatch(r -> service.filter(r.service()::equals).isPresent());
    }

    /** The operations of every list to which a response with this number of results can belong. */
    private List<List<Operation>> allowed(int size, Optional<String> service) {
        List<List<Operation>> all = new ArrayList<>();
        if (!ofService(service)) {
            all.addAll(operations);
        }
        for (AnswerLists.Repeated r : repeated(service)) {
            int unit = r.operations().size();
            if (size % unit == 0 && size / unit >= r.minOccurs() && size / unit <= r.maxOccurs()) {
                List<Operation> list = new ArrayList<>();
                for (int i = 0; i < size / unit; i++) {
                    list.addAll(r.operations());
                }
                all.add(list);
            }
        }
        return all;
    }

    private int longest(Optional<String> service) {
        int max = ofService(service)
                ? 0
                : lists.stream().mapToInt(List::size).max().orElse(0);
        return Math.max(
                max,
                repeated(service).stream()
                        .mapToInt(r -> r.maxOccurs() * r.operations().size())
                        .max()
                        .orElse(0));
    }

    private String lengths(Optional<String> service) {
        java.util.TreeSet<Integer> all = new java.util.TreeSet<>();
        if (!ofService(service)) {
            lists.forEach(l -> all.add(l.size()));
        }
        for (AnswerLists.Repeated r : repeated(service)) {
            for (int n = r.minOccurs(); n <= r.maxOccurs(); n++) {
                all.add(n * r.operations().size());
            }
        }
        return all.toString().replaceAll("[\\[\\]]", "").replace(", ", " or ");
    }

    /** The list with these operations and its types; empty where the tables contain none. */
    private List<Expected> list(List<Operation> operationsOfList) {
        int place = operations.indexOf(operationsOfList);
        return place < 0 ? List.of() : lists.get(place);
    }

    private static String result(int index) {
        return "result " + (index + 1);
    }

    private static String result(int index, Expected expected) {
        return result(index) + " (" + expected.target() + ")";
    }

    private void item(
            int index,
            DlmsPayload.ResponseItem item,
            @Nullable Expected expected,
            DecryptedMessage plain,
            Notes notes) {
        if (!item.success()) {
            return;
        }
        if (expected == null) {
            if (item.operation() == Operation.SET && !item.data().isNull()) {
                notes.withhold(
                        index,
                        Kind.RESULT_OF_OTHER_TYPE,
                        result(index),
                        "a SET returns no data, it is " + item.data().tag());
            }
            return;
        }
        if (item.data().isNull()) {
            if (!expected.shape().isNull()) {
                notes.add(Kind.NO_DATA, result(index, expected), "success without data");
            }
            return;
        }
        Optional<DecryptedPart> part = expected.encrypted() ? plain.part(index) : Optional.empty();
        if (expected.encrypted()) {
            part(index, () -> result(index, expected), expected, part, notes);
        } else if (!expected.shape().matches(item.data(), false)) {
            notes.withhold(
                    index,
                    Kind.RESULT_OF_OTHER_TYPE,
                    result(index, expected),
                    "data of another type than the use case specifies: "
                            + item.data().tag());
        }
    }

    /** Checks an encrypted item: it has to be encrypted, and its plain text has to have the type of the object. */
    private void part(int index, Supplier<String> where, Expected expected, Optional<DecryptedPart> part, Notes notes) {
        if (part.isEmpty()) {
            notes.add(
                    Kind.NOT_PROTECTED,
                    where.get(),
                    "data in the clear, although use case " + name + " requires encryption");
            return;
        }
        part.get()
                .data()
                .filter(data -> !plainFits(expected, data))
                .ifPresent(data -> notes.withhold(
                        index,
                        Kind.UNREADABLE,
                        where.get(),
                        "decrypted but unreadable: the plain text is not of the type of use case " + name));
    }

    /** Whether the plain text is the value of the object, or a structure of the objects that were read. */
    private static boolean plainFits(Expected expected, DlmsData data) {
        if (expected.plain().isEmpty()) {
            return true;
        }
        DlmsData single = data instanceof DlmsData.Structure s && s.elements().size() == 1
                ? s.elements().get(0)
                : null;
        return expected.plain().stream()
                .anyMatch(shape -> shape.matches(data, true) || single != null && shape.matches(single, true));
    }

    /** Checks the elements of an alert after code and time against the use case. */
    public void alert(DlmsPayload.DataNotification notification, DecryptedMessage plain, Notes notes) {
        List<DlmsData> more = notification.more();
        if (more.size() != alert.size()) {
            notes.add(
                    more.size() > alert.size() ? Kind.RESULTS_SURPLUS : Kind.RESULTS_MISSING,
                    "",
                    more.size() + " elements after code and time where use case " + name + " has " + alert.size());
            return;
        }
        for (int i = 0; i < alert.size(); i++) {
            Expected expected = alert.get(i);
            String where = "element " + (i + 1);
            if (expected.encrypted()) {
                part(i, () -> where, expected, plain.part(i), notes);
            } else if (!expected.shape().matches(more.get(i), false)) {
                notes.withhold(
                        i,
                        Kind.RESULT_OF_OTHER_TYPE,
                        where,
                        "data of another type than the use case specifies: "
                                + more.get(i).tag());
            }
        }
    }
}
