package org.postern.parsecorrelate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as a shell uses them: output, exit codes, lists. */
class TransformAndCorrelateTest {

    /** ECS42 for counter 1000, written by hand. */
    private static final String ENABLE = "DF0901" + "00000000000003E8" + "0890B3D51F30010000" + "0800DB1234567890A0"
            + "00" + "02004F" + "15" + "D9200003E80001" + "03000900000A006AFF01" + "01120033";

    private static final String REQUEST = """
            <sr:Request xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4">
              <sr:Header><sr:RequestID> 90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000 </sr:RequestID><sr:CommandVariant>4</sr:CommandVariant>
                <sr:ServiceReference>%s</sr:ServiceReference><sr:ServiceReferenceVariant>%s</sr:ServiceReferenceVariant></sr:Header>
              <sr:Body>%s</sr:Body>
            </sr:Request>
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void files() throws Exception {
        write(
                "enable.xml",
                REQUEST.formatted("7.1", "7.1", "<sr:EnableSupply/>")
                        .replace(" 90-B3", "90-B3")
                        .replace(":1000 ", ":1000"));
        write(
                "arm.xml",
                REQUEST.formatted("7.3", "7.3", "<sr:ArmSupply/>")
                        .replace(" 90-B3", "90-B3")
                        .replace(":1000 ", ":1000"));
        write("enable.hex", ENABLE + "\n");
        write("altered.hex", ENABLE.substring(0, ENABLE.length() - 1) + "4");
        write("meter.csv", "deviceId,deviceType,variant,attributes\n00-DB-12-34-56-78-90-A0,ESME,,\n");
        write("gas.csv", "deviceId,deviceType,variant,attributes\n00DB1234567890A0,GSME,,target=GSME\n");
        write("unknown-key.csv", "deviceId,deviceType,variant,attributes\n00DB1234567890A0,ESME,,colour=blue\n");
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    private int run(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].endsWith(".xml")
                    || arguments[i].endsWith(".hex")
                    || arguments[i].endsWith(".csv")
                    || arguments[i].endsWith(".tsv")) {
                arguments[i] = folder.resolve(arguments[i]).toString();
            }
        }
        return new CommandLine(new Pac())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void transformPrintsUpperCaseHexAndNothingElse() {
        assertThat(run("transform", "enable.xml")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines(ENABLE);
    }

    @Test
    void theTypeOfDeviceDecidesBetweenElectricityAndGas() {
        assertThat(run("transform", "arm.xml")).isEqualTo(2);
        assertThat(err.toString()).contains("PST-4004").contains("ECS44").contains("GCS39");
        assertThat(run("transform", "--inventory", "meter.csv", "arm.xml")).isZero();
        assertThat(run("transform", "--inventory", "gas.csv", "--at", "2015-01-01T00:00:00Z", "arm.xml"))
                .isZero();
        assertThat(out.toString()).contains("00000A006AFF").contains("804A371C");
    }

    @Test
    void identicalIsExitZeroAndDifferentIsExitOne() {
        assertThat(run("correlate", "enable.xml", "enable.hex")).isZero();
        assertThat(out.toString().strip()).isEqualTo("{\"result\":\"identical\",\"differences\":[]}");
        assertThat(run("correlate", "enable.xml", "altered.hex")).isEqualTo(1);
        assertThat(out.toString().lines().toList().get(1))
                .startsWith("{\"result\":\"different\",\"differences\":[{\"path\":\"EnableSupply#item 1")
                .contains("\"expected\":\"120033\"")
                .contains("\"got\":\"120034\"")
                .contains("\"rule\":\"ECS42 ");
    }

    @Test
    void badInputIsExitTwo() throws Exception {
        write("odd.hex", "DF0");
        write("broken.xml", "<sr:Request");
        assertThat(run("correlate", "enable.xml", "odd.hex")).isEqualTo(2);
        assertThat(run("correlate", "broken.xml", "enable.hex")).isEqualTo(2);
        assertThat(run("correlate", "missing.xml", "enable.hex")).isEqualTo(2);
        assertThat(run("correlate", "enable.xml")).isEqualTo(2);
        assertThat(run("transform", "--inventory", "unknown-key.csv", "enable.xml"))
                .isEqualTo(2);
        assertThat(run("transform", "--at", "yesterday", "enable.xml")).isEqualTo(2);
        assertThat(err.toString()).doesNotContain("at org.postern");
    }

    @Test
    void aListGivesOneLinePerPair() throws Exception {
        write("pairs.tsv", "enable.xml\tenable.hex\nenable.xml\taltered.hex\tmeter.csv\narm.xml\tenable.hex\n");
        assertThat(run("correlate", "--list", "pairs.tsv")).isEqualTo(2);
        assertThat(out.toString().lines())
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("{\"request\":\"enable.xml\",\"result\":\"identical\",\"differences\":[]}"),
                        line -> assertThat(line).startsWith("{\"request\":\"enable.xml\",\"result\":\"different\""),
                        line -> assertThat(line).startsWith("{\"request\":\"arm.xml\",\"error\":\"PST-4004"));
    }

    @Test
    void transformTakesTheSameList() throws Exception {
        write("pairs.tsv", "enable.xml\tenable.hex\narm.xml\tenable.hex\tmeter.csv\n");
        assertThat(run("transform", "--list", "pairs.tsv")).isZero();
        assertThat(out.toString().lines().toList().get(0))
                .isEqualTo("{\"request\":\"enable.xml\",\"hex\":\"" + ENABLE + "\"}");
        assertThat(out.toString().lines()).hasSize(2);
    }

    @Test
    void aSignVerbDoesNotExist() {
        assertThat(run("sign", "enable.hex")).isEqualTo(2);
    }

    @Test
    void whatTheAcbSendsNamesTheUserAsSupplementaryParty() throws Exception {
        write(
                "export.xml",
                REQUEST.formatted(
                                "4.6",
                                "4.6.2",
                                "<sr:RetrieveExportDailyReadLog><sr:ReadLogPeriod>"
                                        + "<sr:StartDateTime>2015-01-01T00:00:00Z</sr:StartDateTime><sr:EndDateTime>2015-01-02T00:00:00Z</sr:EndDateTime>"
                                        + "</sr:ReadLogPeriod></sr:RetrieveExportDailyReadLog>")
                        .replace(" 90-B3", "90-B3")
                        .replace(":1000 ", ":1000"));
        String user = "90B3D51F30010000" + "00000000000003E8";
        assertThat(run("transform", "--inventory", "meter.csv", "export.xml")).isZero();
        assertThat(out.toString())
                .startsWith("DF0901" + "00000000000003E8" + "0890B3D51F30000002" + "0800DB1234567890A0" + "00"
                        + "120035" + user);
        // the second pair are the options' names of the release before
        for (List<String> names : List.of(List.of("--acb", "--acb-counter"), List.of("--broker", "--broker-counter"))) {
            out.getBuffer().setLength(0);
            assertThat(run(
                            "transform",
                            "--inventory",
                            "meter.csv",
                            names.get(0),
                            "0A0000000000000B",
                            names.get(1),
                            "7",
                            "export.xml"))
                    .isZero();
            assertThat(out.toString())
                    .as("%s", names)
                    .startsWith("DF0901" + "0000000000000007"
                            + "080A0000000000000B" + "0800DB1234567890A0"
                            + "00" + "120035" + user);
        }
    }
}
