package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Table;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsFault;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.ZclFields;
import org.postern.gbcs.ZclFields.Maker;

/** The fields of one ZCL command, from the table. Decodes and encodes its payload. */
public final class ZclLayout {

    private static final Map<String, Integer> SIZES = Map.ofEntries(
            Map.entry("u8", 1),
            Map.entry("u16", 2),
            Map.entry("u24", 3),
            Map.entry("u32", 4),
            Map.entry("u48", 6),
            Map.entry("i32", 4),
            Map.entry("utc32", 4),
            Map.entry("enum8", 1),
            Map.entry("enum16", 2),
            Map.entry("map8", 1),
            Map.entry("map32", 4),
            Map.entry("date4", 4),
            Map.entry("bytes7", 7),
            Map.entry("octstr", -1));
    private static final String FIELDS = "fields";
    private static final String ATTRIBUTES = "ATTRIBUTES";
    private static final String BYTES = "bytes";
    private static final int INVALID_LENGTH = 0xFF;
    /** Used instead of the field that states the number of repetitions. */
    private static final int TO_THE_END = -1;

    /**
     * A field, or a repeated group of fields.
     *
     * @param name name of the field or the group; a group of one field has the name of the field
     * @param size size in bytes; -1 for a string, which follows its length
     * @param number true where the value is a number
     * @param optional true where it may be omitted at the end
     * @param group fields of a group, null for a field
     * @param count index of the field with the number of repetitions, -1 where the group repeats to the end of the
     *     payload
     */
    private record Part(
            String name,
            String type,
            int size,
            boolean number,
            boolean optional,
            @Nullable ZclLayout group,
            int count) {

        boolean signed() {
            return type.equals("i32");
        }
    }

    /** Receives the values of a payload in order. */
    private interface Sink {

        /** Receives the value of a field, or of a field of a group. */
        void value(Part part, int place, Bytes payload, int at, int head, int size);

        /** A group begins. */
        void open(int place);

        /** A repetition of the group begins. */
        void repeat(ZclLayout group);

        /** The group ends. */
        void close();
    }

    private final String name;
    /** True for a list of attributes, which has no fixed fields. */
    private final boolean attributes;

    private final List<Part> parts;
    private final String[] names;

    private ZclLayout(String name, boolean attributes, List<Part> parts) {
        this.name = name;
        this.attributes = attributes;
        this.parts = parts;
        this.names = parts.stream().map(Part::name).toArray(String[]::new);
    }

    /** Reads {@code name:type name:type group(name:type name:type)*count}. */
    public static ZclLayout of(Table.Row row) {
        String name = row.text("name");
        String text = row.text(FIELDS);
        if (text.equals(ATTRIBUTES)) {
            return new ZclLayout(name, true, List.of());
        }
        List<Part> parts = new ArrayList<>();
        List<Part> into = parts;
        String group = "";
        for (String token : text.split(" ")) {
            int open = token.indexOf('(');
            int close = token.indexOf(")*");
            if (open >= 0) {
                group = token.substring(0, open);
                into = new ArrayList<>();
            }
            into.add(field(row, token.substring(open + 1, close < 0 ? token.length() : close)));
            if (close >= 0) {
                if (into == parts) {
                    throw row.broken(FIELDS, "every ) has a matching (", token);
                }
                parts.add(group(row, group, into, count(row, parts, token.substring(close + 2))));
                into = parts;
            }
        }
        if (into != parts) {
            throw row.broken(FIELDS, "every ( has a matching )*", text);
        }
        return new ZclLayout(name, false, parts);
    }

    private static Part field(Table.Row row, String text) {
        String[] words = text.split(":");
        boolean optional = words.length == 2 && words[1].endsWith("?");
        String type = words.length == 2 ? words[1].replace("?", "") : "";
        if (!SIZES.containsKey(type)) {
            throw row.broken(FIELDS, "fields as name:type", text);
        }
        int size = SIZES.get(type);
        boolean number = size > 0 && !type.equals("date4") && !type.startsWith(BYTES);
        return new Part(words[0], type, size, number, optional, null, TO_THE_END);
    }

