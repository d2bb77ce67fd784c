package org.postern.parsecorrelate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.Correlation;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.parsecorrelate.Recheck;
import org.postern.testkit.ForeignBytes;

/** For any bytes in a file: exit code 2 and a fault code if it cannot be read, and never a stack trace. */
@Timeout(120)
class PacForeignBytesTest {

    private static final long SEED = Long.getLong("postern.seed", 20261128L);
    private static final int DOCUMENTS = Integer.getInteger("postern.documents", 2_000);
    private static final String REQUEST = """
            <sr:Request xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4"><sr:Header>\
            <sr:RequestID>90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000</sr:RequestID><sr:CommandVariant>4</sr:CommandVariant>\
            <sr:ServiceReference>7.1</sr:ServiceReference><sr:ServiceReferenceVariant>7.1</sr:ServiceReferenceVariant></sr:Header>\
            <sr:Body><sr:EnableSupply/></sr:Body></sr:Request>""";
    private static final String MESSAGE =
            "DF090100000000000003E80890B3D51F300100000800DB1234567890A00002004F15D9200003E80001"
                    + "03000900000A006AFF0101120033";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private int files;

    @BeforeEach
    void given() throws IOException {
        Files.writeString(
                folder.resolve("meter.csv"),
                "deviceId,deviceType,variant,attributes\n00-DB-12-34-56-78-90-A0,ESME,,\n");
        Files.writeString(folder.resolve("enable.xml"), REQUEST);
        Files.writeString(folder.resolve("enable.hex"), MESSAGE);
    }

