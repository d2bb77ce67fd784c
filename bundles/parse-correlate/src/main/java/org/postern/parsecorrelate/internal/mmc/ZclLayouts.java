package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.gbcs.Bytes;

/**
 * Fields of the ZigBee commands that responses carry, from the resource {@code zcl-layouts.csv}. A layout is a row of
 * {@code name:type}; {@code name[count]:type} repeats as often as the field {@code count} says, {@code name[]:type} to the
 * end; {@code name[](...)} repeats a group to the end. Types: u8 to u48, i32 (little-endian), bN (so many bytes), str (one
 * byte of length).
 */
public final class ZclLayouts {

    /** A field: plain where the group is null. */
    private record Field(String name, String count, String type, List<Field> group) {
    }

    private final Map<String, List<Field>> layouts = new HashMap<>();

    /** Reads the resource. */
    public static ZclLayouts load() {
        ZclLayouts z = new ZclLayouts();
        Resource.rows("zcl-layouts.csv", 3, (line, cells) -> {
            try {
                z.layouts.put(cells[0] + ":" + cells[1], fields(cells[2]));
            } catch (IllegalArgumentException e) {
                throw Resource.fault("zcl-layouts.csv", line, "fields as name:type", e.getMessage());
            }
        });
        return z;
    }

    private static List<Field> fields(String text) {
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
        return List.copyOf(all);
    }

    private static Field field(String text) {
        int open = text.indexOf('[');
        int group = text.indexOf('(');
        String count = open < 0 ? null : text.substring(open + 1, text.indexOf(']'));
        if (group >= 0) {
            return new Field(text.substring(0, open), count, "", fields(text.substring(group + 1, text.length() - 1)));
        }
        int colon = text.indexOf(':');
        if (colon < 0 || !text.substring(colon + 1).matches("u8|u16|u24|u32|u48|i32|str|b\\d+")) {
            throw new IllegalArgumentException(text);
        }
        return new Field(text.substring(0, open < 0 ? colon : open), count, text.substring(colon + 1), null);
    }

    boolean has(String command) {
        return layouts.containsKey(command);
    }

    /** The fields, or null where the command has no layout or the payload does not fit it. */
    Source read(int cluster, int command, Bytes payload) {
        List<Field> fields = layouts.get(Digits.hex4(cluster) + ':' + Digits.hex2(command));
        if (fields == null) {
            return null;
        }
        Reader r = new Reader(payload);
        try {
            return r.read(fields);
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

        Source.Fields read(List<Field> fields) {
            Map<String, Source> values = new LinkedHashMap<>();
            for (Field f : fields) {
                if (f.count() == null) {
                    values.put(f.name(), one(f));
                    continue;
                }
                List<Source> list = new ArrayList<>();
                int count = f.count().isEmpty() ? Integer.MAX_VALUE : values.get(f.count()).small();
                while (list.size() < count && (!f.count().isEmpty() || at < payload.length())) {
                    list.add(f.group() == null ? one(f) : read(f.group()));
                }
                values.put(f.name(), new Source.Listed(list));
            }
            return new Source.Fields(values);
        }

        private Source one(Field f) {
            if (f.type().equals("str")) {
                int size = payload.at(at++);
                return new Source.Octets(take(size == 0xFF ? 0 : size));
            }
            if (f.type().startsWith("b")) {
                return new Source.Octets(take(Integer.parseInt(f.type().substring(1))));
            }
            return ZclAttributes.number(take(Integer.parseInt(f.type().substring(1)) / 8), f.type().startsWith("i"));
        }

        private Bytes take(int size) {
            Bytes b = payload.slice(at, size);
            at += size;
            return b;
        }
    }
}
