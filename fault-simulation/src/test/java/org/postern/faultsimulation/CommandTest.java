package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command, and what it leaves. */
class CommandTest {

    private static final int FILES = 40;
    private static final int TURNS = 3000;

    @TempDir
    Path folder;

    /** "0 violations" of no seed at all would look like a run that found nothing. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seeds 0",
                "--seeds -5",
                "--seed 9223372036854775807",
                "--minutes 1e300",
                "--threads 0",
                "--requests 0"
            })
    void whatWouldRunNoSeedIsRefused(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(folder.resolve("said"), StandardCharsets.UTF_8))
                .contains("usage:");
        assertThat(process.exitValue()).isEqualTo(2);
    }

    /** A database of a killed process is closed beside the simulation, and deletes its own files. */
    @Test
    void aFileThatGoesWhileTheFolderIsDeletedBreaksNothingOff() throws Exception {
        Path seed = folder.resolve("seed-1");
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> {
            for (int i = 0; !ended.get(); i++) {
                File own = seed.resolve("ledger.db-" + i % FILES).toFile();
                try {
                    own.createNewFile();
                } catch (IOException e) {
                    // the folder is away just now
                }
                seed.resolve("ledger.db-" + (i + FILES / 2) % FILES).toFile().delete();
            }
        });
        try {
            for (int i = 0; i < TURNS; i++) {
                Files.createDirectories(seed);
                assertThatCode(() -> Simulation.delete(seed)).doesNotThrowAnyException();
            }
        } finally {
            ended.set(true);
            beside.join();
        }
    }
}
