package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.List;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsTag;

/**
 * The type of one DLMS data value, in the notation of the item table: {@code u32}, {@code oct(12)},
 * {@code struct(i8,enum)}, {@code array[48]<u32>}. Arrays and compact arrays are not distinguished. Immutable.
 */
public final class DlmsShape {

    private final DlmsTag tag;
    private final int length;
    private final List<DlmsShape> inner;

    private DlmsShape(DlmsTag tag, int length, List<DlmsShape> inner) {
        this.tag = tag;
        this.length = length;
        this.inner = List.copyOf(inner);
    }

    /** Parses a shape. Throws {@link IllegalArgumentException} where the text is not a shape. */
    public static DlmsShape parse(String text) {
        Parser parser = new Parser(text);
        DlmsShape shape = parser.shape();
        if (parser.at != text.length()) {
            throw new IllegalArgumentException(text);
        }
        return shape;
    }

    /** True where the shape is null data: a set, or an action without a result. */
    public boolean isNull() {
        return tag == DlmsTag.NULL;
    }

    /**
     * True where the data has this shape.
     *
     * @param counted whether the numbers of elements have to match as well
     */
    public boolean matches(DlmsData data, boolean counted) {
        if (tag == DlmsTag.ARRAY) {
            return data instanceof DlmsData.CompactArray c
                    ? compact(c, counted)
                    : data instanceof DlmsData.Array a
                            && counts(a.elements().size(), counted)
                            && all(a.elements(), counted);
        }
        if (data.tag() != tag) {
            return false;
        }
        return switch (tag) {
            case STRUCTURE -> data.elements().size() == inner.size() && each(data.elements(), counted);
            case OCTET_STRING -> length < 0 || data.asBytes().length() == length;
            case BIT_STRING -> length < 0 || ((DlmsData.BitString) data).bits() == length;
            default -> true;
        };
    }

    private boolean counts(int elements, boolean counted) {
        return !counted || length < 0 || elements == length;
    }

    /** Compares the type description, which applies to all elements. */
    private boolean compact(DlmsData.CompactArray array, boolean counted) {
        return counts(array.elements().size(), counted)
                && (inner.isEmpty() || inner.get(0).describes(array.type(), counted));
    }

    private boolean describes(DlmsData.TypeDescription type, boolean counted) {
        if (type.tag() != tag) {
            return false;
        }
        if (tag == DlmsTag.ARRAY) {
            return counts(type.count(), counted)
                    && (inner.isEmpty() || inner.get(0).describes(type.inner().get(0), counted));
        }
        if (tag != DlmsTag.STRUCTURE) {
            return true;
        }
        if (type.inner().size() != inner.size()) {
            return false;
        }
        for (int i = 0; i < inner.size(); i++) {
            if (!inner.get(i).describes(type.inner().get(i), counted)) {
                return false;
            }
        }
        return true;
    }

    private boolean all(List<DlmsData> elements, boolean counted) {
        if (inner.isEmpty()) {
            return true;
        }
        for (DlmsData element : elements) {
            // null data in a list is an entry without a value, not an entry of another type
            if (!element.isNull() && !inner.get(0).matches(element, counted)) {
                return false;
            }
        }
        return true;
    }

    private boolean each(List<DlmsData> elements, boolean counted) {
        for (int i = 0; i < inner.size(); i++) {
            if (!elements.get(i).isNull() && !inner.get(i).matches(elements.get(i), counted)) {
                return false;
            }
        }
        return true;
    }

    /** Parses the notation. */
    private static final class Parser {

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        DlmsShape shape() {
            int start = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) {
                at++;
            }
            String word = text.substring(start, at);
            return switch (word) {
                case "struct" -> new DlmsShape(DlmsTag.STRUCTURE, -1, list());
                case "array", "compact-array" -> {
                    int count = number('[', ']');
                    expect('<');
                    List<DlmsShape> element =
                            at < text.length() && text.charAt(at) == '>' ? List.of() : List.of(shape());
                    expect('>');
                    yield new DlmsShape(DlmsTag.ARRAY, count, element);
                }
                case "oct" -> new DlmsShape(DlmsTag.OCTET_STRING, number('(', ')'), List.of());
                case "bits" -> new DlmsShape(DlmsTag.BIT_STRING, number('(', ')'), List.of());
                default -> new DlmsShape(simple(word), -1, List.of());
            };
        }

        private List<DlmsShape> list() {
            List<DlmsShape> all = new ArrayList<>();
            expect('(');
            all.add(shape());
            while (at < text.length() && text.charAt(at) == ',') {
                at++;
                all.add(shape());
            }
            expect(')');
            return all;
        }

        private int number(char open, char close) {
            if (at >= text.length() || text.charAt(at) != open) {
                return -1;
            }
            int end = text.indexOf(close, at);
            int number = Integer.parseInt(text.substring(at + 1, end));
            at = end + 1;
            return number;
        }

        private void expect(char c) {
            if (at >= text.length() || text.charAt(at++) != c) {
                throw new IllegalArgumentException(text);
            }
        }

        private DlmsTag simple(String word) {
            return switch (word) {
                case "null" -> DlmsTag.NULL;
                case "bool" -> DlmsTag.BOOLEAN;
                case "enum" -> DlmsTag.ENUM;
                case "vis" -> DlmsTag.VISIBLE_STRING;
                case "utf8" -> DlmsTag.UTF8_STRING;
                case "i8" -> DlmsTag.INT8;
                case "i16" -> DlmsTag.INT16;
                case "i32" -> DlmsTag.INT32;
                case "u8" -> DlmsTag.UINT8;
                case "u16" -> DlmsTag.UINT16;
                case "u32" -> DlmsTag.UINT32;
                default -> throw new IllegalArgumentException(text);
            };
        }
    }
}
