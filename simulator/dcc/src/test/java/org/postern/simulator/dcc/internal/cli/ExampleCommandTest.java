package org.postern.simulator.dcc.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.DeviceType;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import picocli.CommandLine;

class ExampleCommandTest {

    @TempDir
    static Path folder;

    private static Population population;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeAll
    static void pki() {
        population = new Population(2, 4);
        SimulatorPki.create(folder, population, Clock.systemUTC());
    }

    /** Without automatic flushing, as standard output is to picocli. */
    private int run(String... arguments) {
        return new CommandLine(new ExampleCommand())
                .setOut(new PrintWriter(out, false, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .execute(arguments);
    }

    private DuisRequest read(byte[] document) {
        return new DuisReader(DuisLimits.DEFAULT).readRequest(document);
    }

    @Test
    void listsTheExamples() {
        assertThat(run()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSizeGreaterThan(150)
                .anyMatch(
                        line -> line.startsWith("supply-on ") && line.contains(" 7.1 ") && line.contains("ECS42 004F"));
    }

    @Test
    void writesOneToStandardOutputOrToAFile() throws Exception {
        String device = population.devices(DeviceType.GSME).get(1).deviceId().dashed();
        assertThat(run("load-limit-dated", "--folder", folder.toString(), "--at", "2031-02-03T04:05:06Z"))
                .isZero();
        DuisRequest printed = read(out.toByteArray());
        assertThat(printed.serviceReferenceVariant()).isEqualTo("6.4.1");
        assertThat(printed.executionDateTime()).hasValue(Instant.parse("2031-02-03T04:05:06Z"));

        Path file = folder.resolve("request.xml");
        assertThat(run("supply-off-gas", "--folder", folder.toString(), "--device", device, "--out", file.toString()))
                .isZero();
        assertThat(read(Files.readAllBytes(file)).requestId().target().dashed()).isEqualTo(device);
    }

    @Test
    void refusesWhatItCannotMake() {
        assertThat(run("supply-on")).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--folder");
        String gas = population.devices(DeviceType.GSME).get(0).deviceId().dashed();
        assertThat(run("supply-on", "--folder", folder.toString(), "--device", gas))
                .isEqualTo(1);
        assertThat(run("no-such-example", "--folder", folder.toString())).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("PST-9012");
    }
}
