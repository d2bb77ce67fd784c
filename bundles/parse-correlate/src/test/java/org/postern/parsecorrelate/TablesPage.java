package org.postern.parsecorrelate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of docs/tables.md. */
public final class TablesPage {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private TablesPage() {}

    /**
     * The second column by the words of the first column, from the tables whose first column has one of these headings.
     */
    public static Map<String, String> rows(String... headings) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        boolean inside = false;
        for (String line : Files.readAllLines(page())) {
            if (!line.startsWith("|")) {
                inside = false;
                continue;
            }
            String[] cells = line.replace("\\|", "\u0000").split("\\|", -1);
            for (String heading : headings) {
                inside |= cells[1].strip().equals(heading);
            }
            Matcher names = CODE.matcher(cells[1]);
            while (inside && names.find()) {
                Matcher form = CODE.matcher(cells[2].replace('\u0000', '|'));
                String had = rows.put(names.group(1), form.find() ? form.group(1) : "");
                if (had != null) {
                    throw new AssertionError(names.group(1) + " is there twice");
                }
            }
        }
        return rows;
    }

    /** Lines of the blocks beneath a heading, without commands. */
    public static List<String> example(String heading) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean below = false;
        boolean block = false;
        for (String line : Files.readAllLines(page())) {
            below |= line.equals(heading);
            if (below && line.startsWith("```")) {
                block = !block;
            } else if (below && block && !line.startsWith("mvn ") && !line.startsWith("java ")) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static Path page() {
        return Path.of(System.getProperty("postern.root", "../.."), "docs/tables.md");
    }
}
