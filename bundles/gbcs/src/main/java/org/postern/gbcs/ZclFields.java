package org.postern.gbcs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Table;
import org.postern.gbcs.internal.ZclLayout;
import org.postern.gbcs.internal.ZclTypes;

/**
 * Decodes ZCL payloads according to the tables of cluster commands and attributes of this bundle (GBCS, GBZ payloads).
 * All numbers of a ZCL payload are little-endian. Immutable.
 */
public final class ZclFields {

    /**
     * One field of a command.
     *
     * @param name name in the table, such as {@code snapshotTime}
     * @param index 0 for single fields; 0, 1, ... for the repetitions of a group
     * @param type table type: u8 to u48, i32, utc32 (seconds since 2000), enum8, enum16, map8, map32, octstr, date4,
     *     bytes7
     * @param number value of number types, 0 for others
     * @param bytes the encoded bytes of the value, without the length byte of a string
     * @param offset offset in the ZCL payload
     */
    public record Field(String name, int index, String type, long number, Bytes bytes, int offset) {

        /** True where the value is an octet string, which follows its length. */
        public boolean isOctets() {
            return type.equals(OCTETS);
        }
    }

    /** Notation of an octet string in the table. */
    private static final String OCTETS = "octstr";

    /**
     * One record of a Read Attributes response.
     *
     * @param id attribute id
     * @param name name in the table; empty where the attribute is not in the table
     * @param status ZCL status, 0 success
     * @param type ZCL data type, -1 where the status is not 0
     * @param number value of number, bitmap, enumeration, boolean and time types, sign-extended where signed; 0 for
     *     others
     * @param value the bytes of the value, without the length byte of a string; empty where the status is not 0
     */
    public record Attribute(int id, String name, int status, int type, long number, Bytes value) {
        public boolean success() {
            return status == 0;
        }

        /** True where the value is text or octets, not a number. */
        public boolean isString() {
            return ZclTypes.isString(type);
        }

        /** True where the value is a signed integer. */
        public boolean isSigned() {
            return ZclTypes.isSigned(type);
        }
    }

    /**
     * Converts the fields of a command to a representation of the caller.
     *
     * @param <T> type of a value
     */
    public interface Maker<T> {

        /** A number of {@code size} bytes, sign-extended where it is signed. */
        T number(long value, int size);

        /** The bytes of a string, without its length byte, or of a date. */
        T bytes(Bytes value);

        /**
         * A list: the repetitions of a group (for a group of one field its values, otherwise results of
         * {@link #fields}), or single bytes as numbers.
         */
        T list(List<T> elements);

        /** Creates an array for this number of values. */
        T[] places(int number);

        /**
         * Fields by name. Values may still be added to the array after this call.
         *
         * @param names names in order; must not be modified
         * @param values values in the same order; null for an optional field that is omitted at the end
         */
        T fields(String[] names, T[] values);
    }

    /** The name and the fields of a cluster-specific or profile-wide command. */
    public record Command(String name, List<String> fieldNames) {}

    /** Used instead of a cluster for profile-wide commands; higher than any cluster. */
    private static final int ANY_CLUSTER = 0x10000;

    private static final int ID_DIGITS = 4;

    private final Map<Integer, ZclLayout> commands;
    private final Map<Integer, String> attributes;
    private final Map<Integer, Integer> types;

    private ZclFields(Map<Integer, ZclLayout> commands, Map<Integer, String> attributes, Map<Integer, Integer> types) {
        this.commands = commands;
        this.attributes = attributes;
        this.types = types;
    }

    /**
     * Reads and validates the tables of this bundle.
     *
     * @throws org.postern.catalogue.PosternException PST-1004 naming file, line and column
     */
    public static ZclFields load() {
        Map<Integer, ZclLayout> commands = new HashMap<>();
        for (Table.Row row : Table.resource(
                        ZclFields.class, "zcl-commands.tsv", "cluster", "side", "command", "name", "fields")
                .rows()) {
            boolean anyCluster = row.text("cluster").equals("*");
            String side = row.textOrEmpty("side");
            row.require(
                    "side",
                    side.matches(anyCluster ? "" : "client|server"),
                    "client or server, empty for profile-wide commands");
            int command = row.hex("command", 2);
            int key = anyCluster
                    ? key(ANY_CLUSTER, false, command)
                    : key(row.hex("cluster", ID_DIGITS), side.equals("server"), command);
            row.require("command", commands.put(key, ZclLayout.of(row)) == null, "each command has one row");
        }
        Map<Integer, String> attributes = new HashMap<>();
        Map<Integer, Integer> types = new HashMap<>();
        for (Table.Row row : Table.resource(
                        ZclFields.class, "zcl-attributes.tsv", "cluster", "attribute", "name", "type")
                .rows()) {
            int key = row.hex("cluster", ID_DIGITS) << 16 | row.hex("attribute", ID_DIGITS);
            int type = row.hex("type", 2);
            row.require("attribute", attributes.put(key, row.text("name")) == null, "each attribute has one row");
            row.require("type", ZclTypes.known(type), "a known ZCL data type");
            types.put(key, type);
        }
        return new ZclFields(commands, attributes, types);
    }

    private @Nullable ZclLayout layout(int cluster, GbzPayload.ZclFrame frame) {
        return commands.get(
                frame.clusterSpecific()
                        ? key(cluster, frame.fromServer(), frame.command())
                        : key(ANY_CLUSTER, false, frame.command()));
    }

    private static int key(int cluster, boolean fromServer, int command) {
        return cluster << 9 | (fromServer ? 0x100 : 0) | command;
    }

