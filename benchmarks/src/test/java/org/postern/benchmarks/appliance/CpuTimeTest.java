package org.postern.benchmarks.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class CpuTimeTest {

    @Test
    void userAndKernelTimeAreFoundBehindANameWithBracketsAndSpaces() {
        CpuTime time =
                CpuTime.parse("4711 (a) b (c) S 1 4711 4711 0 -1 4194304 100 0 0 0 250 75 11 22 20 0 40 0 1234 999 88");
        assertThat(time).isEqualTo(new CpuTime(2500, 750));
        assertThat(time.since(new CpuTime(500, 50))).isEqualTo(new CpuTime(2000, 700));
        assertThat(time.millis()).isEqualTo(3250);
    }

    @Test
    void idleAndWaitingAreNoWorkOfTheMachine() {
        assertThat(MachineTime.parse("cpu  100 10 50 700 40 5 5 90 0 0")).isEqualTo(new MachineTime(2600, 10_000));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatThisProcessDoesIsCounted() throws IOException {
        long self = ProcessHandle.current().pid();
        CpuTime before = CpuTime.of(self);
        long found = 0;
        while (CpuTime.of(self).since(before).millis() < 30) {
            found += Integer.toString(Long.hashCode(found)).length();
        }
        assertThat(found).isPositive();
        assertThat(ThreadTimes.of(self).groups().values().stream()
                        .mapToLong(CpuTime::millis)
                        .sum())
                .isGreaterThanOrEqualTo(30);
    }

    @Test
    void threadsAreGroupedByTheirNamesUpToTheirNumber() {
        assertThat(ThreadTimes.group("HttpClient-1-Wo")).isEqualTo("HttpClient");
        assertThat(ThreadTimes.group("C2 CompilerThre")).isEqualTo("C2 CompilerThre");
        assertThat(ThreadTimes.group("GC Thread#0")).isEqualTo("GC Thread");
        assertThat(ThreadTimes.group("42")).isEqualTo("42");
    }
}
