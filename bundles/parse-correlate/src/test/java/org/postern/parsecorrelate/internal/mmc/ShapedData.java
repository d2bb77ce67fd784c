package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.List;
import org.postern.gbcs.DlmsData;

/** Makes data of a shape of the item table with distinct numbers and the given scalers and units. */
final class ShapedData {

    private final List<int[]> scales;
    private String shape;
    private int at;
    private int scale;
    private int number = 100;

    ShapedData(List<int[]> scales) {
        this.scales = scales;
    }

    DlmsData of(String text) {
        shape = text;
        at = 0;
        return data();
    }

    private DlmsData data() {
        int start = at;
        while (at < shape.length() && (Character.isLetterOrDigit(shape.charAt(at)) || shape.charAt(at) == '-')) {
            at++;
        }
        String word = shape.substring(start, at);
        if (word.equals("struct")) {
            int end = close('(', ')');
            String inside = shape.substring(at + 1, end);
            if ((inside.equals("i8,enum") || inside.equals("i8,i8")) && scale < scales.size()) {
                int[] pair = scales.get(scale++);
                at = end + 1;
                return DlmsData.structure(
                        DlmsData.i8(pair[0]),
                        inside.endsWith("enum") ? DlmsData.enumeration(pair[1]) : DlmsData.i8(pair[1]));
            }
            List<DlmsData> elements = new ArrayList<>();
            do {
                at++;
                elements.add(data());
            } while (shape.charAt(at) == ',');
            at++;
            return new DlmsData.Structure(elements);
        }
        if (word.endsWith("array")) {
            int count = 2;
            if (shape.charAt(at) == '[') {
                count = Integer.parseInt(shape.substring(at + 1, shape.indexOf(']', at)));
                at = shape.indexOf(']', at) + 1;
            }
            int inner = at + 1;
            List<DlmsData> elements = new ArrayList<>();
            for (int i = 0; i < Math.max(1, count); i++) {
                at = inner;
                elements.add(data());
            }
            at++;
            return new DlmsData.Array(elements.subList(0, count));
        }
        return leaf(word);
    }

    private int close(char open, char shut) {
        int depth = 0;
        for (int i = at; i < shape.length(); i++) {
            depth += shape.charAt(i) == open ? 1 : shape.charAt(i) == shut ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException(shape);
    }

    private DlmsData leaf(String type) {
        number++;
        return switch (type) {
            case "null" -> DlmsData.Null.VALUE;
            case "bool" -> DlmsData.bool(true);
            case "bits" -> DlmsData.bits("1010101");
            case "oct" -> DlmsData.octetsHex("07E80102FF0A1E00008000FF");
            case "vis" -> DlmsData.visible("Switch " + number);
            case "utf8" -> DlmsData.utf8("{\"outputState\": 7}");
            case "i8" -> DlmsData.i8(number & 7);
            case "i16" -> DlmsData.i16(number);
            case "i32" -> DlmsData.i32(number);
            case "u8" -> DlmsData.u8(number & 7);
            case "u16" -> DlmsData.u16(number);
            case "u32" -> DlmsData.u32(number);
            case "enum" -> DlmsData.enumeration(1);
            default -> throw new IllegalArgumentException(shape + ": " + type);
        };
    }
}
