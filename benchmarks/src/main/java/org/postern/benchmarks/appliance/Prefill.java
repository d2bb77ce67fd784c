package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.Sha256;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.Ledger;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.StoredRequest;
import org.postern.ledger.Transition;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.ledger.internal.LedgerOptions;

/**
 * Fills the ledger of an appliance that does not run, by the ledger's own writes and in their order: copies of finished
 * non-critical requests that it has done before, each under a number of its own, with all their documents. A process of
 * its own; arguments: the ledger's folder, and how many.
 */
public final class Prefill {

    private static final String DATABASE = "ledger.db";
    private static final int TEMPLATES = 300;
    private static final int WRITERS = 256;
    private static final int TENTHS = 10;

    /** A finished request with all that the ledger has of it. */
    private record Finished(
            RequestRecord record,
            RequestDocuments documents,
            List<Transition> path,
            List<InboundRecord> inbound,
            List<OutboxEntry> deliveries) {

        private static Finished of(Ledger ledger, StoredRequest stored) {
            RequestRecord record = stored.record();
            return new Finished(
                    record,
                    stored.documents(),
                    ledger.path(record.id()),
                    ledger.inboundOf(record.requestId().orElseThrow()),
                    ledger.deliveriesOf(record.id()));
        }

        private Optional<Transition> step(RequestState to) {
            return path.stream().filter(step -> step.to() == to).findFirst();
        }

        /** One of a service that is signed once and answered once. */
        private boolean plain() {
            return documents.wire().isPresent()
                    && documents.preCommand().isEmpty()
                    && deliveries.size() == 1
                    && step(RequestState.SENT).isPresent()
                    && step(RequestState.RESPONDED).isPresent()
                    && !inbound.isEmpty();
        }
    }

    private final Ledger ledger;
    private final List<Finished> templates;
    private final long count;
    private final AtomicLong begun = new AtomicLong();
    private final long start = System.nanoTime();

    private Prefill(Ledger ledger, List<Finished> templates, long count) {
        this.ledger = ledger;
        this.templates = templates;
        this.count = count;
    }