    @Test
    void aFileInAnotherEncodingIsBadInputForEveryCommand() throws IOException {
        Path utf16 = Files.write(folder.resolve("utf16.xml"), REQUEST.getBytes(StandardCharsets.UTF_16));
        assertThat(run(
                        "correlate",
                        utf16.toString(),
                        folder.resolve("enable.hex").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("PST-1013");
        assertThat(run("transform", utf16.toString())).isEqualTo(2);
        assertThat(run("correlate", folder.resolve("enable.xml").toString(), utf16.toString()))
                .isEqualTo(2);
        assertThat(run("recheck", utf16.toString())).isEqualTo(2);
        assertThat(run("correlate", "--list", utf16.toString())).isEqualTo(2);
        assertThat(run("transform", folder.resolve("enable.xml").toString(), "--inventory", utf16.toString()))
                .isEqualTo(2);
        assertThat(run("parse", utf16.toString()))
                .as("a message that is refused")
                .isEqualTo(1);
        assertThat(err.toString()).doesNotContain("\tat ");
    }

    @Test
    void everyEncodingEveryTruncationAndManyRandomFilesGiveOneLineEach() throws IOException {
        StringBuilder list = new StringBuilder();
        ForeignBytes.encodings(REQUEST)
                .forEach(bytes -> list.append(file(bytes)).append("\tenable.hex\tmeter.csv\n"));
        ForeignBytes.cuts(
                REQUEST.getBytes(StandardCharsets.UTF_8),
                bytes -> list.append(file(bytes)).append("\tenable.hex\tmeter.csv\n"));
        ForeignBytes.random(
                SEED,
                DOCUMENTS / 2,
                List.of(REQUEST.getBytes(StandardCharsets.UTF_8)),
                bytes -> list.append(file(bytes)).append("\tenable.hex\tmeter.csv\n"));
        ForeignBytes.random(
                SEED,
                DOCUMENTS / 2,
                List.of(MESSAGE.getBytes(StandardCharsets.UTF_8)),
                bytes -> list.append("enable.xml\t").append(file(bytes)).append("\tmeter.csv\n"));
        Path pairs = Files.writeString(folder.resolve("pairs"), list);
        for (String verb : List.of("correlate", "transform")) {
            out.getBuffer().setLength(0);
            assertThat(run(verb, "--list", pairs.toString()))
                    .as("seed " + SEED + " " + err)
                    .isEqualTo(2);
            assertThat(out.toString().lines().count()).as(verb).isEqualTo(files);
            assertThat(out.toString()
                            .lines()
                            .filter(line -> line.contains("\"error\""))
                            .filter(line -> !line.matches(".*PST-\\d{4}.*")))
                    .as(verb)
                    .isEmpty();
        }
        System.out.println("command line: seed " + SEED + ", files " + files);
    }

    @Test
    void everyFileIsAMessageOrGivesALineWithTheReason() throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("parse", "--tree", "--out", folder.resolve("out").toString()));
        ForeignBytes.encodings(MESSAGE).stream()
                .limit(300)
                .forEach(bytes -> arguments.add(folder.resolve(file(bytes)).toString()));
        byte[] base64 = Base64.getEncoder().encode(HexFormat.of().parseHex(MESSAGE));
        ForeignBytes.random(
                SEED,
                DOCUMENTS,
                List.of(MESSAGE.getBytes(StandardCharsets.UTF_8), base64),
                bytes -> arguments.add(folder.resolve(file(bytes)).toString()));
        // and complete messages with changed content
        ForeignBytes.random(
                SEED,
                DOCUMENTS,
                List.of(HexFormat.of().parseHex(MESSAGE)),
                bytes -> arguments.add(
                        folder.resolve(file(HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.UTF_8)))
                                .toString()));
        PrintStream before = System.out;
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        System.setOut(new PrintStream(lines, true, StandardCharsets.UTF_8));
        int exit;
        try {
            exit = run(arguments.toArray(String[]::new));
        } finally {
            System.setOut(before);
        }
        assertThat(exit).as("seed " + SEED + " " + err).isEqualTo(1);
        assertThat(err.toString()).doesNotContain("\tat ");
        List<String> printed = lines.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(printed).hasSize(files);
        assertThat(printed.stream().filter(line -> line.contains("\"refused\"")))
                .isNotEmpty()
                .allMatch(line -> line.matches(".*\"fault\":\"PST-\\d{4}\".*") && !line.contains("\"reason\":\"\""));
        System.out.println("parse: seed " + SEED + ", files " + files + ", refused "
                + printed.stream().filter(line -> line.contains("\"refused\"")).count());
    }

    @Test
    void changedEvidenceIsNotConfirmedOrBadInput() throws Exception {
        byte[] preCommand = HexFormat.of().parseHex(MESSAGE);
        byte[] request = REQUEST.getBytes(StandardCharsets.UTF_8);
        DeviceFacts device = DeviceFacts.unknown(Eui64.parse("00-DB-12-34-56-78-90-A0"));
        Instant at = Instant.parse("2026-11-23T12:00:00Z");
        Correlation verdict = new Recheck(Duration.ofSeconds(60)).recheck(request, preCommand, device, at);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] good = new EvidenceFile(
                        "r-1",
                        "90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000",
                        "7.1",
                        verdict.fold(same -> "identical", other -> "different"),
                        verdict.ruleVersion(),
                        verdict.fold(Correlation.Identical::useCase, Correlation.Different::useCase),
                        device,
                        at,
                        Duration.ofSeconds(60),
                        request,
                        HexFormat.of().formatHex(sha256.digest(request)),
                        preCommand,
                        HexFormat.of().formatHex(sha256.digest(preCommand)),
                        verdict.fold(same -> EvidenceFile.excused(same.excused(), at), other -> List.of()),
                        verdict.fold(same -> List.of(), other -> EvidenceFile.differences(other.differences())),
                        Optional.empty(),
                        Optional.empty())
                .json();
        int[] exits = new int[3];
        List<byte[]> changed = new ArrayList<>(ForeignBytes.encodings(new String(good, StandardCharsets.UTF_8)));
        ForeignBytes.random(SEED, DOCUMENTS, List.of(good), changed::add);
        for (byte[] bytes : changed) {
            err.getBuffer().setLength(0);
            int exit = run("recheck", folder.resolve(file(bytes)).toString());
            exits[exit]++;
            if (exit == 2) {
                assertThat(err.toString())
                        .as("seed " + SEED + " file " + (files - 1))
                        .contains("PST-")
                        .doesNotContain("\tat ");
            } else if (exit == 0) {
                assertThat(EvidenceFile.read(bytes).computedDigest())
                        .as("equivalent to the exported file")
                        .isEqualTo(EvidenceFile.read(good).computedDigest());
            }
        }
        System.out.println("recheck: seed " + SEED + ", agrees, another, bad input " + Arrays.toString(exits));
        assertThat(exits[2]).isPositive();
    }

    private String file(byte[] bytes) {
        try {
            return Files.write(folder.resolve("f" + files++), bytes)
                    .getFileName()
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int run(String... arguments) {
        return Pac.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