    /** True where the command is in the table. */
    public boolean knows(int cluster, GbzPayload.ZclFrame frame) {
        return layout(cluster, frame) != null;
    }

    /** Name and fields of the command; empty where it is not in the table. */
    public Optional<Command> command(int cluster, GbzPayload.ZclFrame frame) {
        return Optional.ofNullable(layout(cluster, frame)).map(l -> new Command(l.name(), l.fieldNames()));
    }

    /** Name of the attribute in the table; empty where it is not in the table. */
    public Optional<String> attributeName(int cluster, int attribute) {
        return Optional.ofNullable(attributes.get(cluster << 16 | attribute));
    }

    /** ZCL data type of the attribute, -1 where the attribute is not in the table. */
    public int attributeType(int cluster, int attribute) {
        return types.getOrDefault(cluster << 16 | attribute, -1);
    }

    /**
     * Fields of a cluster command, a default response or a read; for a Read Attributes response use
     * {@link #attributes}.
     *
     * @param payload unencrypted payload
     * @throws GbcsRefusal PST-3020 where the payload does not have the fields of the table, PST-3021 where the command
     *     is not in it
     */
    public List<Field> fields(int cluster, GbzPayload.ZclFrame frame, Bytes payload) {
        return withFields(cluster, frame).read(payload);
    }

    /**
     * The same in a representation of the caller. Bytes after the last field are ignored here; {@link AnswerCheck}
     * checks responses for them.
     *
     * @param payload unencrypted payload
     * @param maker converts the values
     * @throws GbcsRefusal PST-3020 where the payload does not have the fields of the table, PST-3021 where the command
     *     is not in it
     */
    public <T> T fields(int cluster, GbzPayload.ZclFrame frame, Bytes payload, Maker<T> maker) {
        return withFields(cluster, frame).read(payload, maker);
    }

    private ZclLayout withFields(int cluster, GbzPayload.ZclFrame frame) {
        ZclLayout layout = layout(cluster, frame);
        if (layout == null || layout.isAttributes()) {
            throw new GbcsRefusal(
                    GbcsFault.ZCL_UNKNOWN_COMMAND,
                    0,
                    "a command of the ZCL table with fields",
                    String.format("cluster %04X frame %02X command %02X", cluster, frame.control(), frame.command()));
        }
        return layout;
    }

    /**
     * Records of a Read Attributes response.
     *
     * @throws GbcsRefusal PST-3020 where the payload is malformed
     */
    public List<Attribute> attributes(int cluster, Bytes payload) {
        List<Attribute> records = new ArrayList<>();
        attributes(cluster, payload, records);
        return records;
    }

    /** Records of a Read Attributes response up to the first that cannot be read. */
    public List<Attribute> readableAttributes(int cluster, Bytes payload) {
        List<Attribute> records = new ArrayList<>();
        try {
            attributes(cluster, payload, records);
        } catch (GbcsRefusal theRestDoesNotFit) {
            return records;
        }
        return records;
    }

    private void attributes(int cluster, Bytes payload, List<Attribute> into) {
        int at = 0;
        while (at < payload.length()) {
            ZclTypes.need(payload, at, 3);
            int id = (int) payload.littleEndian(at, 2);
            int status = payload.at(at + 2);
            String name = attributes.getOrDefault(cluster << 16 | id, "");
            at += 3;
            if (status != 0) {
                into.add(new Attribute(id, name, status, -1, 0, Bytes.EMPTY));
                continue;
            }
            ZclTypes.need(payload, at, 1);
            int type = payload.at(at);
            int head = ZclTypes.head(payload, at + 1, type);
            int size = ZclTypes.size(payload, at + 1, type);
            ZclTypes.need(payload, at + 1 + head, size);
            Bytes value = payload.slice(at + 1 + head, size);
            into.add(new Attribute(id, name, 0, type, head == 0 ? ZclTypes.number(value, type) : 0, value));
            at += 1 + head + size;
        }
    }

    /**
     * Attribute ids of a Read Attributes request.
     *
     * @throws GbcsRefusal PST-3020 where the payload is not a list of two-byte ids
     */
    public List<Integer> attributeIds(Bytes payload) {
        List<Integer> ids = new ArrayList<>();
        for (int at = 0; at < payload.length(); at += 2) {
            ZclTypes.need(payload, at, 2);
            ids.add((int) payload.littleEndian(at, 2));
        }
        return ids;
    }

    /** The ZCL payload of a Read Attributes request. */
    public static Bytes readAttributes(List<Integer> ids) {
        byte[] payload = new byte[ids.size() * 2];
        for (int i = 0; i < ids.size(); i++) {
            payload[2 * i] = (byte) (int) ids.get(i);
            payload[2 * i + 1] = (byte) (ids.get(i) >> 8);
        }
        return Bytes.window(payload);
    }

    /**
     * Builds the payload of a command from field values in the order of the table: the inverse of {@link #fields}.
     *
     * @param values by name, in the table's order; numbers for number types, bytes for octstr, date4 and bytes7; the
     *     fields of a repeated group once per repetition
     * @throws GbcsRefusal PST-3021 where the command is not in the table, PST-3022 where names or sizes do not match
     */
    public Bytes payload(int cluster, GbzPayload.ZclFrame frame, List<Field> values) {
        return withFields(cluster, frame).write(values);
    }

    /** A number field for {@link #payload}. */
    public static Field number(String name, long value) {
        return new Field(name, 0, "", value, Bytes.EMPTY, 0);
    }

    /** A field of bytes for {@link #payload}. */
    public static Field bytes(String name, Bytes value) {
        return new Field(name, 0, "", 0, value, 0);
    }
}
