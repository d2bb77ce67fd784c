package org.postern.parsecorrelate.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.postern.catalogue.Table;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.MappingCatalogue;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code pac coverage}: lists each use case with its mapping and with the number of real messages that the tests of
 * this build read. The counts come from the resource {@code coverage.tsv}, which the corpus test writes during the
 * build; without it the counts are zero.
 */
@Command(
        name = "coverage",
        description = "List for each use case how many real messages the tests decoded, authenticated and mapped.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CoverageCommand implements Callable<Integer> {

    private static final String RESULTS = "/org/postern/parsecorrelate/cli/coverage.tsv";

    private static final int MAX_COUNT = 999_999;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /**
     * Counts of one message code: real messages that a test decoded, and how many of these it authenticated and mapped
     * to schema-valid MMC.
     */
    private record Counts(int decoded, int authenticated, int mapped) {
        static final Counts NONE = new Counts(0, 0, 0);
    }

    @Override
    public Integer call() {
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

    private static Map<Integer, Counts> results() {
        if (CoverageCommand.class.getResource(RESULTS) == null) {
            return Map.of();
        }
        return Table.resource(CoverageCommand.class, RESULTS, "code", "decoded", "authenticated", "mapped")
                .byKey(
                        "code",
                        row -> row.hex("code", 4),
                        row -> new Counts(
                                row.number("decoded", 0, MAX_COUNT),
                                row.number("authenticated", 0, MAX_COUNT),
                                row.number("mapped", 0, MAX_COUNT)));
    }
}
