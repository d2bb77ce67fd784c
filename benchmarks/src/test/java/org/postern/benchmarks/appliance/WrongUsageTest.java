package org.postern.benchmarks.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What would be found out after minutes of warming up is said before anything is started. */
class WrongUsageTest {

    @TempDir
    Path work;

    @ParameterizedTest
    @CsvSource({
        "--load, nonsense",
        "--load, '4.1.1,nonsense'",
        "--load, 6.21",
        "--windows, 0",
        "--window-seconds, 0",
        "--in-flight, 0",
        "--in-flight, -3",
        "--warm-up, -1"
    })
    void isRefused(String option, String value) {
        List<String> arguments = new ArrayList<>(
                List.of("--distribution", "no.tar.gz", "--simulator", "no.jar", "--work", work.toString()));
        arguments.addAll(List.of(option, value));
        StringWriter said = new StringWriter();
        int status = new CommandLine(new ApplianceBenchmark())
                .setErr(new PrintWriter(said))
                .execute(arguments.toArray(String[]::new));
        assertThat(said.toString().lines().findFirst())
                .as("what is wrong, before the usage")
                .hasValueSatisfying(line -> assertThat(line).contains(option));
        assertThat(status).isEqualTo(2);
        assertThat(work).isEmptyDirectory();
    }
}
