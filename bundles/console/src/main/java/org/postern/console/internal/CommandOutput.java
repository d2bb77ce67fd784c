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
 * The output of a command: tables for people, or one JSON document for scripts. Control characters in texts are
 * replaced, so that a text from outside cannot control the reader's terminal.
 */
public final class CommandOutput {

    private final PrintStream out;
    private final boolean json;
    private final Map<String, Object> document = new LinkedHashMap<>();

    public CommandOutput(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** A row of names and values, in this order. */
    public static Map<String, Object> row(Object... namesAndValues) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return row;
    }

    /** Prints the only table of a command; in JSON an array. */
    public void table(List<String> columns, List<Map<String, Object>> rows, String whenEmpty) {
        if (json) {
            out.println(Json.write(rows));
        } else {
            print(columns, rows, whenEmpty);
        }
    }

    /** Prints one of several tables of a command; in JSON a member of one object, which {@link #end()} prints. */
    public void part(String name, List<String> columns, List<Map<String, Object>> rows, String whenEmpty) {
        if (json) {
            document.put(name, rows);
        } else {
            out.println();
            out.println(name);
            print(columns, rows, whenEmpty);
        }
    }

    /**
     * Prints one object, a line for each member; in JSON a member of the document or, without a name, members of the
     * document itself.
     */
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

    /** Prints sentences; in JSON an array of them. */
    public void sentences(String name, List<String> sentences) {
        if (json) {
            document.put(name, sentences);
        } else {
            sentences.forEach(sentence -> out.println(text(sentence)));
        }
    }

    /** Prints a text, unchanged, as the whole output. */
    public void raw(String text) {
        out.println(text);
    }

    /** Prints a line for people, which the JSON document omits. */
    public void remark(String text) {
        if (!json) {
            out.println(text);
        }
    }

    /**
     * The text of a value for JSON only; empty for people, who see it in another way, such as a fault that ends the
     * command.
     */
    public String forScripts(Object value) {
        return json ? value.toString() : "";
    }

    /** Ends an output of several parts: prints the JSON document. */
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
        // ASCII, since it is read over ssh on terminals of all kinds
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
            return String.join(" ", collection.stream().map(CommandOutput::text).toList());
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
