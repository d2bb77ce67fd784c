package org.postern.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundIdentity;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.Sha256;
import org.postern.catalogue.UserRole;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.Ledger;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.StoredRequest;
import org.postern.ledger.Target;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.ledger.internal.LedgerOptions;

/**
 * CPU of this process for each request that the ledger writes: the six writes of the life of one non-critical request
 * (admitted, signed and SENT, acknowledged, the answer stored, its effect with the result, delivered), by 1, 8 and 64
 * callers at once, which is how many writes share a transaction at most. Beside it the floor: the same bytes in one
 * bare insert a request, as many in one commit. All in turn in one run, medians of the rounds. {@code LedgerBenchmark
 * FOLDER [ROUNDS] [REQUESTS]}; the folder should be on the disk that is to be measured. The last line is JSON.
 */
public final class LedgerBenchmark {

    private static final int[] CALLERS = {1, 8, 64};
    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    private static final Eui64 METER = Eui64.parse("00DB123456789001");

    /** How the life is written. */
    private enum Way {
        /** Every write is waited for. */
        WAITED,
        /** As in production: what may be repeated is not waited for, that it was acknowledged and delivered. */
        BEHIND,
        /** Bare inserts. */
        FLOOR
    }

    /** The bytes of one request. */
    private record Documents(
            byte[] original,
            byte[] document,
            byte[] wire,
            byte[] acknowledgement,
            byte[] answer,
            byte[] result,
            String json) {}

    private final AtomicLong counter = new AtomicLong();
    private final Random random = new Random(1);
    private final Path folder;

    private LedgerBenchmark(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        int requests = args.length > 2 ? Integer.parseInt(args[2]) : 2_000;
        Path folder = Files.createTempDirectory(Path.of(args[0]), "ledger-benchmark");
        try {
            new LedgerBenchmark(folder).run(rounds, requests);
        } finally {
            delete(folder);
        }
    }

    private void run(int rounds, int requests) throws Exception {
        double[][][] micros = new double[Way.values().length][CALLERS.length][rounds];
        try (JdbcLedger ledger = new JdbcLedger(LedgerOptions.sqlite(folder.resolve("ledger.db")), Clock.systemUTC());
                Connection floor = floor()) {
            for (int round = -1; round < rounds; round++) {
                for (int i = 0; i < CALLERS.length; i++) {
                    for (Way way : Way.values()) {
                        int count = Math.max(requests / (CALLERS[i] == 1 ? 4 : 1), CALLERS[i]);
                        double each = measured(ledger, floor, way, CALLERS[i], count);
                        if (round >= 0) {
                            micros[way.ordinal()][i][round] = each;
                        }
                    }
                }
            }
            print(micros, ledger.groups());
        }
    }

    private static void print(double[][][] micros, long[] groups) {
        StringJoiner json = new StringJoiner(", ", "{", "}");
        for (int i = 0; i < CALLERS.length; i++) {
            double[] medians = new double[Way.values().length];
            for (Way way : Way.values()) {
                double[] rounds = micros[way.ordinal()][i];
                Arrays.sort(rounds);
                medians[way.ordinal()] = rounds[rounds.length / 2];
            }
            double floor = medians[Way.FLOOR.ordinal()];
            System.out.printf(
                    Locale.ROOT,
                    "%2d callers: %.0f CPU us/request waited for, %.0f not all waited for, floor %.0f: %.2f and %.2f"
                            + " times%n",
                    CALLERS[i],
                    medians[0],
                    medians[1],
                    floor,
                    medians[0] / floor,
                    medians[1] / floor);
            json.add(String.format(
                    Locale.ROOT,
                    "\"callers%d\": {\"waitedMicros\": %.1f, \"behindMicros\": %.1f, \"floorMicros\": %.1f, \"ratio\":"
                            + " %.2f}",
                    CALLERS[i],
                    medians[0],
                    medians[1],
                    floor,
                    medians[1] / floor));
        }
        System.out.printf(Locale.ROOT, "%.1f writes a transaction%n", (double) groups[0] / groups[1]);
        System.out.println(json);
    }

