package org.postern.gbcs.internal;

import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsFault;
import org.postern.gbcs.GbcsRefusal;

/** ZCL data types (ZigBee Cluster Library, 2.6.2): the length of a value, and its number. */
public final class ZclTypes {

    private static final int INVALID_LENGTH = 0xFF;

    private ZclTypes() {}

    /** Refuses the payload where fewer bytes are left. */
    public static void need(Bytes payload, int at, int size) {
        if (size < 0 || size > payload.length() - at) {
            throw new GbcsRefusal(
                    GbcsFault.ZCL_MALFORMED,
                    at,
                    "a field of " + size + " bytes",
                    payload.length() - at + " bytes are left");
        }
    }

    /** True where the size of a value of the type is known. */
    public static boolean known(int type) {
        return fixed(type) >= 0 || isString(type);
    }

    /** True for octet and character strings, which follow their length. */
    public static boolean isString(int type) {
        return type >= 0x41 && type <= 0x44;
    }

    /** True for the signed integers. */
    public static boolean isSigned(int type) {
        return type >= 0x28 && type <= 0x2F;
    }

    /** Length bytes before a value of the ZCL data type. */
    public static int head(Bytes payload, int at, int type) {
        return type == 0x41 || type == 0x42 ? 1 : type == 0x43 || type == 0x44 ? 2 : 0;
    }

    /** Length of the value of the ZCL data type at the offset, without its length bytes. */
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
        return isSigned(type) ? number << unused >> unused : number;
    }
}
