package org.postern.benchmarks.appliance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.LockSupport;

/**
 * Hands requests in as files of JSON lines, each written whole under its name, and takes the results from the folder in
 * which they appear. A file waits until the interface has seen that it does not change, so many more requests have to
 * be in flight than by the others.
 */
final class FilePump extends ThreadPump {

    private static final String NAME = "load-";
    private static final int MAX_LINES = 500;
    private static final long LOOK_NANOS = 20_000_000;

    private final Path intake;
    private final Path results;

    /** @param state of the appliance */
    FilePump(Path state, InFlight inFlight) {
        super("driver-file", "the folders of the appliance", inFlight);
        this.intake = state.resolve("intake");
        this.results = state.resolve("results");
        start();
    }

    @Override
    void pump() throws IOException {
        while (!closed) {
            long free = Math.min(MAX_LINES, limit - inFlight.open());
            // a few lines are not worth a file while many are under way
            boolean sent =
                    free > 0 && requests != null && (free >= Math.min(MAX_LINES, limit / 8) || inFlight.open() == 0);
            if (sent) {
                send((int) free);
            }
            if (taken() == 0 && !sent) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private void send(int lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Requests from = requests;
        long first = -1;
        for (int i = 0; i < lines; i++) {
            long number = inFlight.begin(System.nanoTime());
            first = i == 0 ? number : first;
            bytes.write(from.next());
            bytes.write('\n');
        }
        Path draft = Files.write(intake.resolve(NAME + first + ".part"), bytes.toByteArray());
        Files.move(draft, intake.resolve(NAME + first), StandardCopyOption.ATOMIC_MOVE);
    }

    /** How many results were there. */
    private int taken() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(results, NAME + "*.json")) {
            for (Path file : files) {
                inFlight.finish(number(file.getFileName().toString()), System.nanoTime());
                Files.delete(file);
                count++;
            }
        }
        return count;
    }

    /** A result's name begins with that of the file and the number of the line. */
    static long number(String name) {
        String[] parts = name.split("-", 4);
        return Long.parseLong(parts[1]) + Long.parseLong(parts[2]) - 1;
    }
}
