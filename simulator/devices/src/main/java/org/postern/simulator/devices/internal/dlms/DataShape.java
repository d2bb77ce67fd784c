package org.postern.simulator.devices.internal.dlms;

import java.util.ArrayList;
import java.util.List;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsTag;

/**
 * A data shape of the use-case tables, such as {@code struct(u32,array[3]<oct>)}, filled with values: what a device
 * answers for an object of which nothing better is known.
 */
public final class DataShape {

    /** Where the values come from. */
    public interface Values {
        /** A number that fits the type. */
        long number(DlmsTag tag);

        /** An octet string. */
        Bytes octets();
    }

    private final String text;
    private final Values values;
    private int at;

    private DataShape(String text, Values values) {
        this.text = text;
        this.values = values;
    }

    /** Data of that shape. */
    public static DlmsData fill(String shape, Values values) {
        return new DataShape(shape, values).next();
    }

    private DlmsData next() {
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "struct" -> new DlmsData.Structure(list('(', ')'));
            case "array" -> array();
            case "compact-array" -> compactArray();
            case "null" -> DlmsData.Null.VALUE;
            case "bool" -> DlmsData.bool(values.number(DlmsTag.BOOLEAN) % 2 == 1);
            case "bits" -> new DlmsData.BitString(8, Bytes.of(new byte[1]));
            case "oct" -> DlmsData.octets(values.octets());
            case "vis" -> DlmsData.visible("SIMULATED");
            case "utf8" -> DlmsData.utf8("{}");
            case "i8" -> whole(DlmsTag.INT8);
            case "i16" -> whole(DlmsTag.INT16);
            case "i32" -> whole(DlmsTag.INT32);
            case "i64" -> whole(DlmsTag.INT64);
            case "u8" -> whole(DlmsTag.UINT8);
            case "u16" -> whole(DlmsTag.UINT16);
            case "u32" -> whole(DlmsTag.UINT32);
            case "u64" -> whole(DlmsTag.UINT64);
            case "enum" -> whole(DlmsTag.ENUM);
            default -> DlmsData.Null.VALUE;
        };
    }

    private DlmsData whole(DlmsTag tag) {
        return new DlmsData.Whole(tag, values.number(tag));
    }

    private List<DlmsData> list(char open, char close) {
        List<DlmsData> elements = new ArrayList<>();
        if (at < text.length() && text.charAt(at) == open) {
            at++;
            while (at < text.length() && text.charAt(at) != close) {
                elements.add(next());
                if (at < text.length() && text.charAt(at) == ',') {
                    at++;
                }
            }
            at++;
        }
        return elements;
    }

    private DlmsData array() {
        int count = 1;
        if (at < text.length() && text.charAt(at) == '[') {
            int end = text.indexOf(']', at);
            count = Integer.parseInt(text.substring(at + 1, end));
            at = end + 1;
        }
        int element = at;
        List<DlmsData> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            at = element;
            elements.addAll(list('<', '>'));
        }
        if (count == 0) {
            list('<', '>');
        }
        return new DlmsData.Array(elements);
    }

    /** Written without entries: an empty log. */
    private DlmsData compactArray() {
        List<DlmsData> one = list('<', '>');
        return CompactRows.of(one.isEmpty() ? DlmsData.Null.VALUE : one.get(0), List.of());
    }
}
