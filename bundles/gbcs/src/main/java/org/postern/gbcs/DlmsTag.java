package org.postern.gbcs;

import org.jspecify.annotations.Nullable;

/** DLMS data tags (IEC 62056-6-2, Data) with the number of value bytes, or -1 where it is not fixed. */
public enum DlmsTag {
    NULL(0x00, 0),
    ARRAY(0x01, -1),
    STRUCTURE(0x02, -1),
    BOOLEAN(0x03, 1),
    BIT_STRING(0x04, -1),
    INT32(0x05, 4),
    UINT32(0x06, 4),
    OCTET_STRING(0x09, -1),
    VISIBLE_STRING(0x0A, -1),
    UTF8_STRING(0x0C, -1),
    BCD(0x0D, 1),
    INT8(0x0F, 1),
    INT16(0x10, 2),
    UINT8(0x11, 1),
    UINT16(0x12, 2),
    COMPACT_ARRAY(0x13, -1),
    INT64(0x14, 8),
    UINT64(0x15, 8),
    ENUM(0x16, 1),
    FLOAT32(0x17, 4),
    FLOAT64(0x18, 8),
    DATE_TIME(0x19, 12),
    DATE(0x1A, 5),
    TIME(0x1B, 4);

    private static final DlmsTag[] BY_CODE = new DlmsTag[0x1C];

    static {
        for (DlmsTag tag : values()) {
            BY_CODE[tag.code] = tag;
        }
    }

    private final int code;
    private final int size;

    DlmsTag(int code, int size) {
        this.code = code;
        this.size = size;
    }

    /** The tag byte. */
    public int code() {
        return code;
    }

    /** Number of value bytes after the tag, or -1 where the length is encoded. */
    public int size() {
        return size;
    }

    /** True for the signed integer types of {@link DlmsData.Whole}. */
    public boolean signed() {
        return this == INT8 || this == INT16 || this == INT32 || this == INT64;
    }

    /** True for integers, enumerations and BCD: the types of {@link DlmsData.Whole}. */
    public boolean whole() {
        return this == INT8
                || this == INT16
                || this == INT32
                || this == INT64
                || this == UINT8
                || this == UINT16
                || this == UINT32
                || this == UINT64
                || this == ENUM
                || this == BCD;
    }

    /** The tag with this code, or null where there is none. */
    public static @Nullable DlmsTag of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
