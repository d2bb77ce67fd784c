package org.postern.parsecorrelate.internal.mmc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.parsecorrelate.MmcElement;

/** Writes an element tree as JSON text. Values are strings, so that no digit of a number is lost. */
public final class JsonWriter {

    private final StringBuilder out = new StringBuilder(4096);

    private JsonWriter() {}

    /** An object with the root element as its only member. */
    public static String write(MmcElement root) {
        JsonWriter w = new JsonWriter();
        w.out.append('{');
        w.string(root.name());
        w.out.append(':');
        w.value(root);
        w.out.append('}');
        return w.out.toString();
    }

    private void value(MmcElement e) {
        if (e.attributes().isEmpty() && e.children().isEmpty()) {
            string(e.text());
            return;
        }
        out.append('{');
        boolean[] first = {true};
        e.attributes().forEach((name, value) -> {
            member("@" + name, first);
            string(value);
        });
        if (!e.text().isEmpty()) {
            member("#", first);
            string(e.text());
        }
        Map<String, List<MmcElement>> byName = new LinkedHashMap<>();
        e.children()
                .forEach(c ->
                        byName.computeIfAbsent(c.name(), n -> new ArrayList<>()).add(c));
        byName.forEach((name, same) -> {
            member(name, first);
            if (same.size() == 1) {
                value(same.get(0));
                return;
            }
            char separator = '[';
            for (MmcElement one : same) {
                out.append(separator);
                value(one);
                separator = ',';
            }
            out.append(']');
        });
        out.append('}');
    }

    private void member(String name, boolean[] first) {
        if (!first[0]) {
            out.append(',');
        }
        first[0] = false;
        string(name);
        out.append(':');
    }

    private void string(String text) {
        quote(text, out);
    }

    /** Appends the text as a JSON string. */
    public static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
