package org.postern.parsecorrelate.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcProvider;
import org.postern.parsecorrelate.ComparedField;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.parsecorrelate.ParseCorrelateFault;
import org.postern.parsecorrelate.Recheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code recheck}: prints one JSON line with the result. Exit code 0 the recorded verdict is confirmed, 1 it is not, 2
 * bad input.
 */
@Command(
        name = "recheck",
        description =
                "Repeat the correlation from an evidence file that dcc:evidence exported, and verify its digests and signature.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class RecheckCommand implements Callable<Integer> {

    private static final long MAX_BYTES = 100_000_000;
    private static final int NOT_CONFIRMED = 1;
    private static final int BAD_INPUT = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--digest",
            paramLabel = "HEX",
            description = "The digest that the security log recorded at the export; the file must have this digest")
    private @Nullable String digest;

    @Option(names = "--fields", description = "List every compared field as well")
    private boolean fields;

    @Parameters(arity = "1", paramLabel = "EVIDENCE.json")
    private Path file;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            EvidenceFile evidence = EvidenceFile.read(bytes(file));
            Recheck.Report report = Recheck.of(evidence, EcProvider.fastest());
            boolean asLogged = digest == null || digest.strip().equalsIgnoreCase(evidence.computedDigest());
            List<JsonLine> findings = new java.util.ArrayList<>();
            report.findings().forEach(finding -> findings.add(new JsonLine().add("finding", finding)));
            if (!asLogged) {
                findings.add(new JsonLine()
                        .add("finding", "the file is not the one that was exported: its digest is not the given one"));
            }
            // resultOfTheDay and rulesOfTheDay are the former names of recordedResult and recordedRules
            JsonLine line = new JsonLine()
                    .add("requestId", evidence.requestId())
                    .add("result", report.verdict())
                    .add("recordedResult", evidence.verdict())
                    .add("resultOfTheDay", evidence.verdict())
                    .add("agrees", findings.isEmpty() ? "yes" : "no")
                    .add("signature", report.signature().name().toLowerCase(Locale.ROOT))
                    .add("recordedRules", evidence.ruleVersion())
                    .add("rulesOfTheDay", evidence.ruleVersion())
                    .add("rulesNow", report.rulesNow())
                    .add(
                            "differences",
                            report.differences().stream()
                                    .map(CorrelateCommand::json)
                                    .toList())
                    .add("findings", findings);
            if (fields) {
                line.add(
                        "fields",
                        report.fields().stream().map(RecheckCommand::json).toList());
            }
            out.println(line);
            return findings.isEmpty() ? 0 : NOT_CONFIRMED;
        } catch (PosternException bad) {
            err.println(bad.getMessage());
            return BAD_INPUT;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static JsonLine json(ComparedField field) {
        return new JsonLine()
                .add("path", field.path())
                .add("position", field.position())
                .add("expected", field.expected())
                .add("got", field.got())
                .add("outcome", field.outcome().name().toLowerCase(Locale.ROOT))
                .add("rule", field.rule());
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new PosternException(ParseCorrelateFault.EVIDENCE_UNREADABLE.fault(
                        String.valueOf(file.getFileName()),
                        "at most " + MAX_BYTES + " bytes",
                        "more",
                        "give a file of dcc:evidence"));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new PosternException(ParseCorrelateFault.INPUT_UNREADABLE.fault(
                    String.valueOf(file.getFileName()),
                    "a file that can be read",
                    e.getClass().getSimpleName(),
                    "correct the name"));
        }
    }
}
