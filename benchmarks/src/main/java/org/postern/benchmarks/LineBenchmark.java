package org.postern.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.GatewayStatus;
import org.postern.ledger.OutboxEntry;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.LocalWorkQueue;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.WorkStep;
import org.postern.servicerequests.internal.FullLifeCycle;
import org.postern.simulator.pki.SimulatedDevice;

/**
 * CPU per request of the domain line alone, from admission to the mark of delivery: what the threads of the line take,
 * without the exchanges with the DCC, without supplier interfaces and broker, and without the simulator, which runs in
 * the same process. {@code LineBenchmark FOLDER [REQUESTS] [SERVICES] [IN_FLIGHT] [TOP_UPS]}; the folder should be on
 * the disk that is to be measured, the services are separated by commas. With a number of top-ups, says before how long
 * these take one after the other, alone and among the requests. The last line is JSON.
 */
public final class LineBenchmark {

    private static final int WORKERS = 4;
    private static final int CALLERS = 4;
    private static final double MICROS = 1e3;
    /** Threads that work for the line alone. */
    private static final Pattern OURS =
            Pattern.compile("(postern-(dispatch|process|deliver|ledger|timers|work).*|security-log)");

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final LongAdder exchanges = new LongAdder();
    private final LongAdder callbacks = new LongAdder();
    private final LongAdder admissions = new LongAdder();
    private final Semaphore room;
    private final int inFlight;
    private final AtomicInteger number = new AtomicInteger();
    private volatile FullLifeCycle line;
    private volatile FirstLane firstLane;

    private LineBenchmark(int inFlight) {
        this.inFlight = inFlight;
        this.room = new Semaphore(inFlight);
    }

