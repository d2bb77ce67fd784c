package org.postern.faultsimulation;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** One run of some simulated days, from one seed. */
final class Simulation {

    /** Faults begin and end within this time. */
    private static final Duration BAD = Duration.ofHours(30);
    /** Long enough after it for everything to be answered, overdue or given up. */
    private static final Duration QUIET = Duration.ofHours(60);

    private static final int BURST = 20;

    /** How a run ended. */
    record Result(long seed, String trace, double days, Faults faults, List<String> violations) {}

    private final Keys keys;
    private final Path folder;
    private final int requests;
    private final Plants plants;
    private final Consumer<String> lines;

    /**
     * @param folder for the ledgers' files, on a fast disk; emptied after each run
     * @param requests handed in within a run
     * @param lines given each line of the trace
     */
    Simulation(Keys keys, Path folder, int requests, Plants plants, Consumer<String> lines) {
        this.keys = keys;
        this.folder = folder;
        this.requests = requests;
        this.plants = plants;
        this.lines = lines;
    }

    Result run(long seed) throws IOException {
        Path own = Files.createDirectories(folder.resolve("seed-" + seed));
        World world = new World(seed, keys, own, plants, lines);
        try {
            Suppliers suppliers = new Suppliers(world);
            Operators operators = new Operators(world, suppliers);
            operators.plan(BAD);
            plan(world, suppliers, operators);
            world.start();
            run(world, BAD);
            world.quiet();
            run(world, BAD.plus(Duration.ofHours(1)));
            operators.confirm();
            run(world, BAD.plus(QUIET));
            world.traceLedger();
            check(world);
            return new Result(
                    seed,
                    world.trace().hash(),
                    world.timeline().nanos() / 86_400e9,
                    world.faults(),
                    world.oracle().violations());
        } finally {
            world.close();
            delete(own);
        }
    }

    private static void run(World world, Duration until) {
        world.timeline().runUntil(until.toNanos(), world::lookAfterAppliance);
    }

    /** Requests come in bursts, so that they meet each other. */
    private void plan(World world, Suppliers suppliers, Operators operators) {
        SeededChoices choices = world.choices("arrivals");
        for (int made = 0; made < requests; made += BURST) {
            Duration begin = Duration.ofNanos((long) (choices.random().nextDouble() * BAD.toNanos()));
            for (int i = 0; i < Math.min(BURST, requests - made); i++) {
                Duration at = begin.plus(choices.between(Duration.ZERO, Duration.ofMinutes(3)));
                world.timeline().after(at, suppliers::order);
                if (choices.chance(world.plan().cancels())) {
                    world.timeline()
                            .after(
                                    at.plus(choices.between(Duration.ZERO, Duration.ofMinutes(10))),
                                    operators::withdraw);
                }
            }
        }
    }

    private static void check(World world) {
        Appliance appliance = world.appliance();
        if (appliance == null) {
            world.oracle().violation("it starts again", "no appliance runs at the end");
            return;
        }
        new Rules(world, appliance.ledger).check(appliance.securityLog);
    }

    /**
     * Files that are still open belong to a process that is being closed concurrently, which may delete some of them
     * meanwhile.
     */
    static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                if (why instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw why;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException why) {
                // one in which something was made meanwhile goes with the folder around it
                visited.toFile().delete();
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