    /** See above. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        try (JdbcLedger ledger = new JdbcLedger(
                new LedgerOptions(
                        "jdbc:sqlite:" + folder.resolve(DATABASE),
                        "",
                        "",
                        6,
                        256,
                        1000,
                        Optional.of(folder.resolve("counters.watermark"))),
                Clock.systemUTC())) {
            List<Finished> templates = ledger
                    .requests(new RequestFilter(
                            Optional.of(RequestState.DELIVERED), Optional.empty(), Optional.empty(), TEMPLATES))
                    .stream()
                    .map(record ->
                            Finished.of(ledger, ledger.stored(record.id()).orElseThrow()))
                    .filter(Finished::plain)
                    .toList();
            if (templates.isEmpty()) {
                throw new IOException("the ledger holds no finished request to take for a template");
            }
            new Prefill(ledger, templates, count).fill();
        }
        System.exit(0);
    }

    /** Runs it in a process of its own, beside none that has the ledger open; gives the time that it took. */
    static Duration run(Path ledger, long count) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Prefill.class.getName(),
                        ledger.toString(),
                        Long.toString(count))
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("the ledger was not filled");
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void fill() throws InterruptedException, ExecutionException {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            all.add(writers.submit(() -> {
                for (long number = begun.getAndIncrement(); number < count; number = begun.getAndIncrement()) {
                    copy(templates.get((int) (number % templates.size())));
                    told(number + 1);
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        writers.shutdown();
    }

    private void told(long done) {
        if (done % Math.max(1, count / TENTHS) == 0) {
            System.out.printf(
                    Locale.ROOT, "prefill: %d requests after %.0f s%n", done, (System.nanoTime() - start) / 1e9);
        }
    }

    private void copy(Finished of) {
        RequestId old = of.record().requestId().orElseThrow();
        RequestId id =
                new RequestId(old.originator(), old.target(), ledger.counters().next(old.originator()));
        Map<String, String> names = new TreeMap<>(Map.of(":" + old.counter(), ":" + id.counter()));
        Origin origin = of.record().origin();
        RequestRecord admitted = ledger.admit(new NewRequest(
                        new Origin(
                                origin.channel(),
                                Optional.of("prefill-" + id.counter()),
                                origin.replyTo(),
                                origin.principal(),
                                origin.contentType()),
                        of.documents().original(),
                        Optional.of(id),
                        of.record().target(),
                        of.record().lane(),
                        of.documents().document().map(bytes -> renamed(bytes, names)),
                        Optional.empty(),
                        of.record().timing().dueBy(),
                        Optional.empty()))
                .stored()
                .orElseThrow()
                .record();
        names.put(of.record().id(), admitted.id());
        byte[] wire = renamed(of.documents().wire().orElseThrow(), names);
        Change sent = Change.of(admitted)
                .from(RequestState.ADMITTED)
                .wire(of.record().sending().endpoint().orElseThrow(), wire)
                .to(RequestState.SENT, of.step(RequestState.SENT).orElseThrow().cause(), Sha256.hex(wire));
        ledger.apply(sent);
        answered(of, admitted.after(sent), id, names);
    }

    private void answered(Finished of, RequestRecord sent, RequestId id, Map<String, String> names) {
        RequestRecord now = sent;
        Optional<Transition> acknowledged = of.step(RequestState.ACKNOWLEDGED);
        InboundRecord last = of.inbound().get(of.inbound().size() - 1);
        if (acknowledged.isPresent()) {
            Change change = Change.of(now)
                    .from(RequestState.SENT)
                    .noRetry()
                    .to(RequestState.ACKNOWLEDGED, acknowledged.get().cause());
            InboundRecord exchanged = of.inbound().get(0);
            if (exchanged(exchanged)) {
                change.exchanged(document(exchanged, now, id, names));
            }
            var unused = ledger.applyAsync(change);
            now = now.after(change);
        }
        Change change = Change.of(now).from(now.state());
        if (acknowledged.isPresent()) {
            change.processed(ledger.store(document(last, now, id, names)).id(), last.cause());
        } else {
            change.noRetry().exchanged(document(last, now, id, names));
        }
        of.record().progress().responseCode().ifPresent(change::responseCode);
        of.record().progress().success().ifPresent(change::success);
        OutboxEntry entry = delivery(of.deliveries().get(0), now.id(), names);
        ledger.apply(change.deliver(entry)
                .to(
                        RequestState.RESPONDED,
                        of.step(RequestState.RESPONDED).orElseThrow().cause()));
        var unused = ledger.deliveredAsync(entry.id(), now.lane());
    }

    private static boolean exchanged(InboundRecord record) {
        return record.identity().text().startsWith("exchange:");
    }

    private static InboundDocument document(
            InboundRecord of, RequestRecord request, RequestId id, Map<String, String> names) {
        byte[] body = renamed(of.body(), names);
        String content = Sha256.hex(body);
        InboundIdentity identity = exchanged(of)
                ? InboundIdentity.exchanged(request.id(), content)
                : new InboundIdentity(renamed(of.identity().text(), names));
        return new InboundDocument(
                identity, Optional.of(id), of.kind(), of.responseCode(), body, Instant.now(), of.signer(), content, "");
    }

    private static OutboxEntry delivery(OutboxEntry of, String request, Map<String, String> names) {
        Map<String, String> headers = new TreeMap<>(of.headers());
        headers.replaceAll((name, value) -> renamed(value, names));
        return OutboxEntry.pending(
                request + ".copy",
                Optional.of(request),
                of.kind(),
                of.destination(),
                headers,
                of.contentType(),
                renamed(of.body(), names),
                of.json().map(json -> renamed(json, names)));
    }

    private static byte[] renamed(byte[] bytes, Map<String, String> names) {
        return renamed(new String(bytes, StandardCharsets.ISO_8859_1), names).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String renamed(String text, Map<String, String> names) {
        String renamed = text;
        for (Map.Entry<String, String> name : names.entrySet()) {
            renamed = renamed.replace(name.getKey(), name.getValue());
        }
        return renamed;
    }
}
