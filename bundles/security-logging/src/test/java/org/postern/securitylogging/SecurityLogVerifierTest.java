package org.postern.securitylogging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.securitylogging.standalone.SecurityLogFiles;

/** The verifier on the command line: its output, and its exit code for scripts. */
class SecurityLogVerifierTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void write() {
        try (OpenSecurityLog log = SecurityLogFiles.open(folder, 1 << 20, Duration.ofSeconds(20), Clock.systemUTC())) {
            log.append(new SecurityEvent.ConfigurationChanged("actor", "pid", List.of("name")));
        }
    }

    private int run(String... args) {
        return SecurityLogVerifier.run(
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void anIntactLogHasExitCodeZero() {
        Verification found = SecurityLogVerifier.verify(folder);
        assertThat(run(folder.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("intact: 2 records in 1 segments, last 2 " + found.lastHash());
        assertThat(run(folder.toString(), "2", found.lastHash())).isZero();
        assertThat(err.size()).isZero();
    }

    @Test
    void aBrokenLogOrAnotherAnchorHasExitCodeOneAndEveryFindingIsPrinted() throws Exception {
        assertThat(run(folder.toString(), "1", "0".repeat(64))).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("anchor:0 record 1 ")
                .contains("BROKEN: 2 records");
        Files.delete(folder.resolve("head"));
        assertThat(run(folder.toString())).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("head:0 ");
    }

    @Test
    void aLogThatCannotBeVerifiedHasExitCodeTwo() {
        assertThat(run()).isEqualTo(2);
        assertThat(run(folder.toString(), "1")).isEqualTo(2);
        assertThat(run(folder.toString(), "one", "0".repeat(64))).isEqualTo(2);
        assertThat(run(folder.resolve("none").toString())).isEqualTo(2);
        assertThat(out.size()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage", "PST-8002");
    }
}
