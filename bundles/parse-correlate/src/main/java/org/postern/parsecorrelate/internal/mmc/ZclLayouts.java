package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.gbcs.Bytes;

/**
 * Fields of the ZigBee commands that responses carry, from the resource {@code zcl-layouts.tsv}. A layout is a row of
 * {@code name:type}; {@code name[count]:type} repeats as often as the field {@code count} says, {@code name[]:type} to
 * the end; {@code name[](...)} repeats a group to the end. Types: u8 to u48, i32 (little-endian), bN (so many bytes),
 * str (one byte of length).
 */
public final class ZclLayouts {

    /** What a field holds: a number, bytes, or a string behind its length. */
    private enum Kind {
        UNSIGNED,
        SIGNED,
        BYTES,
        STRING
    }

    /**
     * A field.
     *
     * @param count null where it stands once, the name of the field that says how often, empty where it is to the end
     * @param size in bytes, 0 for a string
     * @param group what is repeated, null for a plain field
     */
    private record Field(String name, String count, Kind kind, int size, Layout group) {}

    /** Fields in their order, and their names. */
    private record Layout(List<Field> fields, String[] names) {

        static Layout of(List<Field> fields) {
            return new Layout(
                    List.copyOf(fields), fields.stream().map(Field::name).toArray(String[]::new));
        }
    }

    private final Map<String, Layout> layouts = new HashMap<>();

    /** Reads the resource. */
    public static ZclLayouts load() {
        ZclLayouts z = new ZclLayouts();
        Resource.table("zcl-layouts.tsv", "cluster", "command", "fields")
                .rows()
                .forEach(row -> z.layouts.put(
                        row.text("cluster") + ":" + row.text("command"),
                        row.parsed("fields", "fields as name:type", ZclLayouts::fields)));
        return z;
    }

    private static Layout fields(String text) {
        List<Field> all = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ' ' : text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ' ' && depth == 0) {
                if (i > from) {
                    all.add(field(text.substring(from, i)));
                }
                from = i + 1;
            }
        }
        return Layout.of(all);
    }

    private static Field field(String text) {
        int open = text.indexOf('[');
        int group = text.indexOf('(');
        String count = open < 0 ? null : text.substring(open + 1, text.indexOf(']'));
        if (group >= 0) {
            return new Field(
                    text.substring(0, open),
                    count,
                    Kind.BYTES,
                    0,
                    fields(text.substring(group + 1, text.length() - 1)));
        }
        int colon = text.indexOf(':');
        if (colon < 0 || !text.substring(colon + 1).matches("u8|u16|u24|u32|u48|i32|str|b\\d+")) {
            throw new IllegalArgumentException(text);
        }
        return plain(text.substring(0, open < 0 ? colon : open), count, text.substring(colon + 1));
    }

    private static Field plain(String name, String count, String type) {
        if (type.equals("str")) {
            return new Field(name, count, Kind.STRING, 0, null);
        }
        int number = Integer.parseInt(type.substring(1));
        return type.startsWith("b")
                ? new Field(name, count, Kind.BYTES, number, null)
                : new Field(name, count, type.startsWith("i") ? Kind.SIGNED : Kind.UNSIGNED, number / Byte.SIZE, null);
    }

    boolean has(String command) {
        return layouts.containsKey(command);
    }

    /** The fields, or null where the command has no layout or the payload does not fit it. */
    Source read(String command, Bytes payload) {
        Layout layout = layouts.get(command);
        if (layout == null) {
            return null;
        }
        Reader r = new Reader(payload);
        try {
            return r.read(layout);
        } catch (IndexOutOfBoundsException e) {
            return null;
        }
    }

    private static final class Reader {

        private final Bytes payload;
        private int at;

        Reader(Bytes payload) {
            this.payload = payload;
        }

        Source.Fields read(Layout layout) {
            Source[] values = new Source[layout.names().length];
            Source.Fields read = new Source.Fields(layout.names(), values);
            for (int i = 0; i < values.length; i++) {
                Field f = layout.fields().get(i);
                if (f.count() == null) {
                    values[i] = one(f);
                    continue;
                }
                List<Source> list = new ArrayList<>();
                int count = f.count().isEmpty()
                        ? Integer.MAX_VALUE
                        : read.at(f.count()).small();
                while (list.size() < count && (!f.count().isEmpty() || at < payload.length())) {
                    list.add(f.group() == null ? one(f) : read(f.group()));
                }
                values[i] = new Source.Listed(list);
            }
            return read;
        }

        private Source one(Field f) {
            return switch (f.kind()) {
                case STRING -> {
                    int size = payload.at(at++);
                    yield new Source.Octets(take(size == 0xFF ? 0 : size));
                }
                case BYTES -> new Source.Octets(take(f.size()));
                case SIGNED -> ZclAttributes.number(take(f.size()), true);
                case UNSIGNED -> ZclAttributes.number(take(f.size()), false);
            };
        }

        private Bytes take(int size) {
            Bytes b = payload.slice(at, size);
            at += size;
            return b;
        }
    }
}
