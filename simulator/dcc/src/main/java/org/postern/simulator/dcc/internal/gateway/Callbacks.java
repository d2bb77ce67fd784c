package org.postern.simulator.dcc.internal.gateway;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLContext;
import org.postern.catalogue.Sha256;
import org.postern.simulator.dcc.EventRecorder;
import org.postern.simulator.dcc.FaultKind;
import org.postern.simulator.dcc.FaultMenu;
import org.postern.simulator.dcc.InProcess;
import org.postern.simulator.dcc.SimulatorSettings;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.pki.KeySource;

/**
 * Sends what the DCC has for a User to the User's Receive Response service, over mutual TLS, at least once: the same
 * bytes again, after waits that double, until they are acknowledged.
 */
final class Callbacks implements AutoCloseable {

    /**
     * One document on its way.
     *
     * @param id RequestID, or ResponseID for what answers no request
     * @param kind for the event record
     * @param occasion what the fault rules are matched with
     * @param document makes the signed document, called once
     * @param then run once the document was sent for the first time, or dropped
     */
    record Parcel(String id, String kind, FaultMenu.Occasion occasion, Supplier<byte[]> document, Runnable then) {

        Parcel(String id, String kind, FaultMenu.Occasion occasion, Supplier<byte[]> document) {
            this(id, kind, occasion, document, () -> {});
        }
    }

    private static final int THREADS = 8;
    /** A parcel that was held back goes at the latest after this long. */
    private static final long HELD_MILLIS = 1500;
    /** Parcels that are held back, or were; one that leaves goes when its time is over. */
    private static final int MAX_HELD = 1_000;

    private final SimulatorSettings settings;
    private final FaultMenu faults;
    private final EventRecorder recorder;
    private final Clock clock;
    private final ToIntFunction<byte[]> receiveResponse;
    private final ScheduledExecutorService executor;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private final WithheldCallbacks storm = new WithheldCallbacks();
    private final FutureTasks future;

    /**
     * @param surroundings the function that sends a document to the User, and the executor for everything that is done
     *     later
     */
    Callbacks(
            SimulatorSettings settings, InProcess surroundings, FaultMenu faults, EventRecorder recorder, Clock clock) {
        this.settings = settings;
        this.faults = faults;
        this.recorder = recorder;
        this.clock = clock;
        this.receiveResponse = surroundings.receiveResponse();
        this.executor = surroundings.executor();
        this.future = new FutureTasks(clock, this::schedule, settings.bounds().futureDated());
    }

