package org.postern.parsecorrelate.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.MappingCatalogue;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code pac coverage}: what is known of each use case, and what the tests of this build read of it. The counts come
 * from the resource {@code coverage.csv}, which the corpus test writes while the build runs; without it nothing is
 * claimed.
 */
@Command(
        name = "coverage",
        description = "Each use case: decoded, authenticated, mapped, and read from a real message by a test.")
final class CoverageCommand implements Callable<Integer> {

    private static final String RESULTS = "/org/postern/parsecorrelate/cli/coverage.csv";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /**
     * Counts of one message code: real messages that a test read, of those authenticated, mapped to schema-valid MMC.
     */
    private record Counts(int decoded, int authenticated, int mapped) {
        static final Counts NONE = new Counts(0, 0, 0);
    }

    @Override
    public Integer call() throws IOException {
        UseCaseTable table = UseCaseTable.load();
        MappingCatalogue mapping = MappingCatalogue.load(table);
        Map<Integer, Counts> results = results();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%-5s %-10s %-8s %8s %14s %7s  %s%n",
                "code", "use case", "mapping", "decoded", "authenticated", "mapped", "real message read by a test");
        int[] sum = new int[5];
        for (UseCaseTable.UseCase u : table.all()) {
            Counts c = results.getOrDefault(u.code(), Counts.NONE);
            boolean mapped = mapping.messageCodes().contains(u.code());
            out.printf(
                    "%-5s %-10s %-8s %8d %14d %7d  %s%n",
                    u.codeHex(),
                    u.name(),
                    mapped ? "rows" : "-",
                    c.decoded(),
                    c.authenticated(),
                    c.mapped(),
                    c.decoded() > 0 ? "yes" : "no");
            sum[0]++;
            sum[1] += mapped ? 1 : 0;
            sum[2] += c.decoded();
            sum[3] += c.authenticated();
            sum[4] += c.mapped();
        }
        out.printf(
                "%d use cases, %d with mapping rows; tests decoded %d real messages, authenticated %d, mapped %d%n",
                sum[0], sum[1], sum[2], sum[3], sum[4]);
        if (results.isEmpty()) {
            out.println("no test results in this build: the corpus test did not run");
        }
        out.flush();
        return 0;
    }

    private static Map<Integer, Counts> results() throws IOException {
        Map<Integer, Counts> all = new HashMap<>();
        try (InputStream in = CoverageCommand.class.getResourceAsStream(RESULTS)) {
            if (in == null) {
                return all;
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            reader.lines()
                    .skip(1)
                    .map(l -> l.split(","))
                    .forEach(c -> all.put(
                            Integer.parseInt(c[0], 16),
                            new Counts(Integer.parseInt(c[1]), Integer.parseInt(c[2]), Integer.parseInt(c[3]))));
        }
        return all;
    }
}
