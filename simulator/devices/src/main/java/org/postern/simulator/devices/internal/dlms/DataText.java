package org.postern.simulator.devices.internal.dlms;

import java.util.ArrayList;
import java.util.List;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsTag;

/**
 * DLMS data written as text in the tables of this bundle: {@code struct(u8(1),array(oct(0A00),oct('text')))}. Words:
 * null, bool(true), i8 to i64 and u8 to u64 with a number, enum(1), bits(0110), oct, vis and utf8 with hex digits or a
 * text in quotes, struct and array with elements.
 */
public final class DataText {

    private final String text;
    private int at;

    private DataText(String text) {
        this.text = text;
    }

    /**
     * The data.
     *
     * @throws IllegalArgumentException where the text is not of that form
     */
    public static DlmsData parse(String text) {
        DataText parser = new DataText(text);
        DlmsData data = parser.next();
        if (parser.at != text.length()) {
            throw new IllegalArgumentException(text + " at " + parser.at);
        }
        return data;
    }

    private DlmsData next() {
        int start = at;
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.equals("null")) {
            return DlmsData.Null.VALUE;
        }
        if (at >= text.length() || text.charAt(at++) != '(') {
            throw new IllegalArgumentException(text + " at " + start);
        }
        return switch (word) {
            case "struct" -> new DlmsData.Structure(list());
            case "array" -> new DlmsData.Array(list());
            case "bool" -> DlmsData.bool(Boolean.parseBoolean(inner()));
            case "bits" -> DlmsData.bits(inner());
            case "oct" -> DlmsData.octets(bytes(inner()));
            case "vis" -> new DlmsData.Octets(DlmsTag.VISIBLE_STRING, bytes(inner()));
            case "utf8" -> new DlmsData.Octets(DlmsTag.UTF8_STRING, bytes(inner()));
            default -> new DlmsData.Whole(tag(word), Long.parseLong(inner()));
        };
    }

    private static DlmsTag tag(String word) {
        return switch (word) {
            case "enum" -> DlmsTag.ENUM;
            case "i8", "i16", "i32", "i64" -> DlmsTag.valueOf("INT" + word.substring(1));
            case "u8", "u16", "u32", "u64" -> DlmsTag.valueOf("UINT" + word.substring(1));
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static Bytes bytes(String inner) {
        return inner.startsWith("'") ? Bytes.ofText(inner.substring(1, inner.length() - 1)) : Bytes.ofHex(inner);
    }

    /** The text up to the closing bracket; a text in quotes may contain brackets. */
    private String inner() {
        int start = at;
        if (at < text.length() && text.charAt(at) == '\'') {
            at = text.indexOf('\'', at + 1) + 1;
        }
        int end = text.indexOf(')', at);
        if (end < 0) {
            throw new IllegalArgumentException(text + " at " + start);
        }
        at = end + 1;
        return text.substring(start, end);
    }

    private List<DlmsData> list() {
        List<DlmsData> elements = new ArrayList<>();
        while (text.charAt(at) != ')') {
            elements.add(next());
            if (text.charAt(at) == ',') {
                at++;
            }
        }
        at++;
        return elements;
    }
}
