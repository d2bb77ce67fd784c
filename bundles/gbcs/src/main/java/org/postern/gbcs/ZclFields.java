package org.postern.gbcs;

import java.util.List;

/** Decoded view of ZCL payloads by the table of cluster commands and attributes (facts 4). */
public final class ZclFields {

    /**
     * One field of a command, or one attribute of a read.
     *
     * @param name   our short name, such as {@code snapshotTime}; repeated fields carry their index in {@code index}
     * @param index  0 for single fields, 0, 1, ... for repeated ones
     * @param type   table type such as {@code u48}, {@code utc32}, {@code octstr}
     * @param number value of number types
     * @param bytes  the bytes of the value, without length prefix
     * @param offset in the ZCL payload
     */
    public record Field(String name, int index, String type, long number, Bytes bytes, int offset) {
    }

    /** One record of a Read Attributes response. The type is -1 and the value empty where the status is not 0. */
    public record Attribute(int id, String name, int status, int type, Bytes value) {
    }

    /** The table of this bundle. */
    public static ZclFields load() {
        throw new UnsupportedOperationException();
    }

    /**
     * Fields of a cluster command or profile-wide command.
     *
     * @throws GbcsRefusal PST-3020 where the payload does not fit the table, PST-3021 where the command is not in it
     */
    public List<Field> fields(int cluster, GbzPayload.ZclFrame frame, Bytes payload) {
        throw new UnsupportedOperationException();
    }

    /** Records of a Read Attributes response. */
    public List<Attribute> attributes(int cluster, Bytes payload) {
        throw new UnsupportedOperationException();
    }

    /** Attribute ids of a Read Attributes request. */
    public List<Integer> attributeIds(Bytes payload) {
        throw new UnsupportedOperationException();
    }
}
