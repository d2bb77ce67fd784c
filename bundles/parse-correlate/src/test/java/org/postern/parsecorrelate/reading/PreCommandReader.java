package org.postern.parsecorrelate.reading;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;

/**
 * Reads a Pre-Command back to the values of its request with {@code places.txt} and the codec only, independent of the
 * transform.
 */
final class PreCommandReader {

    private record Row(String place, String path, String reading) {}

    private final Map<String, List<Row>> useCases = new HashMap<>();
    private final GbcsCodec codec = new GbcsCodec();

    PreCommandReader() {
        Map<String, List<Row>> shared = new HashMap<>();
        List<Row> rows = null;
        String prefix = "";
        for (String line : Resource.lines("places.txt")) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "use", "rows" -> {
                    rows = new ArrayList<>();
                    prefix = "";
                    if ((words[0].equals("use")
                                    ? useCases.put(words[1] + " " + words[2], rows)
                                    : shared.put(words[1], rows))
                            != null) {
                        throw new IllegalStateException(line + " is there twice");
                    }
                }
                case "with" -> rows.addAll(shared.get(words[1]));
                case "in" -> prefix = words[1] + "/";
                default -> {
                    String[] cells = line.split("\\|");
                    String path = cells[1].strip();
                    rows.add(new Row(
                            cells[0].strip(),
                            path.startsWith("/")
                                    ? path.substring(1)
                                    : path.equals(".") ? prefix.replaceFirst("/$", "") : prefix + path,
                            cells[2].strip()));
                }
            }
        }
    }

    /** Message codes and bodies of the table. */
    List<String> useCases() {
        return List.copyOf(useCases.keySet());
    }

    /** The content of a message: its code in four hex digits, and the values of the body. */
    record Read(String code, Map<String, String> values) {}

    /** The values of the body according to the message. */
    Read read(byte[] preCommand, String body) {
        GbcsMessage message = codec.decode(preCommand);
        List<Row> rows = useCases.get(message.header().messageCodeHex() + " " + body);
        if (rows == null) {
            throw new IllegalStateException("no places for " + message.header().messageCodeHex() + " " + body);
        }
        Map<String, String> found = new TreeMap<>();
        for (Row row : rows) {
            for (Wire wire : message.payload()
                    .fold(
                            d -> dlms((DlmsPayload.AccessRequest) d, row.place()),
                            g -> zigbee((GbzPayload.Components) g, row.place()),
                            a -> der(a.root(), row.place()),
                            opaque -> List.<Wire>of())) {
                Readings.read(row.reading(), wire)
                        .forEach((below, value) -> Readings.put(found, path(row.path(), wire.numbers(), below), value));
            }
        }
        return new Read(message.header().messageCodeHex(), found);
    }

    private static String path(String path, List<Integer> numbers, String below) {
        String own = path;
        for (int i = 0; i < numbers.size(); i++) {
            own = own.replace("$" + (i + 1), String.valueOf(numbers.get(i)));
        }
        return below.isEmpty()
                ? own
                : below.startsWith("~") ? own + below.substring(1) : own.isEmpty() ? below : own + "/" + below;
    }

    private static List<Wire> dlms(DlmsPayload.AccessRequest request, String place) {
        String[] words = place.split(" ");
        List<Wire> found = new ArrayList<>();
        for (DlmsPayload.RequestItem item : request.items()) {
            OptionalInt object = matches(item.target().toString(), words[0]);
            if (object.isPresent()) {
                steps(
                        item.data(),
                        words.length == 1 ? List.of() : List.of(words[1].split("\\.")),
                        0,
                        object.getAsInt(),
                        List.of(),
                        found);
            }
        }
        return found;
    }

    /** The number at the variable position of the object's name, or -1 if it has none; empty for another object. */
    private static OptionalInt matches(String object, String wanted) {
        if (object.equals(wanted)) {
            return OptionalInt.of(-1);
        }
        java.util.regex.Matcher open =
                java.util.regex.Pattern.compile("(.*\\.)(\\d+)-(\\d+)(\\..*)").matcher(wanted);
        if (open.matches()) {
            return IntStream.rangeClosed(Integer.parseInt(open.group(2)), Integer.parseInt(open.group(3)))
                    .filter(n -> object.equals(open.group(1) + n + open.group(4)))
                    .findFirst();
        }
        return OptionalInt.empty();
    }

    private static void steps(
            DlmsData data, List<String> steps, int number, int object, List<Integer> numbers, List<Wire> found) {
        if (steps.isEmpty()) {
            found.add(new Wire(number, object, data, null, null, numbers));
            return;
        }
        String step = steps.get(0);
        List<String> rest = steps.subList(1, steps.size());
        int from = step.contains("-") ? Integer.parseInt(step.substring(0, step.indexOf('-'))) : 0;
        if (step.matches("\\d+")) {
            steps(data.elements().get(Integer.parseInt(step)), rest, number, object, numbers, found);
            return;
        }
        for (int i = from; i < data.elements().size(); i++) {
            DlmsData element = data.elements().get(i);
            int own = step.contains("@")
                    ? new Wire(0, 0, element.elements().get(Integer.parseInt(step.substring(2))), null, null, List.of())
                            .whole()
                            .intValueExact()
                    : step.contains("-") ? i : i + 1;
            List<Integer> more = new ArrayList<>(numbers);
            more.add(own);
            steps(element, rest, own, object, more, found);
        }
    }

    private static List<Wire> zigbee(GbzPayload.Components payload, String place) {
        String[] words = place.split(" ");
        String command = words[0].replaceAll("#.*", "");
        String which = words[0].contains("#") ? words[0].substring(words[0].indexOf('#') + 1) : "1";
        List<Wire> found = new ArrayList<>();
        int ordinal = 0;
        for (GbzPayload.Component component : payload.components()) {
            if (String.format(
                            "%04X.%02X", component.cluster(), component.frame().command())
                    .equals(command)) {
                ordinal++;
                if (which.equals("*") || which.equals(String.valueOf(ordinal))) {
                    fields(component, words[1], which.equals("*") ? List.of(ordinal) : List.of(), found);
                }
            }
        }
        return found;
    }

    private static void fields(GbzPayload.Component component, String where, List<Integer> numbers, List<Wire> found) {
        Bytes payload = component.payload();
        if (where.equals("from")) {
            long date = component.fromDate().orElse(0);
            byte[] little = {(byte) date, (byte) (date >> 8), (byte) (date >> 16), (byte) (date >> 24)};
            found.add(new Wire(0, -1, null, Bytes.of(little), null, numbers));
            return;
        }
        String[] ends = where.split(":");
        String[] begin = ends[0].split("\\+");
        int at = Integer.parseInt(begin[0]);
        int size = ends[1].equals("rest") ? payload.length() - at : Integer.parseInt(ends[1]);
        if (begin.length == 1) {
            found.add(new Wire(0, -1, null, payload.slice(at, size), null, numbers));
            return;
        }
        int stride = Integer.parseInt(begin[1].replace("*", ""));
        for (int i = 1; at + size <= payload.length(); i++, at += stride) {
            List<Integer> more = new ArrayList<>(numbers);
            more.add(i);
            found.add(new Wire(i, -1, null, payload.slice(at, size), null, more));
        }
    }

    private static List<Wire> der(DerNode root, String place) {
        DerNode node = root;
        for (String step : place.replaceFirst("^der ?", "").split("\\.")) {
            if (!step.isEmpty()) {
                int child = Integer.parseInt(step);
                if (child >= node.children().size()) {
                    return List.of();
                }
                node = node.children().get(child);
            }
        }
        return List.of(new Wire(0, -1, null, null, node, new ArrayList<>()));
    }
}
