package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postern.simulator.examples.SupplierRequest;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkitprocess.LedgerFile;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;
import org.postern.testkitprocess.SimulatorProcess;
import org.postern.testkitprocess.SupplierSystem;

/**
 * Every module of Postern is stopped and started, restarted, updated and refreshed, and features and role jars are
 * installed and removed, while suppliers submit requests. Suppliers and the DCC run in processes of their own: every
 * accepted request succeeds once, nothing is refused for good, the appliance reports when it is not ready and is ready
 * again each time, and at the end there are as many class loaders and threads and as much metaspace as before.
 *
 * <p>The long run, about an hour and a quarter on two processors: {@code mvn verify -pl itests -Dit.test=ModulesIT
 * -Dpostern.refreshes=50}.
 */
class ModulesIT {

    /** How often each module is refreshed. */
    private static final int REFRESHES = Integer.getInteger("postern.refreshes", 1);

    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration ENDED = Duration.ofMinutes(4);
    private static final Duration REPORTED = Duration.ofSeconds(15);
    private static final Duration SETTLED = Duration.ofSeconds(90);
    private static final long PACE_NANOS = Duration.ofMillis(60).toNanos();
    /** Without these the appliance cannot work, and must report that. */
    private static final Set<String> NEEDED = Set.of(
            "broker",
            "ledger",
            "intake",
            "dispatch",
            "delivery",
            "gateway-client",
            "hsm-software",
            "service-requests",
            "camel-runtime");
    /** Modules whose code other modules use. */
    private static final Set<String> USED = Set.of(
            "appliance",
            "camel-runtime",
            "catalogue",
            "duis",
            "ec-provider",
            "gateway-client",
            "gbcs",
            "hsm",
            "inventory",
            "jetty-runtime",
            "ledger",
            "parse-correlate",
            "security-logging",
            "service-requests",
            "unavailable");

    private static final long SETTLE_NANOS = Duration.ofSeconds(4).toNanos();
    /**
     * Allowed growth, independent of the number of refreshes: code that waits for its last thread or finalizer, and
     * pools that grew under load. A leak of a single module would add a class loader and up to 30 MB at each refresh.
     */
    private static final int LOADERS_MORE = 6;

    private static final int THREADS_MORE = 40;
    private static final int METASPACE_MORE_PERCENT = 12;
    /** Stack of the framework's refresh thread while it has nothing to refresh. */
    private static final Pattern NOTHING_TO_REFRESH = Pattern.compile("\"FelixFrameworkWiring\".*\\R"
            + ".*WAITING \\(on object monitor\\)\\R(?:\\s+(?:at java\\.lang\\.Object\\.wait|- waiting on).*\\R)+"
            + "\\s+at org\\.apache\\.felix\\.framework\\.FrameworkWiringImpl\\.run");

    private final Map<String, SupplierRequest> given = new ConcurrentHashMap<>();
    private final Map<String, String> acceptedIds = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private volatile boolean enough;

    /** What stays behind is seen here. */
    private record Level(long loaders, long threads, long metaspaceKib) {}

    private static void say(String format, Object... values) {
        System.out.printf("[modules] " + format + "%n", values);
    }

