package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;

/** A process that is killed in the middle of writing: what it acknowledged is there, and no counter comes again. */
class LedgerCrashTest {

    @TempDir
    Path folder;

    @Test
    void aKilledWriterLosesNothingItAcknowledgedAndRepeatsNoCounter() throws IOException, InterruptedException {
        Path file = folder.resolve("ledger.db");
        Set<String> counters = new HashSet<>();
        Set<String> admitted = new HashSet<>();
        Set<String> sent = new HashSet<>();
        Random random = new Random(7);
        for (int round = 0; round < 4; round++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            CrashingWriter.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            int lines = 600 + random.nextInt(900);
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String line = out.readLine();
                for (int read = 0; line != null; line = out.readLine()) {
                    if (++read == lines) {
                        // SIGKILL; by the handle, because Process itself would close what is still to be read
                        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
                    }
                    String value = line.length() > 2 ? line.substring(2) : "";
                    if (line.startsWith("C ")) {
                        // the last line may have been cut off by the kill
                        boolean whole = process.isAlive();
                        assertThat(counters.add(value) || !whole)
                                .as("counter %s in round %d", value, round)
                                .isTrue();
                    } else if (value.length() == 30) {
                        (line.startsWith("A ") ? admitted : sent).add(value);
                    }
                }
            }
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(admitted).hasSizeGreaterThan(500);
        JdbcLedger ledger = new JdbcLedger(LedgerOptions.sqlite(file), Clock.systemUTC());
        try {
            for (String id : admitted) {
                assertThat(ledger.find(id)).as("acknowledged %s", id).isPresent();
            }
            for (String id : sent) {
                assertThat(ledger.find(id).map(RequestRecord::state))
                        .as("advanced %s", id)
                        .contains(RequestState.SENT);
            }
            assertThat(counters).doesNotContain(Long.toString(ledger.counters().next(LedgerContract.USER)));
        } finally {
            ledger.close();
        }
    }
}