    /** Documents are sent by HTTPS, on threads of the simulator. */
    static InProcess https(URI callbackUrl, SSLContext tls) {
        UserConnections user = new UserConnections(callbackUrl, tls);
        AtomicInteger number = new AtomicInteger();
        ScheduledThreadPoolExecutor threads =
                new ScheduledThreadPoolExecutor(THREADS, task -> {
                    Thread thread = new Thread(task, "simulator-callback-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                }) {
                    @Override
                    protected void terminated() {
                        user.close();
                    }
                };
        threads.setRemoveOnCancelPolicy(true);
        return new InProcess(threads, user, 1, KeySource.random());
    }

    /** Withholds the documents that are made from now on, until {@link #release}. */
    void keepBack() {
        storm.hold();
    }

    /**
     * Sends the withheld documents.
     *
     * @param senders documents that are sent at the same time
     * @param perSecond at most; 0 for as fast as they are acknowledged
     */
    void release(int senders, double perSecond) {
        storm.release(senders, perSecond, receiveResponse);
    }

    /** How many of these are withheld and acknowledged, as JSON. */
    String released() {
        return storm.json();
    }

    /** Number of documents not yet acknowledged or given up. */
    int outstanding() {
        return outstanding.get();
    }

    /** Sends the parcel after the delay. */
    void send(Parcel parcel, Duration delay) {
        outstanding.incrementAndGet();
        after(delay.toMillis(), () -> {
            first(parcel);
            parcel.then().run();
        });
    }

    /** Runs the task after the delay, and counts it as outstanding until it has ended. */
    void work(Duration delay, Runnable task) {
        outstanding.incrementAndGet();
        after(delay.toMillis(), () -> {
            try {
                task.run();
            } finally {
                outstanding.decrementAndGet();
            }
        });
    }

    /** True while there is no space for another command or alert. */
    boolean full() {
        return outstanding.get() >= settings.bounds().outstanding();
    }

    /**
     * Runs the task when the clock shows that time, however far off. It does not count as outstanding until then.
     *
     * @param stillNeeded false once it was cancelled or replaced
     * @param leaves done in its place where it has to leave before its time ({@link FutureTasks})
     */
    void at(Instant time, Runnable task, BooleanSupplier stillNeeded, Runnable leaves) {
        future.at(time, () -> work(Duration.ZERO, task), stillNeeded, leaves);
    }

    /** How full its collections are. */
    List<CollectionSize> sizes() {
        int heldNow;
        synchronized (held) {
            heldNow = held.size();
        }
        return List.of(
                new CollectionSize(
                        "dcc.future-dated", future.size(), settings.bounds().futureDated()),
                // a command brings further callbacks after it was admitted: answers, alerts and duplicates of these
                new CollectionSize(
                        "dcc.outstanding",
                        outstanding.get(),
                        10L * settings.bounds().outstanding()),
                new CollectionSize("dcc.callbacks-reordered", heldNow, MAX_HELD));
    }

    private void first(Parcel parcel) {
        FaultMenu.Occasion occasion = parcel.occasion();
        if (faults.strikes(FaultKind.DROP_CALLBACK, occasion).isPresent()) {
            recorder.saw(parcel.id(), "fault.drop-callback", "kind", parcel.kind());
            outstanding.decrementAndGet();
            return;
        }
        byte[] document;
        try {
            document = parcel.document().get();
        } catch (RuntimeException e) {
            recorder.saw(
                    parcel.id(), "callback.not-made", "kind", parcel.kind(), "cause", String.valueOf(e.getMessage()));
            outstanding.decrementAndGet();
            return;
        }
        if (storm.take(document, () -> {
            recorder.saw(parcel.id(), "callback.acknowledged", "kind", parcel.kind(), "digest", Sha256.hex(document));
            outstanding.decrementAndGet();
        })) {
            return;
        }
        Instant end = clock.instant().plus(settings.keepCallbacks());
        Optional<Long> late = faults.strikes(FaultKind.DELAY_CALLBACK, occasion).map(r -> r.number(0));
        if (late.isPresent()) {
            recorder.saw(parcel.id(), "fault.delay-callback", "kind", parcel.kind());
            after(late.get(), () -> post(parcel, document, 1, end));
        } else if (faults.strikes(FaultKind.REORDER, occasion).isPresent()) {
            recorder.saw(parcel.id(), "fault.reorder", "kind", parcel.kind());
            hold(() -> post(parcel, document, 1, end));
        } else {
            post(parcel, document, 1, end);
            release();
        }
    }

    private void hold(Runnable later) {
        AtomicReference<Runnable> once = new AtomicReference<>(later);
        Runnable single = () -> {
            Runnable mine = once.getAndSet(null);
            if (mine != null) {
                mine.run();
            }
        };
        synchronized (held) {
            if (held.size() == MAX_HELD) {
                held.remove();
            }
            held.add(single);
        }
        after(HELD_MILLIS, single);
    }

    private void release() {
        Runnable later;
        synchronized (held) {
            later = held.poll();
        }
        if (later != null) {
            after(0, later);
        }
    }

    private void post(Parcel parcel, byte[] document, int attempt, Instant end) {
        String digest = Sha256.hex(document);
        recorder.saw(
                parcel.id(),
                "callback.sent",
                "kind",
                parcel.kind(),
                "digest",
                digest,
                "attempt",
                Integer.toString(attempt));
        int status = receiveResponse.applyAsInt(document);
        if (status / 100 == 2) {
            recorder.saw(
                    parcel.id(),
                    "callback.acknowledged",
                    "kind",
                    parcel.kind(),
                    "digest",
                    digest,
                    "status",
                    Integer.toString(status));
            outstanding.decrementAndGet();
            if (attempt > 0) {
                faults.strikes(FaultKind.DUPLICATE, parcel.occasion())
                        .ifPresent(rule -> again(parcel, document, rule.number(1), end));
            }
            return;
        }
        recorder.saw(parcel.id(), "callback.failed", "kind", parcel.kind(), "status", Integer.toString(status));
        if (!clock.instant().isBefore(end)) {
            recorder.saw(parcel.id(), "callback.given-up", "kind", parcel.kind());
            outstanding.decrementAndGet();
            return;
        }
        long wait = settings.retryFirst().toMillis() << Math.min(Math.abs(attempt) - 1, 20);
        after(Math.min(wait, settings.retryMax().toMillis()), () -> post(parcel, document, attempt + 1, end));
    }

    private void again(Parcel parcel, byte[] document, long times, Instant end) {
        for (int i = 0; i < times; i++) {
            recorder.saw(parcel.id(), "fault.duplicate", "kind", parcel.kind());
            outstanding.incrementAndGet();
            // a negative attempt marks a duplicate, which is not duplicated again
            after(20L * (i + 1), () -> post(parcel, document, -1, end));
        }
    }

    private void after(long millis, Runnable task) {
        Future<?> unused = schedule(millis, task);
    }

    private Future<?> schedule(long millis, Runnable task) {
        try {
            return executor.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // the simulator is being stopped: what was not delivered stays undelivered
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
