package org.postern.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server in a temporary folder, run as user postgres where the test runs as root. */
public final class TemporaryPostgres implements AutoCloseable {

    private final Path programs;
    private final Path folder;
    private final int port;
    private final boolean root;

    private TemporaryPostgres(Path programs, Path folder, int port, boolean root) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
        this.root = root;
    }

    /** A running server, or the calling class is skipped (fails with {@code CI=true}). */
    public static TemporaryPostgres required() throws IOException, InterruptedException {
        Path programs = programs();
        if (programs == null) {
            Missing.tool("PostgreSQL not found under /usr/lib/postgresql (install package postgresql)");
        }
        boolean root = "root".equals(System.getProperty("user.name"));
        Path folder = Files.createTempDirectory("postern-pg");
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        TemporaryPostgres server = new TemporaryPostgres(programs, folder, port, root);
        if (root) {
            run(new ProcessBuilder("chown", "postgres", folder.toString()));
        }
        server.program("initdb", "-D " + folder + "/data -A trust -U postgres --no-sync");
        server.start();
        return server;
    }

    /** Starts the server on its data, also after {@link #stop}. */
    public void start() throws IOException, InterruptedException {
        program(
                "pg_ctl",
                "start -w -D " + folder + "/data -l " + folder + "/log -o '-p " + port
                        + " -c listen_addresses=127.0.0.1 -k " + folder + "' </dev/null >/dev/null 2>&1");
    }

    /** Ends the server at once, as a crash would; its data stays. */
    public void stop() throws IOException, InterruptedException {
        program("pg_ctl", "stop -m immediate -D " + folder + "/data </dev/null >/dev/null 2>&1");
    }

    private static Path programs() throws IOException {
        Path all = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(all)) {
            return null;
        }
        try (Stream<Path> versions = Files.list(all)) {
            return versions.map(v -> v.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }
    }

    private void program(String name, String arguments) throws IOException, InterruptedException {
        String command = programs.resolve(name) + " " + arguments;
        run(
                root
                        ? new ProcessBuilder("su", "postgres", "-s", "/bin/sh", "-c", command)
                        : new ProcessBuilder("sh", "-c", command));
    }

    private static void run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path output = Files.createTempFile("postern-pg", ".out");
        Process process = builder.directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("PostgreSQL: " + Files.readString(output));
        }
        Files.delete(output);
    }

    /** Its TCP port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The JDBC URL, for user {@code postgres} without a password. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            stop();
        } catch (IOException e) {
            // stopped already
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
