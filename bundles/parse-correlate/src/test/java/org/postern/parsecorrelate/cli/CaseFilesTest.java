package org.postern.parsecorrelate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Cases;
import org.postern.testkit.Rtds;

/** The case files for the command line, each with its expected result; every file of these folders is checked. */
class CaseFilesTest {

    private static final String ACB = "02504F5300000002";
    private static final String YEARS = "999999999";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return RunPac.run(out, err, arguments);
    }

    private static List<String> names(List<Path> files) {
        return files.stream().map(file -> file.getFileName().toString()).toList();
    }

    /** The JSON line of {@code pac parse}, and its exit code before it. */
    private String parsed(Path file) {
        PrintStream console = System.out;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        System.setOut(new PrintStream(line, true, StandardCharsets.UTF_8));
        try {
            int exit = run(
                    "parse",
                    "--keys",
                    Cases.required().path("keys").toString(),
                    "--acb",
                    ACB,
                    "--out",
                    folder.toString(),
                    file.toString());
            return exit + " " + line.toString(StandardCharsets.UTF_8).strip();
        } finally {
            System.setOut(console);
        }
    }

    private String mmc(Path file) throws IOException {
        Path written = folder.resolve(file.getFileName() + ".xml");
        return Files.exists(written) ? Files.readString(written) : "";
    }

    @Test
    void everyFolderIsReplayed() {
        assertThat(Cases.required().folders())
                .as("documents and schedules: service-requests, ReferenceDocumentsTest")
                .containsExactly("documents", "index", "keys", "registers", "remote-party", "schedules", "truncated");
    }

    @Test
    void valuesArePlacedByTheirIndex() throws IOException {
        List<Path> files = Cases.required().files("index");
        assertThat(names(files))
                .containsExactly("indices-1-1-3.xml", "indices-3-2-1.xml", "inventory.csv", "precommand.hex");
        String inventory = files.get(2).toString();
        String preCommand = files.get(3).toString();
        assertThat(run(
                        "correlate",
                        "--tolerance",
                        YEARS,
                        "--inventory",
                        inventory,
                        files.get(0).toString(),
                        preCommand))
                .as("index 1 twice, 2 missing")
                .isNotZero();
        assertThat(out + " " + err).doesNotContain("\"identical\"").contains("BlockThreshold");
        assertThat(run(
                        "correlate",
                        "--tolerance",
                        YEARS,
                        "--inventory",
                        inventory,
                        files.get(1).toString(),
                        preCommand))
                .as("3, 2, 1 in the document, placed by number")
                .isEqualTo(1);
        assertThat(out.toString()).contains("\"different\"");
        // control: the same values numbered in the order of the document are those of the Pre-Command
        String ordered = Files.readString(files.get(1));
        Matcher threshold = Pattern.compile("(BlockThreshold index=\")\\d").matcher(ordered);
        int[] number = {0};
        Path request = Files.writeString(
                folder.resolve("ordered.xml"), threshold.replaceAll(match -> match.group(1) + ++number[0]));
        assertThat(number[0]).isEqualTo(3);
        assertThat(run("correlate", "--tolerance", YEARS, "--inventory", inventory, request.toString(), preCommand))
                .as(out + " " + err)
                .isZero();
    }

    @Test
    void answersWithFewerResultsThanTheUseCaseHasItemsAreNoSuccess() {
        List<Path> files = Cases.required().files("truncated");
        assertThat(names(files)).containsExactly("ecs01a-0.hex", "ecs01a-1.hex", "ecs01a-27.hex", "gcs01a-1.hex");
        for (Path file : files) {
            assertThat(parsed(file))
                    .as(file.toString())
                    .contains("\"success\":false")
                    .doesNotContain("\"flags\":[]")
                    .contains("\"signature\":\"valid\"");
        }
    }

    @Test
    void readingsInAnotherScaleOrUnreadableOrInTheClearAreFlagged() throws IOException {
        List<Path> files = Cases.required().files("registers");
        TreeSet<String> seen = new TreeSet<>();
        for (Path file : files) {
            String line = parsed(file);
            switch (file.getFileName().toString()) {
                case "14-norm.hex", "17b-norm.hex" ->
                    assertThat(line)
                            .as(file.toString())
                            .startsWith("0 ")
                            .contains("\"success\":true")
                            .contains("\"flags\":[]")
                            .contains("\"mac\":\"valid\"");
                case "14-td30.hex", "17b-scaler-3.hex" -> {
                    // the scale is applied, or the reading is left out and flagged; the number in another scale is
                    // never reported
                    assertThat(line)
                            .as(file.toString())
                            .doesNotContain("\"flags\":[]")
                            .contains("\"success\":false");
                    List<String> right = values(mmc(norm(file)));
                    assertThat(right).isNotEmpty();
                    assertThat(values(mmc(file))).as(file.toString()).doesNotContainAnyElementsOf(right);
                }
                case "22b-plaintext.hex" ->
                    assertThat(line)
                            .as(file.toString())
                            .contains("\"success\":false")
                            .contains("in the clear");
                case "22b-trailing.hex" ->
                    assertThat(line)
                            .as(file.toString())
                            .contains("\"success\":false")
                            .contains("unreadable");
                default -> throw new AssertionError("no right value for " + file);
            }
            seen.add(file.getFileName().toString());
        }
        assertThat(seen).hasSize(6);
    }

    private Path norm(Path file) {
        Path norm = file.resolveSibling(file.getFileName().toString().replaceAll("-.*", "-norm.hex"));
        parsed(norm);
        return norm;
    }

    /** The numbers among the readings. */
    private static List<String> values(String mmc) {
        Matcher data = Pattern.compile("<ra:SMETSData>.*</ra:SMETSData>").matcher(mmc);
        assertThat(data.find()).isTrue();
        return Pattern.compile(">(-?\\d+)<")
                .matcher(data.group())
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void aReadOfAnUnknownRemotePartyIsSentByTheAcb() throws IOException {
        List<Path> files = Cases.required().files("remote-party");
        assertThat(names(files)).containsExactly("README", "inv.csv", "out.hex");
        Path request = Rtds.required().requests().stream()
                .filter(file -> file.toString().endsWith("GCS16b_4.14_URP_SUCCESS_REQUEST_DUIS.XML"))
                .findFirst()
                .orElseThrow();
        assertThat(run("transform", "--inventory", files.get(1).toString(), request.toString()))
                .as(err.toString())
                .isZero();
        String made = out.toString().strip();
        String before = Files.readString(files.get(2)).strip();
        assertThat(made).isNotEqualTo(before);
        String acb = "90B3D51F30000002";
        String user = "90B3D51F30030000";
        String device = "00DB1234567890A3";
        // originator and target of the grouping header, then code, User and its counter in other information
        assertThat(made)
                .containsPattern("^DF0901[0-9A-F]{16}08" + acb + "08" + device + "00[0-9A-F]{2,6}0096" + user
                        + "000000000000044C3082");
        assertThat(before).startsWith("DF0901000000000000044C08" + user);
        assertThat(parsed(Files.writeString(folder.resolve("made.hex"), made)))
                .startsWith("0 ")
                .contains("\"status\":\"ok\"")
                .contains("\"originator\":\"" + acb + "\"");
        assertThat(parsed(files.get(2)))
                .startsWith("1 ")
                .contains("\"status\":\"refused\"")
                .contains("\"fault\":\"PST-3");
    }

    @Test
    void anImpossibleHeaderTimeIsRefusedWithItsFaultCode() throws IOException {
        Matcher payload = Pattern.compile("<sr:GBCSPayload>([^<]*)<")
                .matcher(Files.readString(Cases.required().path("documents/baddate.xml")));
        assertThat(payload.find()).isTrue();
        Path message = Files.writeString(folder.resolve("baddate.b64"), payload.group(1));
        assertThat(parsed(message))
                .startsWith("1 ")
                .contains("\"status\":\"refused\"")
                .contains("\"fault\":\"PST-4012\"")
                .contains("the date-time of the GBCS message is impossible")
                .contains("\"mmc\":\"none\"")
                .contains("\"success\":null");
    }

    @Test
    void everyKeyFileIsAKeyOrACertificate() throws IOException {
        for (Path file : Cases.required().files("keys")) {
            assertThat(Files.readString(file)).as(file.toString()).startsWith("-----BEGIN ");
        }
    }
}
