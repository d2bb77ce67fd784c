package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures one operation in a process that does nothing else, and prints the CPU microseconds of one. The peer of an
 * exchange is another process, whose CPU does not count. Arguments: operation, folder of the PKI, folder to write in,
 * seconds, bytes sent, answered and stored, and where an operation is done in several ways, which one.
 */
public final class FloorProcess {

    /** How often finished operations are counted: several times a window. */
    private static final int POLL_MILLIS = 20;

    private static final Duration FIRST = Duration.ofSeconds(60);

    /** Something that does operations on threads of its own until it is closed. */
    interface Work extends AutoCloseable {

        /** Operations that are done so far. */
        LongAdder done();

        @Override
        void close() throws IOException;
    }

    /**
     * The command line.
     *
     * @param sent bytes of a request's largest document
     * @param answer bytes of the largest answer
     * @param kept bytes that are stored of it
     */
    record Sizes(int sent, int answer, int kept) {}

    private FloorProcess() {}

    /** See above. */
    public static void main(String[] arguments) throws Exception {
        Operation operation = Operation.of(arguments[0]);
        Path pki = Path.of(arguments[1]);
        Path folder = Files.createDirectories(Path.of(arguments[2]));
        double seconds = Double.parseDouble(arguments[3]);
        Sizes sizes = new Sizes(
                Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]), Integer.parseInt(arguments[6]));
        double micros;
        try (Work work = work(operation, arguments[7], pki, folder, sizes)) {
            awaitFirst(work);
            measure(work, seconds * warmUp(operation));
            micros = measure(work, seconds);
        }
        System.out.println(micros);
        System.exit(0);
    }

    private static Work work(Operation operation, String way, Path pki, Path folder, Sizes sizes) throws Exception {
        return switch (operation) {
            case SIGN, VERIFY, MAC -> CryptoFloor.of(operation, sizes);
            case TLS_CLIENT -> new ExchangeFloor.Client(pki, sizes, way);
            case TLS_SERVER -> new ExchangeFloor.Server(pki, sizes, true);
            case HTTP_SERVER -> new ExchangeFloor.Server(pki, sizes, false);
            case COMMIT -> new CommitFloor(folder, sizes);
            case JMS -> new JmsFloor(folder, sizes);
        };
    }

    /** Stacks with much code take the compilers longer; measured cold, their floors would flatter the appliance. */
    private static int warmUp(Operation operation) {
        return switch (operation) {
            case TLS_CLIENT, TLS_SERVER, HTTP_SERVER, JMS -> 4;
            default -> 1;
        };
    }

    /** A peer is another process that has to start first. */
    private static void awaitFirst(Work work) throws InterruptedException {
        long end = System.nanoTime() + FIRST.toNanos();
        while (work.done().sum() == 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("nothing was done in " + FIRST.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /**
     * CPU microseconds of this process for each operation, over that many seconds of its CPU: on a busy machine it
     * takes longer by the clock and measures as much.
     */
    private static double measure(Work work, double seconds) throws Exception {
        long self = ProcessHandle.current().pid();
        CpuTime before = CpuTime.of(self);
        long first = work.done().sum();
        long end = System.nanoTime() + FIRST.toNanos();
        CpuTime used = new CpuTime(0, 0);
        while (used.millis() < seconds * 1000 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            used = CpuTime.of(self).since(before);
        }
        long operations = work.done().sum() - first;
        if (operations == 0) {
            throw new IllegalStateException("nothing was done in " + seconds + " s");
        }
        return used.millis() * 1000.0 / operations;
    }
}
