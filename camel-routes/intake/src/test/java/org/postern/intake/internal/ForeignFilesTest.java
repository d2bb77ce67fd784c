package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.appliance.AllowedFiles;
import org.postern.camelruntime.Metrics;
import org.postern.catalogue.Channel;
import org.postern.simulator.pki.SimulatorPki;

/** Whatever a file contains, it is moved, and its report has the outcome of every line. */
@Timeout(600)
class ForeignFilesTest {

    private static final String CSV =
            "service,device,role,body.ReadLogPeriod.StartDateTime,body.ReadLogPeriod.EndDateTime\n";

    @TempDir
    static Path pkiFolder;

    private static SimulatorPki pki;

    @TempDir
    Path home;

    private final AtomicLong nanos = new AtomicLong();
    private RealLifeCycle life;
    private FileInterface fileInterface;
    private Path folder;
    private int names;

    @BeforeAll
    static void keys() {
        pki = RealLifeCycle.pki(pkiFolder);
    }

    @BeforeEach
    void open() throws Exception {
        life = new RealLifeCycle(home, pki);
        folder = Files.createDirectories(home.resolve("intake"));
        Spool spool = new Spool(
                folder,
                new AllowedFiles(List.of(folder), List.of(folder.resolve("ledger")), List.of()),
                Duration.ofSeconds(2),
                Clock.systemUTC(),
                nanos::get,
                new java.util.Random(1)::nextLong,
                () -> true);
        fileInterface = new FileInterface(
                new IntakeChannel(
                        Channel.FILE,
                        life.line::requests,
                        life.line::topUps,
                        IntakeBench.fake(Metrics.class, Map.of())),
                spool,
                2000,
                1 << 20);
    }

    @AfterEach
    void close() {
        fileInterface.close();
        life.close();
    }

    @Test
    void everyDocumentIsAdmittedOrReported() throws Exception {
        List<byte[]> documents = ForeignSubmissions.of(List.of(RealLifeCycle.utf8(life.xml())));
        for (byte[] document : documents) {
            drop(".xml", document);
        }
        taken("XML files");
    }

    @Test
    void everyLineIsAdmittedOrReported() throws Exception {
        String csv = CSV + "4.8.1," + life.json().replaceAll(".*\"device\": \"([^\"]*)\".*", "$1")
                + ",IS,2026-11-01T00:00:00.00Z,2026-11-02T00:00:00.00Z\n";
        for (Map.Entry<String, String> kind : Map.of(".jsonl", life.json() + "\n" + life.topUp() + "\n", ".csv", csv)
                .entrySet()) {
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            int lines = 0;
            for (byte[] document : ForeignSubmissions.of(List.of(RealLifeCycle.utf8(kind.getValue())))) {
                many.writeBytes(document);
                if (++lines % 20 == 0) {
                    drop(kind.getKey(), many.toByteArray());
                    many.reset();
                }
            }
            drop(kind.getKey(), many.toByteArray());
        }
        taken("lines");
    }

    private void drop(String ending, byte[] content) throws IOException {
        Files.write(folder.resolve("f" + names++ + ending), content);
    }

    private void taken(String what) throws Exception {
        int passes = 0;
        do {
            fileInterface.poll();
            nanos.addAndGet(3_000_000_000L);
            assertThat(passes++).as("passes for " + names + " files").isLessThan(names + 20);
        } while (waiting() > 0);
        long admitted = 0;
        long refused = 0;
        long recorded = 0;
        for (int i = 0; i < names; i++) {
            int number = i;
            List<Path> reports = new ArrayList<>();
            for (String ending : List.of(".xml", ".jsonl", ".csv")) {
                for (String to : List.of("done", "rejected")) {
                    Path report = folder.resolve(to + "/f" + number + ending + ".report.csv");
                    if (Files.exists(report)) {
                        assertThat(report.resolveSibling("f" + number + ending)).exists();
                        reports.add(report);
                    }
                }
            }
            assertThat(reports)
                    .as("seed " + ForeignSubmissions.SEED + " file " + i)
                    .hasSize(1);
            List<String> lines = Files.readAllLines(reports.get(0));
            assertThat(lines).as("file " + i).hasSizeGreaterThan(1);
            for (String line : lines.subList(1, lines.size())) {
                assertThat(line).matches("\\d+,admitted,[^,]+,[^,]+,,\"\"|\\d+,rejected,[^,]*,,PST-\\d{4},\".+\"");
                assertThat(line).doesNotContain("PST-7399");
                admitted += line.contains(",admitted,") ? 1 : 0;
                refused += line.contains(",rejected,") ? 1 : 0;
                recorded += line.matches("\\d+,rejected,[^,]+,.*") ? 1 : 0;
            }
        }
        System.out.println(what + ": " + names + " files, admitted " + admitted + ", refused " + refused);
        assertThat(admitted).isPositive();
        assertThat(refused).isPositive();
        life.holds(admitted, recorded);
    }

    /** Files that are still in the folder or being processed. */
    private long waiting() throws IOException {
        long count = 0;
        for (Path where : List.of(folder, folder.resolve(".work"))) {
            try (var files = Files.list(where)) {
                count += files.filter(Files::isRegularFile).count();
            }
        }
        return count;
    }
}
