package org.postern.servicerequests.internal.lifecycle;

import java.util.List;
import java.util.Map;
import org.postern.catalogue.JsonNumber;
import org.postern.duis.DuisElement;

/** Writes JSON: objects from maps in order, arrays from lists, text, numbers and truth values. */
public final class Json {

    private Json() {}

    /** The text of a value. */
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof Number number) {
            out.append(JsonNumber.json(number));
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                text(out, String.valueOf(entry.getKey()));
                out.append(':');
                write(out, entry.getValue());
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object item : list) {
                out.append(separator);
                write(out, item);
                separator = ",";
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else {
            text(out, value.toString());
        }
    }

    private static void text(StringBuilder out, String text) {
        out.append('"');
        // few characters need escaping, so the text between them is copied in one piece
        int copied = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c < ' ') {
                out.append(text, copied, i);
                copied = i + 1;
                out.append(c < ' ' ? String.format("\\u%04x", (int) c) : "\\" + c);
            }
        }
        out.append(text, copied, text.length()).append('"');
    }

    /**
     * Converts an element: a leaf becomes a text, an element with children an object; children with the same name
     * become an array.
     */
    public static Object tree(DuisElement element) {
        if (element.children().isEmpty()) {
            return element.text();
        }
        Map<String, Object> members = new java.util.LinkedHashMap<>();
        for (DuisElement child : element.children()) {
            Object value = tree(child);
            Object before = members.get(child.name());
            if (before instanceof Several several) {
                several.add(value);
            } else if (before != null) {
                Several several = new Several();
                several.add(before);
                several.add(value);
                members.put(child.name(), several);
            } else {
                members.put(child.name(), value);
            }
        }
        return members;
    }

    private static final class Several extends java.util.ArrayList<Object> {
        private static final long serialVersionUID = 1L;
    }
}
