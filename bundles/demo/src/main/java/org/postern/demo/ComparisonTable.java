package org.postern.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Compares two columns of values line by line; the demonstration succeeds if all lines agree. */
final class ComparisonTable {

    private record Line(String what, String expected, String got) {
        boolean right() {
            return expected.equals(got);
        }
    }

    private final List<Line> lines = new ArrayList<>();

    void expect(String what, Object expected, Object got) {
        lines.add(new Line(what, String.valueOf(expected), String.valueOf(got)));
    }

    boolean allRight() {
        return lines.stream().allMatch(Line::right);
    }

    void print(PrintStream out, String left, String right) {
        out.printf("  %-58s %12s %12s%n", "", left, right);
        for (Line line : lines) {
            out.printf(
                    "  %-58s %12s %12s%s%n",
                    line.what(), line.expected(), line.got(), line.right() ? "" : "   <-- NOT AS EXPECTED");
        }
    }
}
