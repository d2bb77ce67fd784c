package org.postern.parsecorrelate.internal.parse;

import java.util.List;
import java.util.Map;
import org.postern.catalogue.JsonNumber;
import org.postern.parsecorrelate.internal.mmc.JsonWriter;

/** Writes nested maps, lists, strings, numbers (in the form of {@link JsonNumber}), booleans and null as JSON text. */
public final class JsonValues {

    private JsonValues() {}

    /** Appends the value. */
    public static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            char separator = '{';
            for (Map.Entry<?, ?> e : map.entrySet()) {
                out.append(separator);
                JsonWriter.quote(e.getKey().toString(), out);
                out.append(':');
                write(e.getValue(), out);
                separator = ',';
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            char separator = '[';
            for (Object e : list) {
                out.append(separator);
                write(e, out);
                separator = ',';
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else if (value instanceof Number number) {
            out.append(JsonNumber.json(number));
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else {
            JsonWriter.quote(value.toString(), out);
        }
    }
}