    /** CPU microseconds for each request, all threads of the process counted. */
    private double measured(JdbcLedger ledger, Connection floor, Way way, int callers, int requests) throws Exception {
        Documents[] documents = new Documents[requests];
        for (int i = 0; i < requests; i++) {
            documents[i] = documents();
        }
        ExecutorService pool = Executors.newFixedThreadPool(callers);
        long before = cpu();
        if (way == Way.FLOOR) {
            floor(floor, documents, callers);
        } else {
            List<Future<?>> all = IntStream.range(0, callers)
                    .<Future<?>>mapToObj(caller -> pool.submit(() -> {
                        for (int i = caller; i < requests; i += callers) {
                            life(ledger, documents[i], way);
                        }
                    }))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        }
        double each = (cpu() - before) / 1e3 / requests;
        pool.shutdown();
        return each;
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private void life(Ledger ledger, Documents documents, Way way) {
        long number = counter.incrementAndGet();
        RequestId requestId = new RequestId(USER, METER, number);
        NewRequest request = new NewRequest(
                new Origin(Channel.JMS, Optional.of("order-" + number), ReplyAddress.parse("replies"), "crm", "json"),
                documents.original(),
                Optional.of(requestId),
                new Target(
                        Optional.of(UserRole.IS),
                        Optional.of("4.1.1"),
                        Optional.of(CommandVariant.CV1),
                        Optional.of(METER)),
                Lane.ROUTINE,
                Optional.of(documents.document()),
                Optional.empty(),
                Optional.of(Instant.now().plusSeconds(60)),
                Optional.empty());
        StoredRequest stored = ledger.admit(request).stored().orElseThrow();
        RequestRecord sent = applied(
                ledger,
                Change.of(stored.record())
                        .from(RequestState.ADMITTED)
                        .wire(ServiceEndpoint.SEND_COMMAND, documents.wire())
                        .to(RequestState.SENT, "signed", Sha256.hex(documents.wire())),
                stored.record());
        Change acknowledgement = Change.of(sent)
                .from(RequestState.SENT, RequestState.IN_DOUBT)
                .noRetry()
                .responseCode("I99")
                .to(RequestState.ACKNOWLEDGED, "I99", Sha256.hex(documents.acknowledgement()))
                .dueBy(Instant.now().plusSeconds(60))
                .exchanged(document("x-" + number, requestId, "Acknowledgement", documents.acknowledgement()));
        RequestRecord acknowledged;
        if (way == Way.BEHIND) {
            var unused = ledger.applyAsync(acknowledgement);
            acknowledged = sent.after(acknowledgement);
        } else {
            acknowledged = applied(ledger, acknowledgement, sent);
        }
        InboundDocument answer = document("a-" + number, requestId, "GBCSPayload", documents.answer());
        Change effect = Change.of(acknowledged)
                .from(RequestState.SENT, RequestState.IN_DOUBT, RequestState.ACKNOWLEDGED)
                .to(RequestState.RESPONDED, "", Sha256.hex(documents.answer()))
                .noRetry()
                .success(true)
                .responseCode("I0")
                .deliver(OutboxEntry.pending(
                        "d-" + number,
                        Optional.of(stored.record().id()),
                        DeliveryKind.RESULT,
                        ReplyAddress.COMMON,
                        Map.of(
                                "request",
                                stored.record().id(),
                                "requestId",
                                requestId.toString(),
                                "service",
                                "4.1.1",
                                "device",
                                METER.dashed(),
                                "outcome",
                                "ANSWERED",
                                "responseCode",
                                "I0"),
                        "application/xml",
                        documents.result(),
                        Optional.of(documents.json())));
        applied(ledger, effect.processed(ledger.store(answer).id(), ""), acknowledged);
        if (way == Way.BEHIND) {
            var unused = ledger.deliveredAsync("d-" + number, Lane.ROUTINE);
        } else {
            ledger.delivered("d-" + number);
        }
    }

    private static RequestRecord applied(Ledger ledger, Change change, RequestRecord record) {
        if (!ledger.apply(change)) {
            throw new IllegalStateException("not applied");
        }
        return record.after(change);
    }

    private static InboundDocument document(String identity, RequestId answers, String kind, byte[] body) {
        return new InboundDocument(
                new InboundIdentity(identity),
                Optional.of(answers),
                kind,
                "I0",
                body,
                Instant.now(),
                "CN=DCC 4711",
                Sha256.hex(body),
                "");
    }

    private Documents documents() {
        return new Documents(
                text("{\"service\":\"4.1.1\",\"device\":\"00-DB-12-34-56-78-90-01\",\"reference\":", 200, 0),
                text("<sr:Request>", 900, 0),
                text("<sr:Request>", 900, 900),
                text("<sr:Response>", 700, 900),
                text("<sr:Response>", 1_200, 1_300),
                text("<sr:Response>", 1_200, 1_300),
                new String(text("{\"readings\":", 700, 0), StandardCharsets.UTF_8));
    }

    /**
     * Text of so many characters, of which it repeats most, and behind it so many that are random, as of signatures.
     */
    private byte[] text(String head, int plain, int signature) {
        StringBuilder text = new StringBuilder(head).append(counter.get()).append(random.nextInt());
        while (text.length() < plain) {
            text.append("<sr:Element xmlns:sr=\"http://www.dccinterface.co.uk/ServiceUserGateway\">")
                    .append(random.nextInt(1000))
                    .append("</sr:Element>");
        }
        byte[] noise = new byte[signature * 3 / 4];
        random.nextBytes(noise);
        return text.append(Base64.getEncoder().encodeToString(noise)).toString().getBytes(StandardCharsets.UTF_8);
    }

    private Connection floor() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("floor.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA wal_autocheckpoint = 4000");
            statement.execute("CREATE TABLE requests (id INTEGER PRIMARY KEY, original BLOB, document BLOB, wire BLOB,"
                    + " acknowledgement BLOB, answer BLOB, result BLOB, json TEXT)");
        }
        connection.setAutoCommit(false);
        return connection;
    }

    private static void floor(Connection connection, Documents[] documents, int group) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO requests (original, document, wire, acknowledgement, answer,"
                        + " result, json) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            for (int i = 0; i < documents.length; i++) {
                Documents each = documents[i];
                insert.setBytes(1, each.original());
                insert.setBytes(2, each.document());
                insert.setBytes(3, each.wire());
                insert.setBytes(4, each.acknowledgement());
                insert.setBytes(5, each.answer());
                insert.setBytes(6, each.result());
                insert.setString(7, each.json());
                insert.executeUpdate();
                if (i % group == group - 1 || i == documents.length - 1) {
                    connection.commit();
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
