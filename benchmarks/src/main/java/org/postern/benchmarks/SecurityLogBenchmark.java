package org.postern.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLogVerifier;
import org.postern.securitylogging.Verification;
import org.postern.securitylogging.internal.FileSecurityLog;

/**
 * Durable records per second with 1, 16 and 256 waiting callers (the aim: 256 against 1, at least 8 times), median of
 * several rounds in turn, and whether the log then verifies. {@code SecurityLogBenchmark FOLDER [ROUNDS] [SECONDS]};
 * the folder should be on the disk that is to be measured.
 */
public final class SecurityLogBenchmark {

    private static final int[] CALLERS = {1, 16, 256};

    private SecurityLogBenchmark() {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "security-log");
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 2;
        double[][] rates = new double[CALLERS.length][rounds];
        try (FileSecurityLog log = new FileSecurityLog(folder, 64 << 20, Duration.ofSeconds(30), Clock.systemUTC())) {
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < CALLERS.length; i++) {
                    rates[i][round] = rate(log, CALLERS[i], seconds);
                }
            }
        }
        double[] medians = new double[CALLERS.length];
        for (int i = 0; i < CALLERS.length; i++) {
            Arrays.sort(rates[i]);
            medians[i] = rates[i][rounds / 2];
            System.out.printf("%d callers: %.0f records/s%n", CALLERS[i], medians[i]);
        }
        Verification found = SecurityLogVerifier.verify(folder);
        System.out.printf(
                "256 against 1: %.1f times; %d records, intact: %s%n",
                medians[2] / medians[0], found.records(), found.intact());
        delete(folder);
    }

    private static double rate(FileSecurityLog log, int callers, int seconds) throws InterruptedException {
        LongAdder count = new LongAdder();
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            Thread thread = new Thread(() -> {
                while (System.nanoTime() < end) {
                    log.append(new SecurityEvent.KeyUsed(
                            "90-B3-D5-1F-30-01-00-00", "SIGN_XML", "is-xml", "", "ab".repeat(32)));
                    count.increment();
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return count.sum() * 1e9 / (System.nanoTime() - start);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
