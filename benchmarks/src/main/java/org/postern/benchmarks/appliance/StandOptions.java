package org.postern.benchmarks.appliance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Options of every measurement of a distribution, and the stands that were set up. */
final class StandOptions implements AutoCloseable {

    @Option(names = "--distribution", required = true, description = "The archive to measure.")
    private Path distribution;

    @Option(names = "--simulator", required = true, description = "The runnable simulator.")
    private Path simulator;

    @Option(names = "--work", required = true, description = "Folder to work in; what is there is deleted.")
    private Path work;

    @Option(names = "--keep", description = "Leaves what was written on disk.")
    private boolean keep;

    private final List<Stand> stands = new ArrayList<>();

    StandOptions() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-all"));
    }

    Path work() {
        return work;
    }

    /** The distribution, set up and not started. */
    Stand setUp() throws Exception {
        return setUp("distribution", distribution);
    }

    private Stand setUp(String name, Path archive) throws Exception {
        Stand stand = Stand.setUp(name, archive, simulator, work.resolve(name));
        synchronized (stands) {
            stands.add(stand);
        }
        return stand;
    }

    /** The distribution, set up and started. */
    Stand start(String channel) throws Exception {
        return start("distribution", channel);
    }

    /** The same under another name, beside the first. */
    Stand start(String name, String channel) throws Exception {
        return start(name, distribution, channel);
    }

    /** Any archive, under a name of its own. */
    Stand start(String name, Path archive, String channel) throws Exception {
        Stand stand = setUp(name, archive);
        System.out.printf(
                Locale.ROOT,
                "%s: %s, ready after %.1f s%n",
                stand.name(),
                archive.getFileName(),
                stand.start(channel).toMillis() / 1000.0);
        return stand;
    }

    /** Deletes what was written, unless it is to be preserved. */
    void delete() throws java.io.IOException {
        for (Stand stand : keep ? List.<Stand>of() : List.copyOf(stands)) {
            stand.delete();
        }
    }

    /** Ends every process. */
    @Override
    public void close() {
        synchronized (stands) {
            stands.forEach(Stand::close);
        }
    }
}
