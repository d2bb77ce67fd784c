package org.postern.parsecorrelate.internal.mmc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postern.catalogue.PosternException;
import org.postern.parsecorrelate.ParseCorrelateFault;

/** Reading of this bundle's tables, with file and line in every complaint. */
public final class Resource {

    private static final String FOLDER = "/org/postern/parsecorrelate/mmc/";

    private Resource() {}

    /** What is done with a line. */
    public interface Line {
        void read(int line, String[] cells);
    }

    /** Every line of the resource. */
    public static List<String> lines(String name) {
        InputStream in = Resource.class.getResourceAsStream(FOLDER + name);
        if (in == null) {
            throw fault(name, 0, "the tables are part of the bundle", "the resource is missing");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<String> all = new ArrayList<>();
            reader.lines().forEach(all::add);
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of a comma-separated resource without quoting; the first is a heading, {@code #} begins a comment line. */
    public static void rows(String name, int cells, Line each) {
        List<String> lines = lines(name);
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(",", cells);
            if (parts.length != cells) {
                throw fault(name, i + 1, cells + " cells to a line", parts.length + " cells");
            }
            each.read(i + 1, parts);
        }
    }

    /** A fault in a table of this bundle. */
    public static PosternException fault(String name, int line, String rule, String cause) {
        return new PosternException(ParseCorrelateFault.RULES_BROKEN.fault(name + " line " + line, rule, cause));
    }
}