    @Test
    void modulesChangeUnderLoadAndNothingIsLostRefusedOrLeaked() throws Exception {
        Path archive = Prerequisites.distribution();
        Path jar = Prerequisites.simulator();
        long start = System.nanoTime();
        Path work = Path.of("target", "survival", "modules").toAbsolutePath();
        PosternProcess.delete(work);
        Population population = new Population(13, 20);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), population, Clock.systemUTC());
        Ports ports = Ports.free();
        try (SimulatorProcess dcc =
                        new SimulatorProcess(jar, pki, ports, "--retry-first", "300", "--retry-most", "3000");
                PosternProcess postern = PosternProcess.unpack(archive, work.resolve("appliance"), pki, ports);
                ConsoleScript console = new ConsoleScript(postern)) {
            postern.set("org.postern.servicerequests.cfg", Map.of("longestRetrySeconds", "2"));
            dcc.start();
            postern.start();
            postern.awaitReady();
            try (SupplierSystem byHttp = new SupplierSystem(postern);
                    SupplierSystem byJms = new SupplierSystem(postern)) {
                List<Thread> load = List.of(
                        supplier(
                                "http",
                                population,
                                request -> acceptedIds.put(request.correlation(), byHttp.http(request))),
                        supplier("jms", population, byJms::jms));
                List<String> modules = modules(console);
                say("%d modules: %s", modules.size(), modules);
                assertThat(modules).hasSizeGreaterThan(20);
                for (String module : modules) {
                    stopAndStart(postern, console, module);
                    ready(postern, "bundle:restart " + module, console);
                    update(postern, console, module);
                }
                features(postern, console);
                roleJars(postern, console);
                Level before = settled(postern);
                say(
                        "after %d s, with %d requests: %s",
                        (System.nanoTime() - start) / 1_000_000_000L, given.size(), before);
                for (String module : modules) {
                    for (int i = 0; i < REFRESHES; i++) {
                        refresh(postern, console, module);
                    }
                    if (REFRESHES > 1) {
                        say("%s refreshed %d times: %s", module, REFRESHES, level(postern));
                    }
                }
                enough = true;
                for (Thread one : load) {
                    one.join();
                }
                assertThat(broken).isEmpty();
                everythingEndedOnceAndWell(postern, dcc, byHttp, byJms);
                isLevel(postern, before);
                assertThat(postern.log()).doesNotContain("the framework has other internals than this version knows");
                say(
                        "%d requests, %d refreshes of each of %d modules, %d s in all",
                        given.size(), REFRESHES, modules.size(), (System.nanoTime() - start) / 1_000_000_000L);
            } finally {
                enough = true;
            }
        }
    }

    private interface Submitter {
        void submit(SupplierRequest request) throws Exception;
    }

    /**
     * Submits one request after another until the test ends it. One answer that refuses a request for good fails the
     * test.
     */
    private Thread supplier(String name, Population population, Submitter submitter) {
        List<SupplierRequest> requests = SupplierRequest.mix(name, 100_000, population, new Random(name.hashCode()));
        Thread thread = new Thread(
                () -> {
                    for (SupplierRequest request : requests) {
                        if (enough) {
                            return;
                        }
                        given.put(request.correlation(), request);
                        try {
                            submitter.submit(request);
                        } catch (Exception | AssertionError e) {
                            broken.add(e);
                            return;
                        }
                        LockSupport.parkNanos(PACE_NANOS);
                    }
                },
                "supplier-" + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Postern's modules as the console lists them, by symbolic name, each once. */
    private static List<String> modules(ConsoleScript console) throws IOException {
        List<String> modules = new ArrayList<>();
        Matcher name =
                Pattern.compile("org\\.postern\\.[a-z0-9-]+").matcher(console.text("bundle:list -s -t 0 --no-format"));
        while (name.find()) {
            modules.add(name.group());
        }
        return modules;
    }

    private void stopAndStart(PosternProcess postern, ConsoleScript console, String module) throws Exception {
        command(console, "bundle:stop " + module);
        if (NEEDED.contains(module.substring("org.postern.".length()))) {
            Await.until(
                    module + " is stopped and the appliance reports that it is not ready",
                    REPORTED,
                    () -> !postern.healthy());
            if (!module.endsWith(".intake")) {
                Await.until(
                        () -> "the log names " + module + "; its last log lines:\n" + postern.lastLogLines(),
                        REPORTED,
                        () -> postern.log().contains("NOT READY")
                                && postern.log().contains(module + " does not run"));
            }
        }
        ready(postern, "bundle:start " + module, console);
    }

    /** Bundles that use the module's replaced code are restarted automatically. */
    private void update(PosternProcess postern, ConsoleScript console, String module) throws Exception {
        command(console, "bundle:update " + module);
        if (USED.contains(module.substring("org.postern.".length()))) {
            Await.until(
                    () -> "the users of " + module + " are restarted; its last log lines:\n" + postern.lastLogLines(),
                    REPORTED,
                    () -> postern.log().contains("Updated: [" + module + "]"));
        }
        refreshed(postern);
        ready(postern, "bundle:list", console);
    }

    /** The command returns at once: the framework refreshes asynchronously. */
    private void refresh(PosternProcess postern, ConsoleScript console, String module) throws Exception {
        command(console, "bundle:refresh " + module);
        refreshed(postern);
        ready(postern, "bundle:list", console);
    }

    private static void refreshed(PosternProcess postern) throws Exception {
        String pid = pid(postern);
        Await.until(
                "nothing is left to be refreshed",
                READY,
                () -> NOTHING_TO_REFRESH.matcher(jcmd(pid, "Thread.print")).find());
    }

    private static String pid(PosternProcess postern) throws IOException {
        return Files.readString(postern.home().resolve("data/karaf.pid")).strip();
    }

    /** Runs a command and waits until every part reports that it works. */
    private void ready(PosternProcess postern, String command, ConsoleScript console) throws Exception {
        command(console, command);
        Path marker = postern.home().resolve("data/ready");
        Await.until(() -> "ready after " + command + "; its last log lines:\n" + postern.lastLogLines(), READY, () -> {
            assertThat(broken).as("after %s", command).isEmpty();
            return Files.exists(marker) && postern.healthy();
        });
    }

    /** Tolerates that the command ends the console's own connection. */
    private static void command(ConsoleScript console, String command) throws Exception {
        Await.until("the console takes " + command, READY, () -> {
            try {
                String said = console.text(command);
                assertThat(said).as(command).doesNotContain("Error executing command");
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private void features(PosternProcess postern, ConsoleScript console) throws Exception {
        ready(postern, "feature:uninstall postern-roles; feature:install postern-roles", console);
        ready(postern, "feature:install postern-simulator; feature:uninstall postern-simulator", console);
        command(console, "feature:uninstall postern");
        assertThat(postern.healthy()).isFalse();
        ready(postern, "feature:install postern", console);
    }

    /** A role from deploy/ stays while one of two copies is there. An incomplete jar is reported by its name. */
    private void roleJars(PosternProcess postern, ConsoleScript console) throws Exception {
        Path deploy = postern.home().resolve("deploy");
        List<Path> copies = new ArrayList<>();
        try (Stream<Path> jars = Files.walk(postern.home().resolve("system/org/postern"))) {
            for (Path jar : jars.filter(file -> file.getFileName().toString().matches("(electricity|gas)-.*\\.jar"))
                    .toList()) {
                copies.add(deploy.resolve(jar.getFileName()));
            }
        }
        assertThat(copies).hasSize(3);
        command(console, "feature:uninstall postern-roles");
        for (Path copy : copies) {
            Path from = postern.home()
                    .resolve("system/org/postern")
                    .resolve(copy.getFileName().toString().replaceFirst("-0\\..*", ""));
            try (Stream<Path> jars = Files.walk(from)) {
                Files.copy(
                        jars.filter(file -> file.toString().endsWith(".jar"))
                                .findFirst()
                                .orElseThrow(),
                        copy);
            }
        }
        Await.until(() -> "three roles; " + postern.lastLogLines(), REPORTED, () -> roles(console) == 3);
        Path second = deploy.resolve("second.jar");
        Files.copy(copies.get(0), second);
        Await.until(
                "File Install has seen the second copy",
                REPORTED,
                () -> postern.log().contains("A bundle with the same symbolic name"));
        Files.delete(copies.get(0));
        Await.until(
                () -> "the second copy has taken its place; " + postern.lastLogLines(),
                REPORTED,
                () -> postern.log().contains("second.jar is another copy of it") && roles(console) == 3);

        byte[] whole = Files.readAllBytes(second);
        Path cut = deploy.resolve("cut-off.jar");
        Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
        Await.until(
                "the log names the file that is cut off",
                REPORTED,
                () -> postern.log()
                        .lines()
                        .anyMatch(line -> line.contains("PST-7110") && line.contains("cut-off.jar")));
        Files.delete(cut);

        Files.delete(second);
        Files.delete(copies.get(1));
        Files.delete(copies.get(2));
        Await.until(() -> "no role is left; " + postern.lastLogLines(), REPORTED, () -> roles(console) == 0);
        ready(postern, "feature:install postern-roles", console);
    }

    private static long roles(ConsoleScript console) throws IOException {
        return console.text("bundle:list -s -t 0 --no-format")
                .lines()
                .filter(line -> line.contains("Active") && line.matches(".*org\\.postern\\.(electricity|gas)-.*"))
                .count();
    }

    private void everythingEndedOnceAndWell(
            PosternProcess postern, SimulatorProcess dcc, SupplierSystem byHttp, SupplierSystem byJms)
            throws Exception {
        LedgerFile ledger = new LedgerFile(postern);
        Await.until(
                () -> "all ended: " + states(ledger),
                ENDED,
                () -> ledger.number("SELECT count(*) FROM requests WHERE state = 'DELIVERED'") >= given.size());
        assertThat(states(ledger)).isEqualTo(Map.of("DELIVERED", given.size()));
        assertThat(ledger.number("SELECT count(*) FROM requests WHERE success = 1"))
                .isEqualTo(given.size());
        assertThat(ledger.rows("SELECT correlation_id FROM requests").stream().map(row -> row.get("correlation_id")))
                .containsExactlyInAnyOrderElementsOf(new ArrayList<Object>(given.keySet()));
        acceptedIds.forEach((correlation, id) -> {
            try {
                assertThat(ledger.rows("SELECT correlation_id FROM requests WHERE id = ?", id))
                        .as(correlation)
                        .hasSize(1);
            } catch (java.sql.SQLException e) {
                throw new AssertionError(e);
            }
        });
        Await.until(
                "every result has come",
                ENDED,
                () -> given.keySet().stream()
                        .allMatch(correlation -> !byHttp.results(correlation).isEmpty()
                                || !byJms.results(correlation).isEmpty()));
        KillIT.theSimulatorRecordedNothingTwice(ledger, dcc.record());
    }

    private static Map<String, Object> states(LedgerFile ledger) {
        try {
            Map<String, Object> states = new TreeMap<>();
            ledger.rows("SELECT state, count(*) AS n FROM requests GROUP BY state")
                    .forEach(row -> states.put(String.valueOf(row.get("state")), row.get("n")));
            return states;
        } catch (java.sql.SQLException e) {
            return Map.of("unreadable", e.getMessage());
        }
    }

    private static void isLevel(PosternProcess postern, Level before) throws Exception {
        Level[] now = new Level[1];
        Await.until(() -> "about as much as before, " + before + ", and not " + now[0], SETTLED, () -> {
            now[0] = settled(postern);
            return now[0].loaders() <= before.loaders() + LOADERS_MORE
                    && now[0].threads() <= before.threads() + THREADS_MORE
                    && now[0].metaspaceKib() * 100 <= before.metaspaceKib() * (100 + METASPACE_MORE_PERCENT);
        });
        say("left behind: before %s, now %s", before, now[0]);
    }

    /**
     * Measures after threads that end by themselves have ended and finalizers have run: an HTTP client's thread takes 3
     * s to end.
     */
    private static Level settled(PosternProcess postern) throws Exception {
        Level least = level(postern);
        for (int more = 0; more < 2; more++) {
            LockSupport.parkNanos(SETTLE_NANOS);
            Level next = level(postern);
            if (next.loaders() < least.loaders() || next.metaspaceKib() < least.metaspaceKib()) {
                least = next;
                more = -1;
            }
        }
        return least;
    }

    private static Level level(PosternProcess postern) throws Exception {
        String pid = pid(postern);
        jcmd(pid, "GC.run");
        long loaders = number(
                jcmd(pid, "GC.class_histogram"),
                "(\\d+) +\\d+ +org\\.apache\\.felix\\.framework\\.BundleWiringImpl\\$BundleClassLoader");
        long metaspace = number(jcmd(pid, "GC.heap_info"), "Metaspace +used (\\d+)K");
        try (Stream<Path> threads = Files.list(Path.of("/proc", pid, "task"))) {
            return new Level(loaders, threads.count(), metaspace);
        }
    }

    private static long number(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find())
                .as("%s in %s", pattern, text.substring(0, Math.min(500, text.length())))
                .isTrue();
        return Long.parseLong(found.group(1));
    }

    private static String jcmd(String pid, String command) throws Exception {
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), pid, command)
                .redirectErrorStream(true)
                .start();
        String said = new String(run.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(said).isZero();
        return said;
    }
}
