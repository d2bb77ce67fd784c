package org.postern.simulator.dcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.simulator.devices.DeviceBounds;

/** Events in memory are bounded; the file and the counts have all. */
class EventRecorderTest {

    @TempDir
    private Path folder;

    private EventRecorder recorder(int requests, int events, int perRequest) {
        return new EventRecorder(
                folder.resolve("events.jsonl"),
                Clock.systemUTC(),
                new SimulatorBounds(10, 10, requests, events, perRequest, 10, 10, DeviceBounds.DEFAULT));
    }

    @Test
    void theOldestRequestLeavesWithItsEvents() throws Exception {
        try (EventRecorder recorder = recorder(2, 100, 100)) {
            recorder.saw("a", "received");
            recorder.saw("b", "received");
            recorder.saw("c", "received");
            assertThat(recorder.requests()).containsExactly("b", "c");
            assertThat(recorder.events("a")).isEmpty();
            assertThat(recorder.count("received")).isEqualTo(3);
        }
        assertThat(Files.readAllLines(folder.resolve("events.jsonl"))).hasSize(3);
    }

    @Test
    void ofOneRequestTheOldestEventLeaves() {
        try (EventRecorder recorder = recorder(2, 100, 3)) {
            for (int i = 0; i < 5; i++) {
                recorder.saw("a", "attempt-" + i);
            }
            assertThat(recorder.events("a"))
                    .extracting(EventRecorder.Event::what)
                    .containsExactly("attempt-2", "attempt-3", "attempt-4");
        }
    }

    @Test
    void allEventsTogetherHaveABound() {
        try (EventRecorder recorder = recorder(10, 4, 3)) {
            recorder.saw("a", "received");
            recorder.saw("a", "answered");
            recorder.saw("b", "received");
            recorder.saw("b", "answered");
            recorder.saw("c", "received");
            assertThat(recorder.requests()).containsExactly("b", "c");
            assertThat(recorder.sizes()).allMatch(size -> size.size() <= size.bound());
        }
    }
}