    /** What was used until now, in nanoseconds. */
    private record Used(
            Map<String, Long> threads, long exchanges, long callbacks, long admissions, long process, long wall) {}

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "line");
        int requests = args.length > 1 ? Integer.parseInt(args[1]) : 4000;
        List<String> services = List.of((args.length > 2 ? args[2] : "4.1.1").split(","));
        new LineBenchmark(args.length > 3 ? Integer.parseInt(args[3]) : 64)
                .run(folder, requests, services, args.length > 4 ? Integer.parseInt(args[4]) : 0);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        // the threads of the HTTP clients end with the process
        System.exit(0);
    }

    private void run(Path folder, int requests, List<String> services, int topUps) throws Exception {
        try (FullLifeCycle whole =
                new FullLifeCycle(folder, FullLifeCycle.pki(folder.resolve("pki")), new Measured())) {
            line = whole;
            firstLane = new FirstLane(whole);
            drive(requests, services);
            if (topUps > 0) {
                besideTopUps(requests, services, topUps);
            }
            Used before = used();
            drive(requests, services);
            print(before, used(), requests, String.join(",", services));
        }
    }

    private void besideTopUps(int requests, List<String> services, int topUps) throws InterruptedException {
        firstLane.order("to warm up", topUps);
        firstLane.order("alone", topUps);
        AtomicBoolean enough = new AtomicBoolean();
        Thread flood = new Thread(
                () -> {
                    while (!enough.get()) {
                        try {
                            drive(requests / 10, services);
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                },
                "flood");
        flood.start();
        firstLane.order("among requests", topUps);
        enough.set(true);
        flood.join();
    }

    /** Hands in requests from several threads and waits until the last one is delivered. */
    private void drive(int requests, List<String> services) throws InterruptedException {
        List<SimulatedDevice> meters = line.simulator().population().devices(DeviceType.ESME);
        AtomicInteger left = new AtomicInteger(requests);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Thread caller = new Thread(
                    () -> {
                        while (left.getAndDecrement() > 0) {
                            room.acquireUninterruptibly();
                            int mine = number.incrementAndGet();
                            taking(
                                    admissions,
                                    () -> admit(
                                            services.get(mine % services.size()),
                                            meters.get(mine % meters.size()).deviceId(),
                                            "k" + mine));
                        }
                    },
                    "caller-" + i);
            callers.add(caller);
            caller.start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        room.acquire(inFlight);
        room.release(inFlight);
    }

    private Admission admit(String service, Eui64 device, String key) {
        String json = "{\"service\":\"" + service + "\",\"device\":\"" + device.dashed() + "\",\"role\":\"IS\"}";
        Admission admission = line.line()
                .admit(new Submission(
                        Channel.HTTP,
                        Submission.Format.JSON,
                        json.getBytes(StandardCharsets.UTF_8),
                        Optional.empty(),
                        Optional.of(key),
                        Optional.empty(),
                        "http"));
        if (!(admission instanceof Admission.Accepted)) {
            throw new IllegalStateException(admission.toString());
        }
        return admission;
    }

    /** Adds the CPU that this thread takes for the work. */
    private <T> T taking(LongAdder sum, Supplier<T> work) {
        long begun = threads.getCurrentThreadCpuTime();
        try {
            return work.get();
        } finally {
            sum.add(threads.getCurrentThreadCpuTime() - begun);
        }
    }

    private Used used() {
        Map<String, Long> byName = new TreeMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) {
                byName.merge(
                        thread.getThreadName().replaceAll("[-0-9]+$", "").replaceAll("@.*|[0-9a-f]{6,}.*", ""),
                        Math.max(0, threads.getThreadCpuTime(thread.getThreadId())),
                        Long::sum);
            }
        }
        long process = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
        return new Used(byName, exchanges.sum(), callbacks.sum(), admissions.sum(), process, System.nanoTime());
    }

    private static void print(Used before, Used after, int requests, String services) {
        double each = MICROS * requests;
        double threads = 0;
        System.out.println("CPU in microseconds per request");
        for (Map.Entry<String, Long> group : after.threads().entrySet()) {
            double micros = (group.getValue() - before.threads().getOrDefault(group.getKey(), 0L)) / each;
            boolean ours = OURS.matcher(group.getKey()).matches();
            threads += ours ? micros : 0;
            if (micros >= 1) {
                System.out.printf(
                        Locale.ROOT, "  %-40s %8.0f%s%n", group.getKey(), micros, ours ? "  of the line" : "");
            }
        }
        double exchange = (after.exchanges() - before.exchanges()) / each;
        double callback = (after.callbacks() - before.callbacks()) / each;
        double admission = (after.admissions() - before.admissions()) / each;
        System.out.printf(
                Locale.ROOT,
                "  admission %.0f, callbacks %.0f; of the line's threads in exchanges %.0f%n",
                admission,
                callback,
                exchange);
        double seconds = (after.wall() - before.wall()) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"services\":\"%s\",\"requests\":%d,\"lineCpuMicros\":%.0f,"
                        + "\"processCpuMicros\":%.0f,\"requestsPerSecond\":%.0f}%n",
                services,
                requests,
                threads + admission + callback - exchange,
                (after.process() - before.process()) / each,
                requests / seconds);
    }

    /** Has the parts of the line counted. */
    private final class Measured implements FullLifeCycle.Around {

        @Override
        public DccGateway gateway(DccGateway given) {
            return new DccGateway() {
                @Override
                public Exchange post(Lane lane, ServiceEndpoint endpoint, byte[] signedDuis) {
                    return taking(exchanges, () -> given.post(lane, endpoint, signedDuis));
                }

                @Override
                public GatewayStatus status() {
                    return given.status();
                }
            };
        }

        @Override
        public CallbackHandler callbacks(CallbackHandler given) {
            return (document, peer) -> taking(callbacks, () -> given.receive(document, peer));
        }

        @Override
        public Optional<WorkQueue> queues(LocalWorkQueue.Worker worker) {
            return Optional.of(new LocalWorkQueue(
                    EnumSet.allOf(WorkStep.class), lane -> WORKERS, LocalWorkQueue.CAPACITY, (step, lane, id) -> {
                        if (step == WorkStep.DELIVER) {
                            line.line().take(id).ifPresent(this::delivered);
                        } else {
                            worker.work(step, lane, id);
                        }
                    }));
        }

        private void delivered(OutboxEntry entry) {
            line.line().delivered(entry.id());
            if (!firstLane.delivered(entry)) {
                room.release();
            }
        }
    }
}
