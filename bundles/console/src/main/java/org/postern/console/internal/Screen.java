package org.postern.console.internal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.support.table.ShellTable;

/**
 * Where a command prints: tables for people, or one JSON document for scripts. Texts of others are shown without
 * control characters, so that nobody steers the reader's terminal.
 */
public final class Screen {

    private final PrintStream out;
    private final boolean json;
    private final Map<String, Object> document = new LinkedHashMap<>();

    public Screen(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** An ordered row of names and values. */
    public static Map<String, Object> row(Object... namesAndValues) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return row;
    }

    /** The command's one table; in JSON an array. */
    public void table(List<String> columns, List<Map<String, Object>> rows, String whenEmpty) {
        if (json) {
            out.println(Json.write(rows));
        } else {
            print(columns, rows, whenEmpty);
        }
    }

    /** One of several parts of a command's answer; in JSON a member of one object, printed by {@link #end()}. */
    public void part(String name, List<String> columns, List<Map<String, Object>> rows, String whenEmpty) {
        if (json) {
            document.put(name, rows);
        } else {
            out.println();
            out.println(name);
            print(columns, rows, whenEmpty);
        }
    }

    /** A part that is one object: a line for each member; in JSON, without a name, the members of the answer itself. */
    public void part(String name, Map<String, Object> members) {
        if (json && name.isEmpty()) {
            document.putAll(members);
            return;
        }
        if (json) {
            document.put(name, members);
            return;
        }
        if (!name.isEmpty()) {
            out.println();
            out.println(name);
        }
        int width = members.keySet().stream().mapToInt(String::length).max().orElse(0);
        members.forEach((member, value) -> {
            String text = text(value);
            if (!text.isEmpty()) {
                out.println("  " + member + " ".repeat(width - member.length()) + "  " + text);
            }
        });
    }

    /** A part in plain sentences; in JSON an array of them. */
    public void sentences(String name, List<String> sentences) {
        if (json) {
            document.put(name, sentences);
        } else {
            sentences.forEach(sentence -> out.println(text(sentence)));
        }
    }

    /** A text that is the whole answer, as it is. */
    public void raw(String text) {
        out.println(text);
    }

    /** A line for people that JSON has no use for. */
    public void remark(String text) {
        if (!json) {
            out.println(text);
        }
    }

    /** What JSON needs and people get otherwise, such as a fault that ends the command; empty for people. */
    public String forScripts(Object value) {
        return json ? value.toString() : "";
    }

    /** Ends an answer made of parts. */
    public void end() {
        if (json) {
            out.println(Json.write(document));
        }
    }

    private void print(List<String> columns, List<Map<String, Object>> rows, String whenEmpty) {
        if (rows.isEmpty()) {
            out.println(whenEmpty);
            return;
        }
        // plain lines: this is read over ssh, on terminals of all kinds
        ShellTable table = new ShellTable().forceAscii();
        columns.forEach(table::column);
        for (Map<String, Object> row : rows) {
            List<Object> cells = new ArrayList<>();
            columns.forEach(column -> cells.add(text(row.get(column))));
            table.addRow().addContent(cells);
        }
        table.print(out);
    }

    static String text(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Optional<?> optional) {
            return text(optional.orElse(null));
        }
        if (value instanceof Collection<?> collection) {
            return String.join(" ", collection.stream().map(Screen::text).toList());
        }
        if (value instanceof Map<?, ?> map) {
            return String.join(
                    " ",
                    map.entrySet().stream()
                            .map(e -> e.getKey() + "=" + text(e.getValue()))
                            .sorted()
                            .toList());
        }
        return value.toString().replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
