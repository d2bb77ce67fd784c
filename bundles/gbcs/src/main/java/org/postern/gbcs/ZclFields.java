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
 * Decoded view of ZCL payloads by this bundle's tables of cluster commands and attributes (GBCS, GBZ payloads).
 * Everything inside a ZCL payload is little-endian. Immutable.
 */
public final class ZclFields {

    /**
     * One field of a command.
     *
     * @param name our short name, such as {@code snapshotTime}
     * @param index 0 for single fields; 0, 1, ... for those of a repeated group
     * @param type table type: u8 to u48, i32, utc32 (seconds since 2000), enum8, enum16, map8, map32, octstr, date4,
     *     bytes7
     * @param number value of number types, 0 for others
     * @param bytes the bytes of the value as they stand, without the length byte of a string
     * @param offset in the ZCL payload
     */
    public record Field(String name, int index, String type, long number, Bytes bytes, int offset) {

        /** True where the value is an octet string, which stands behind its length. */
        public boolean isOctets() {
            return type.equals(OCTETS);
        }
    }

    /** How the table writes an octet string. */
    private static final String OCTETS = "octstr";

    /**
     * One record of a Read Attributes response.
     *
     * @param id attribute id
     * @param name our short name, or empty where the attribute is not in the table
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
     * Makes a caller's own form of a command's fields.
     *
     * @param <T> the form of a value
     */
    public interface Maker<T> {

        /** A number of so many bytes, sign-extended where it is signed. */
        T number(long value, int size);

        /** The bytes of a string, without its length byte, or of a date. */
        T bytes(Bytes value);

        /**
         * The repetitions of a group: values of a group of one field, else what {@link #fields} made; or so many single
         * bytes, each as a number.
         */
        T list(List<T> elements);

        /** Room for so many values. */
        T[] places(int number);

        /**
         * Fields by name, some of which may still be put in their places when this is called.
         *
         * @param names in their order, not to be written to
         * @param values in the same places; null for a field that is left out at the end
         */
        T fields(String[] names, T[] values);
    }

    /** What a cluster-specific or profile-wide command is called and made of. */
    public record Command(String name, List<String> fieldNames) {}

    /** In place of a cluster, for profile-wide commands: no cluster is that high. */
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
            row.require("command", commands.put(key, ZclLayout.of(row)) == null, "a command stands once");
        }
        Map<Integer, String> attributes = new HashMap<>();
        Map<Integer, Integer> types = new HashMap<>();
        for (Table.Row row : Table.resource(
                        ZclFields.class, "zcl-attributes.tsv", "cluster", "attribute", "name", "type")
                .rows()) {
            int key = row.hex("cluster", ID_DIGITS) << 16 | row.hex("attribute", ID_DIGITS);
            int type = row.hex("type", 2);
            row.require("attribute", attributes.put(key, row.text("name")) == null, "an attribute stands once");
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

    /** The command's name and fields, where it is in the table. */
    public Optional<Command> command(int cluster, GbzPayload.ZclFrame frame) {
        return Optional.ofNullable(layout(cluster, frame)).map(l -> new Command(l.name(), l.fieldNames()));
    }

    /** Our name of the attribute, where it is in the table. */
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
     * @param payload in the clear
     * @throws GbcsRefusal PST-3020 where the payload does not fit the table, PST-3021 where the command is not in it
     */
    public List<Field> fields(int cluster, GbzPayload.ZclFrame frame, Bytes payload) {
        return withFields(cluster, frame).read(payload);
    }

    /**
     * The same, in the caller's own form. Bytes behind the last field are left alone: who takes the payload for an
     * answer holds it to the table by {@link AnswerCheck}.
     *
     * @param payload in the clear
     * @param maker of the form
     * @throws GbcsRefusal PST-3020 where the payload does not fit the table, PST-3021 where the command is not in it
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
     * @throws GbcsRefusal PST-3020 where the payload does not fit
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
     * @throws GbcsRefusal PST-3020 where the payload is no list of two-byte ids
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
     * @throws GbcsRefusal PST-3021 where the command is not in the table, PST-3022 where names or sizes do not fit it
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
