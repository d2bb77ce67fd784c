package org.postern.parsecorrelate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.ForeignBytes;

/** Whatever bytes a file holds: exit 2 and a numbered fault where it cannot be read, and never a stack trace. */
@Timeout(120)
class PacForeignBytesTest {

    private static final long SEED = Long.getLong("postern.seed", 20261128L);
    private static final int DOCUMENTS = Integer.getInteger("postern.documents", 2_000);
    private static final String REQUEST = """
            <sr:Request xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4"><sr:Header>\
            <sr:RequestID>90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000</sr:RequestID><sr:CommandVariant>4</sr:CommandVariant>\
            <sr:ServiceReference>7.1</sr:ServiceReference><sr:ServiceReferenceVariant>7.1</sr:ServiceReferenceVariant></sr:Header>\
            <sr:Body><sr:EnableSupply/></sr:Body></sr:Request>""";
    private static final String MESSAGE = "DF090100000000000003E80890B3D51F300100000800DB1234567890A00002004F15D9200003E80001"
            + "03000900000A006AFF0101120033";

    @TempDir
    private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private int files;

    @BeforeEach
    void given() throws IOException {
        Files.writeString(folder.resolve("meter.csv"), "deviceId,deviceType,variant,attributes\n00-DB-12-34-56-78-90-A0,ESME,,\n");
        Files.writeString(folder.resolve("enable.xml"), REQUEST);
        Files.writeString(folder.resolve("enable.hex"), MESSAGE);
    }

    @Test
    void aFileInAnotherEncodingIsBadInputToEveryVerb() throws IOException {
        Path utf16 = Files.write(folder.resolve("utf16.xml"), REQUEST.getBytes(StandardCharsets.UTF_16));
        assertThat(run("correlate", utf16.toString(), folder.resolve("enable.hex").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("PST-1013");
        assertThat(run("transform", utf16.toString())).isEqualTo(2);
        assertThat(run("correlate", folder.resolve("enable.xml").toString(), utf16.toString())).isEqualTo(2);
        assertThat(run("recheck", utf16.toString())).isEqualTo(2);
        assertThat(run("correlate", "--list", utf16.toString())).isEqualTo(2);
        assertThat(run("transform", folder.resolve("enable.xml").toString(), "--inventory", utf16.toString())).isEqualTo(2);
        assertThat(run("parse", utf16.toString())).as("a message that is refused").isEqualTo(1);
        assertThat(err.toString()).doesNotContain("\tat ");
    }

    @Test
    void everyEncodingEveryCutAndManyRandomFilesHaveALineEach() throws IOException {
        StringBuilder list = new StringBuilder();
        ForeignBytes.encodings(REQUEST).forEach(bytes -> list.append(file(bytes)).append("\tenable.hex\tmeter.csv\n"));
        ForeignBytes.cuts(REQUEST.getBytes(StandardCharsets.UTF_8), bytes -> list.append(file(bytes)).append("\tenable.hex\tmeter.csv\n"));
        ForeignBytes.random(SEED, DOCUMENTS / 2, List.of(REQUEST.getBytes(StandardCharsets.UTF_8)),
                bytes -> list.append(file(bytes)).append("\tenable.hex\tmeter.csv\n"));
        ForeignBytes.random(SEED, DOCUMENTS / 2, List.of(MESSAGE.getBytes(StandardCharsets.UTF_8)),
                bytes -> list.append("enable.xml\t").append(file(bytes)).append("\tmeter.csv\n"));
        Path pairs = Files.writeString(folder.resolve("pairs"), list);
        for (String verb : List.of("correlate", "transform")) {
            out.getBuffer().setLength(0);
            assertThat(run(verb, "--list", pairs.toString())).as("seed " + SEED + " " + err).isEqualTo(2);
            assertThat(out.toString().lines().count()).as(verb).isEqualTo(files);
            assertThat(out.toString().lines().filter(line -> line.contains("\"error\"")).filter(line -> !line.matches(".*PST-\\d{4}.*")))
                    .as(verb).isEmpty();
        }
        System.out.println("command line: seed " + SEED + ", files " + files);
    }

    private String file(byte[] bytes) {
        try {
            return Files.write(folder.resolve("f" + files++), bytes).getFileName().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int run(String... arguments) {
        return Pac.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }
}
