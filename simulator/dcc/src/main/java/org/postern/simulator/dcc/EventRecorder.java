package org.postern.simulator.dcc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.postern.catalogue.PosternException;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.pki.SimulatorFault;

/**
 * What the simulator received and did, recorded independently of the appliance: one JSON line for each event in an
 * append-only file, counts by kind of event, and the events of the latest requests. Holds digests, never payloads.
 *
 * <p>Counts: {@code received} (a RequestID with its Command Variant for the first time), {@code accepted.SRV},
 * {@code refused.CODE}, {@code pre-command}, {@code pre-command.altered}, {@code signed-pre-command},
 * {@code same-bytes-again}, {@code other-bytes-same-id}, {@code counter-reused}, {@code callback.sent},
 * {@code callback.acknowledged}, {@code callback.failed}, {@code device-alert}, {@code dcc-alert}, {@code fault.KIND},
 * {@code http.STATUS}; {@code kept}, {@code kept.cancelled}, {@code kept.replaced}, {@code kept.left} for requests that
 * the DCC holds until their time; {@code answered}, {@code device.dated}, {@code device.actioned},
 * {@code device.not-actioned}, {@code device.dropped}, {@code device.counter-too-low}; {@code top-up.VERDICT},
 * {@code keypad.VERDICT}, {@code firmware.delivered}. Safe between threads.
 */
public final class EventRecorder implements AutoCloseable {

    /**
     * One event.
     *
     * @param at milliseconds since 1970
     * @param what kind of event
     * @param details further facts by name
     */
    public record Event(long at, String what, Map<String, String> details) {}

    /** Kinds of events that are counted by themselves; further ones are counted as {@link #OTHER_KINDS}. */
    private static final int MAX_KINDS = 10_000;

    /** The count of events of kinds beyond the bound. */
    private static final String OTHER_KINDS = "other-kinds";

    private static final JsonFactory JSON = new JsonFactory();

    private final Clock clock;
    private final Writer file;
    private final Map<String, Long> counts = new TreeMap<>();
    private final SimulatorBounds bounds;
    private final Map<String, Deque<Event>> requests = new LinkedHashMap<>();
    /** Events of all these requests. */
    private int events;

    /**
     * @param file JSON lines; continued where it exists
     * @param clock time of events
     * @param bounds how many events can be read
     * @throws PosternException PST-9004 where the file cannot be written
     */
    public EventRecorder(Path file, Clock clock, SimulatorBounds bounds) {
        this.clock = clock;
        this.bounds = bounds;
        try {
            this.file = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new PosternException(
                    SimulatorFault.WITNESS_FILE.fault(
                            file.getFileName().toString(), e.getClass().getSimpleName()),
                    e);
        }
    }

    /**
     * Records one event.
     *
     * @param request RequestID or ResponseID it belongs to, or empty
     * @param what kind, which is also counted
     * @param details names and values alternately
     */
    public synchronized void saw(String request, String what, String... details) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i + 1 < details.length; i += 2) {
            named.put(details[i], details[i + 1]);
        }
        Event event = new Event(clock.millis(), what, named);
        counts.merge(counts.size() < MAX_KINDS || counts.containsKey(what) ? what : OTHER_KINDS, 1L, Long::sum);
        if (!request.isEmpty()) {
            remember(request, event);
        }
        try {
            file.write(json(g -> line(g, request, event)));
            file.write('\n');
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Beyond the bounds the oldest event of the request leaves, and the oldest requests with all theirs. */
    private void remember(String request, Event event) {
        Deque<Event> own = requests.computeIfAbsent(request, r -> new ArrayDeque<>());
        own.add(event);
        events++;
        if (own.size() > bounds.eventsPerRequest()) {
            own.remove();
            events--;
        }
        Iterator<Deque<Event>> oldest = requests.values().iterator();
        while (requests.size() > bounds.recordedRequests() || events > bounds.recordedEvents()) {
            events -= oldest.next().size();
            oldest.remove();
        }
    }

    /** How full its collections are. */
    public synchronized List<CollectionSize> sizes() {
        return List.of(
                new CollectionSize("recorder.requests", requests.size(), bounds.recordedRequests()),
                new CollectionSize("recorder.events", events, bounds.recordedEvents()),
                new CollectionSize("recorder.kinds", counts.size(), MAX_KINDS + 1L));
    }

    private static void line(JsonGenerator g, String request, Event event) {
        try {
            g.writeStartObject();
            g.writeNumberField("at", event.at());
            g.writeStringField("what", event.what());
            if (!request.isEmpty()) {
                g.writeStringField("request", request);
            }
            for (var detail : event.details().entrySet()) {
                g.writeStringField(detail.getKey(), detail.getValue());
            }
            g.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often that kind of event was seen. */
    public synchronized long count(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /** Sum of all counts whose kind begins so. */
    public synchronized long countAll(String prefix) {
        return counts.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** All counts by kind. */
    public synchronized Map<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    /** Events of one of the latest requests ({@link SimulatorBounds#recordedRequests}), in order; none for another. */
    public synchronized List<Event> events(String request) {
        Deque<Event> own = requests.get(request);
        return own == null ? List.of() : List.copyOf(own);
    }

    /** The latest requests ({@link SimulatorBounds#recordedRequests}), in order of their first event. */
    public synchronized List<String> requests() {
        return List.copyOf(requests.keySet());
    }

    /** All counts as one JSON object. */
    public String countsJson() {
        Map<String, Long> now = counts();
        return json(g -> {
            try {
                g.writeStartObject();
                for (var count : now.entrySet()) {
                    g.writeNumberField(count.getKey(), count.getValue());
                }
                g.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The events of one request as a JSON array. */
    public String eventsJson(String request) {
        List<Event> events = events(request);
        return json(g -> {
            try {
                g.writeStartArray();
                events.forEach(e -> line(g, request, e));
                g.writeEndArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** One JSON text. */
    static String json(Consumer<JsonGenerator> content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            generator.setRootValueSeparator(null);
            content.accept(generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
