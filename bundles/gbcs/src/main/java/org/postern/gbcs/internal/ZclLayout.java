package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postern.catalogue.Table;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsFault;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.ZclFields;

/** The fields of one ZCL command as the table has them, and the sizes of ZCL data types. */
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
    private static final int INVALID_LENGTH = 0xFF;

    /**
     * A field, which may be left out at the end, or a repeated group with the field that counts it (empty: to the
     * payload's end).
     */
    private record Part(String name, String type, int size, boolean optional, List<Part> group, String count) {}

    private final String name;
    private final List<Part> parts;

    private ZclLayout(String name, List<Part> parts) {
        this.name = name;
        this.parts = parts;
    }

    /** Reads {@code name:type name:type (name:type)*count}. */
    public static ZclLayout of(Table.Row row) {
        String name = row.text("name");
        String text = row.text(FIELDS);
        if (text.equals(ATTRIBUTES)) {
            return new ZclLayout(name, null);
        }
        List<Part> parts = new ArrayList<>();
        List<Part> into = parts;
        for (String token : text.split(" ")) {
            boolean opens = token.startsWith("(");
            int close = token.indexOf(")*");
            if (opens) {
                into = new ArrayList<>();
            }
            String[] field = token.substring(opens ? 1 : 0, close < 0 ? token.length() : close)
                    .split(":");
            boolean optional = field.length == 2 && field[1].endsWith("?");
            String type = field.length == 2 ? field[1].replace("?", "") : "";
            if (!SIZES.containsKey(type)) {
                throw row.broken(FIELDS, "fields as name:type", token);
            }
            into.add(new Part(field[0], type, SIZES.get(type), optional, null, null));
            if (close >= 0) {
                String count = token.substring(close + 2);
                if (!count.isEmpty() && parts.stream().noneMatch(p -> count.equals(p.name()))) {
                    throw row.broken(FIELDS, "a repetition is counted by an earlier field", count);
                }
                parts.add(new Part(null, null, 0, false, into, count));
                into = parts;
            }
        }
        return new ZclLayout(name, parts);
    }

    public String name() {
        return name;
    }

    public boolean isAttributes() {
        return parts == null;
    }

    public List<String> fieldNames() {
        if (parts == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (Part part : parts) {
            if (part.group() == null) {
                names.add(part.name());
            } else {
                part.group().forEach(p -> names.add(p.name()));
            }
        }
        return names;
    }

    /** The fields of a payload that has to fit exactly. */
    public List<ZclFields.Field> read(Bytes payload) {
        List<ZclFields.Field> fields = new ArrayList<>();
        int at = 0;
        for (Part part : parts) {
            if (part.optional() && at == payload.length()) {
                break;
            }
            if (part.group() == null) {
                at = read(payload, at, part, 0, fields);
                continue;
            }
            long times = part.count().isEmpty() ? Long.MAX_VALUE : number(fields, part.count());
            for (int i = 0; i < times && (at < payload.length() || !part.count().isEmpty()); i++) {
                for (Part p : part.group()) {
                    at = read(payload, at, p, i, fields);
                }
            }
        }
        if (at != payload.length()) {
            throw new GbcsRefusal(
                    GbcsFault.ZCL_MALFORMED,
                    at,
                    name + " ends with its last field",
                    payload.length() - at + " bytes left over");
        }
        return fields;
    }

    private static long number(List<ZclFields.Field> fields, String name) {
        return fields.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow()
                .number();
    }

    private static int read(Bytes payload, int at, Part part, int index, List<ZclFields.Field> into) {
        int head = part.size() < 0 ? 1 : 0;
        need(payload, at, head);
        int size = head == 0 ? part.size() : payload.at(at) == INVALID_LENGTH ? 0 : payload.at(at);
        need(payload, at + head, size);
        Bytes value = payload.slice(at + head, size);
        long number = head == 1 || size > 6 || part.type().equals("date4") ? 0 : value.littleEndian(0, size);
        into.add(new ZclFields.Field(
                part.name(), index, part.type(), part.type().equals("i32") ? (int) number : number, value, at));
        return at + head + size;
    }

    /** The payload of these values, which have to come in the table's order. */
    public Bytes write(List<ZclFields.Field> values) {
        Out out = new Out();
        int next = 0;
        for (Part part : parts) {
            if (part.optional() && next == values.size()) {
                break;
            }
            if (part.group() == null) {
                next = write(out, values, next, part);
                continue;
            }
            while (next < values.size()
                    && values.get(next).name().equals(part.group().get(0).name())) {
                for (Part p : part.group()) {
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

    private int write(Out out, List<ZclFields.Field> values, int next, Part part) {
        if (next >= values.size() || !values.get(next).name().equals(part.name())) {
            throw new GbcsRefusal(
                    GbcsFault.ZCL_VALUES,
                    next,
                    name + " goes on with " + part.name(),
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
            long least = part.type().startsWith("i") ? -(1L << 31) : 0;
            long most = part.type().startsWith("i") ? 1L << 31 : 1L << 8 * part.size();
            if (part.size() > 6 || value.number() < least || value.number() >= most) {
                throw new GbcsRefusal(
                        GbcsFault.ZCL_VALUES, next, part.name() + " is a " + part.type(), "a value out of range");
            }
            for (int i = 0; i < part.size(); i++) {
                out.u8((int) (value.number() >> 8 * i) & 0xFF);
            }
        }
        return next + 1;
    }

    /** Refuses where fewer bytes are left. */
    public static void need(Bytes payload, int at, int size) {
        if (size < 0 || size > payload.length() - at) {
            throw new GbcsRefusal(
                    GbcsFault.ZCL_MALFORMED,
                    at,
                    "a field of " + size + " bytes",
                    payload.length() - at + " bytes are left");
        }
    }

    public static boolean knownType(int type) {
        return fixed(type) >= 0 || type == 0x41 || type == 0x42 || type == 0x43 || type == 0x44;
    }

    /** Length bytes before a value of the ZCL data type. */
    public static int head(Bytes payload, int at, int type) {
        return type == 0x41 || type == 0x42 ? 1 : type == 0x43 || type == 0x44 ? 2 : 0;
    }

    /** Bytes of the value of the ZCL data type at the offset, without its length bytes. */
    public static int size(Bytes payload, int at, int type) {
        int head = head(payload, at, type);
        if (head == 0) {
            int size = fixed(type);
            if (size < 0) {
                throw new GbcsRefusal(
                        GbcsFault.ZCL_MALFORMED, at - 1, "a known ZCL data type", String.format("%02X", type));
            }
            return size;
        }
        need(payload, at, head);
        int size = (int) payload.littleEndian(at, head);
        return size == (head == 1 ? INVALID_LENGTH : 0xFFFF) ? 0 : size;
    }

    private static int fixed(int type) {
        if (type >= 0x08 && type <= 0x0F || type >= 0x18 && type <= 0x1F || type >= 0x20 && type <= 0x2F) {
            return (type & 0x07) + 1;
        }
        return switch (type) {
            case 0x00 -> 0;
            case 0x10, 0x30 -> 1;
            case 0x31, 0x38, 0xE8, 0xE9 -> 2;
            case 0x39, 0xE0, 0xE1, 0xE2, 0xEA -> 4;
            case 0x3A, 0xF0 -> 8;
            case 0xF1 -> 16;
            default -> -1;
        };
    }

    /**
     * The number of a fixed-size type, sign-extended for the signed integers; 0 for floats, dates, addresses and keys.
     */
    public static long number(Bytes value, int type) {
        int size = value.length();
        if (size == 0 || size > 8 || type >= 0x38 && type <= 0x3A || type == 0xE1 || type == 0xF0) {
            return 0;
        }
        long number = value.littleEndian(0, size);
        int unused = 64 - 8 * size;
        return type >= 0x28 && type <= 0x2F ? number << unused >> unused : number;
    }
}
