package org.postern.simulator.dcc.internal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FutureTasksTest {

    private static final Instant NOW = Instant.parse("2026-03-19T15:10:00Z");

    private final List<Runnable> scheduled = new ArrayList<>();
    private final List<Future<?>> futures = new ArrayList<>();
    private final List<String> happened = new ArrayList<>();
    private final Set<String> cancelled = new HashSet<>();
    private Instant now = NOW;
    private final FutureTasks tasks = new FutureTasks(
            new Clock() {
                @Override
                public java.time.ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(java.time.ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return now;
                }
            },
            (millis, task) -> {
                scheduled.add(task);
                futures.add(new CompletableFuture<>());
                return futures.get(futures.size() - 1);
            },
            3);

    private void plan(String name) {
        tasks.at(
                NOW.plusSeconds(60),
                () -> happened.add(name + " done"),
                () -> !cancelled.contains(name),
                () -> happened.add(name + " left"));
    }

    @Test
    void withinTheBoundEachIsDoneAtItsTime() {
        plan("a");
        plan("b");
        plan("c");
        cancelled.add("b");
        now = NOW.plusSeconds(60);
        List.copyOf(scheduled).forEach(Runnable::run);
        assertThat(happened).containsExactly("a done", "b done", "c done");
        assertThat(tasks.size()).isZero();
    }

    @Test
    void whatWasCancelledLeavesFirst() {
        plan("a");
        plan("b");
        plan("c");
        cancelled.add("b");
        cancelled.add("c");
        plan("d");
        assertThat(happened).containsExactly("b left", "c left");
        assertThat(tasks.size()).isEqualTo(2);
        assertThat(futures.get(1)).isCancelled();
    }

    @Test
    void whereAllAreStillNeededTheOldestLeaves() {
        plan("a");
        plan("b");
        plan("c");
        plan("d");
        assertThat(happened).containsExactly("a left");
        now = NOW.plusSeconds(60);
        List.copyOf(scheduled).forEach(Runnable::run);
        assertThat(happened).containsExactly("a left", "b done", "c done", "d done");
    }

    @Test
    void aTimeThatIsPastIsDoneAtOnce() {
        tasks.at(NOW, () -> happened.add("done"), () -> true, () -> happened.add("left"));
        assertThat(happened).containsExactly("done");
        assertThat(tasks.size()).isZero();
    }
}