    private static Part group(Table.Row row, String name, List<Part> fields, int count) {
        boolean one = fields.size() == 1;
        row.require(FIELDS, one == name.isEmpty(), "a name before the ( of a group of several fields");
        return new Part(
                one ? fields.get(0).name() : name, "", 0, false, false, new ZclLayout(name, false, fields), count);
    }

    private static int count(Table.Row row, List<Part> parts, String name) {
        if (name.isEmpty()) {
            return TO_THE_END;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).name().equals(name) && parts.get(i).number()) {
                return i;
            }
        }
        throw row.broken(FIELDS, "a repetition is counted by an earlier field", name);
    }

    public String name() {
        return name;
    }

    public boolean isAttributes() {
        return attributes;
    }

    /** Names of all fields, including those of groups. */
    public List<String> fieldNames() {
        List<String> all = new ArrayList<>();
        for (Part part : parts) {
            ZclLayout group = part.group();
            if (group == null) {
                all.add(part.name());
            } else {
                all.addAll(group.fieldNames());
            }
        }
        return all;
    }

    /** The fields of a payload in order. The payload must not contain further bytes. */
    public List<ZclFields.Field> read(Bytes payload) {
        Row all = new Row();
        int end = walk(payload, all);
        if (end != payload.length()) {
            throw new GbcsRefusal(
                    GbcsFault.ZCL_MALFORMED,
                    end,
                    name + " ends with its last field",
                    payload.length() - end + " additional bytes");
        }
        return all.fields;
    }

    /** The fields of a payload, converted by the caller; bytes after the last field are ignored. */
    public <T> T read(Bytes payload, Maker<T> maker) {
        Tree<T> tree = new Tree<>(maker, names.length);
        walk(payload, tree);
        return maker.fields(names, tree.values);
    }

    /** Returns the end of the last field. */
    private int walk(Bytes payload, Sink sink) {
        int at = 0;
        int[] places = new int[parts.size()];
        for (int i = 0; i < places.length; i++) {
            Part part = parts.get(i);
            if (part.optional() && at == payload.length()) {
                break;
            }
            places[i] = at;
            ZclLayout group = part.group();
            if (group == null) {
                at = value(payload, at, part, i, sink);
                continue;
            }
            boolean toTheEnd = part.count() == TO_THE_END;
            long times = toTheEnd
                    ? Long.MAX_VALUE
                    : payload.littleEndian(
                            places[part.count()], parts.get(part.count()).size());
            sink.open(i);
            for (long n = 0; n < times && (!toTheEnd || at < payload.length()); n++) {
                sink.repeat(group);
                for (int k = 0; k < group.parts.size(); k++) {
                    at = value(payload, at, group.parts.get(k), k, sink);
                }
            }
            sink.close();
        }
        return at;
    }

    private static int value(Bytes payload, int at, Part part, int place, Sink sink) {
        int head = part.size() < 0 ? 1 : 0;
        ZclTypes.need(payload, at, head);
        int size = head == 0 ? part.size() : payload.at(at) == INVALID_LENGTH ? 0 : payload.at(at);
        ZclTypes.need(payload, at + head, size);
        sink.value(part, place, payload, at, head, size);
        return at + head + size;
    }

    private static long number(Part part, Bytes payload, int at, int size) {
        long number = payload.littleEndian(at, size);
        return part.signed() ? (int) number : number;
    }

    /** Collects the fields in order; those of a group with the index of the repetition. */
    private static final class Row implements Sink {

        private final List<ZclFields.Field> fields = new ArrayList<>();
        private int index;

        @Override
        public void value(Part part, int place, Bytes payload, int at, int head, int size) {
            fields.add(new ZclFields.Field(
                    part.name(),
                    Math.max(index, 0),
                    part.type(),
                    part.number() ? number(part, payload, at, size) : 0,
                    payload.slice(at + head, size),
                    at));
        }

        @Override
        public void open(int place) {
            index = -1;
        }

        @Override
        public void repeat(ZclLayout group) {
            index++;
        }

        @Override
        public void close() {
            index = 0;
        }
    }

    /** Collects the fields by position, and groups as lists. */
    private static final class Tree<T> implements Sink {

        private final Maker<T> maker;
        private final T[] values;
        /** Values of the open group; null where no group is open. */
        private @Nullable List<T> list;

        private int listPlace;
        /** Fields of one repetition of a group of several fields; null for a group of one field. */
        private T @Nullable [] entry;

        Tree(Maker<T> maker, int places) {
            this.maker = maker;
            this.values = maker.places(places);
        }

        @Override
        public void value(Part part, int place, Bytes payload, int at, int head, int size) {
            T made = part.number()
                    ? maker.number(number(part, payload, at, size), size)
                    : part.type().startsWith(BYTES)
                            ? singly(payload, at, size)
                            : maker.bytes(payload.slice(at + head, size));
            if (list == null) {
                values[place] = made;
            } else if (entry == null) {
                list.add(made);
            } else {
                entry[place] = made;
            }
        }

        private T singly(Bytes payload, int at, int size) {
            List<T> bytes = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                bytes.add(maker.number(payload.at(at + i), 1));
            }
            return maker.list(bytes);
        }

        @Override
        public void open(int place) {
            list = new ArrayList<>();
            listPlace = place;
        }

        @Override
        public void repeat(ZclLayout group) {
            if (group.names.length > 1) {
                T[] fields = maker.places(group.names.length);
                entry = fields;
                opened().add(maker.fields(group.names, fields));
            }
        }

        @Override
        public void close() {
            values[listPlace] = maker.list(opened());
            list = null;
            entry = null;
        }

        private List<T> opened() {
            return Objects.requireNonNull(list, "a group is open");
        }
    }

    /** Encodes these values, which have to be in the order of the table. */
    public Bytes write(List<ZclFields.Field> values) {
        ByteWriter out = new ByteWriter();
        int next = 0;
        for (Part part : parts) {
            if (part.optional() && next == values.size()) {
                break;
            }
            ZclLayout layout = part.group();
            if (layout == null) {
                next = write(out, values, next, part);
                continue;
            }
            List<Part> group = layout.parts;
            while (next < values.size()
                    && values.get(next).name().equals(group.get(0).name())) {
                for (Part p : group) {
                    next = write(out, values, next, p);
                }
            }
        }
        if (next != values.size()) {
            throw new GbcsRefusal(
                    GbcsFault.ZCL_VALUES,
                    next,
                    name + " has no more fields",
                    values.get(next).name());
        }
        Bytes payload = Bytes.of(out.toArray());
        read(payload);
        return payload;
    }

    private int write(ByteWriter out, List<ZclFields.Field> values, int next, Part part) {
        if (next >= values.size() || !values.get(next).name().equals(part.name())) {
            throw new GbcsRefusal(
                    GbcsFault.ZCL_VALUES,
                    next,
                    name + " continues with " + part.name(),
                    next < values.size() ? values.get(next).name() : "nothing");
        }
        ZclFields.Field value = values.get(next);
        if (part.size() < 0) {
            if (value.bytes().length() >= INVALID_LENGTH) {
                throw new GbcsRefusal(
                        GbcsFault.ZCL_VALUES,
                        next,
                        part.name() + " has at most 254 bytes",
                        value.bytes().length() + " bytes");
            }
            out.u8(value.bytes().length()).bytes(value.bytes());
        } else if (!value.bytes().isEmpty()) {
            if (value.bytes().length() != part.size()) {
                throw new GbcsRefusal(
                        GbcsFault.ZCL_VALUES,
                        next,
                        part.name() + " has " + part.size() + " bytes",
                        value.bytes().length() + " bytes");
            }
            out.bytes(value.bytes());
        } else {
            long minValue = part.type().startsWith("i") ? -(1L << 31) : 0;
            long maxValue = part.type().startsWith("i") ? 1L << 31 : 1L << 8 * part.size();
            if (part.size() > 6 || value.number() < minValue || value.number() >= maxValue) {
                throw new GbcsRefusal(
                        GbcsFault.ZCL_VALUES, next, part.name() + " is a " + part.type(), "a value out of range");
            }
            for (int i = 0; i < part.size(); i++) {
                out.u8((int) (value.number() >> 8 * i) & 0xFF);
            }
        }
        return next + 1;
    }
}
