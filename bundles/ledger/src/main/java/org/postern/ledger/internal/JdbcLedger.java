package org.postern.ledger.internal;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.ledger.Admitted;
import org.postern.ledger.Change;
import org.postern.ledger.Counters;
import org.postern.ledger.DueWork;
import org.postern.ledger.Evidence;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.InboundResult;
import org.postern.ledger.Instruction;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.PendingWork;
import org.postern.ledger.Remark;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.StoredRequest;
import org.postern.ledger.Transition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger over JDBC, with one writer that commits in groups and many readers. */
@Component(
        service = {Ledger.class, PartHealth.class},
        configurationPid = SettingsTable.IN_FORCE + "org.postern.ledger",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LedgerSettings.class)
public final class JdbcLedger implements OpenLedger, PartHealth {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcLedger.class);
    /** Longer than it takes to detect a silent database. */
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(60);

    private final ReplaceableClock clock;
    private final Database database;
    private final GroupCommit writer;
    private final Packer packer = new Packer();
    private final Queries queries;
    private final Writes writes;
    private final PrepaymentCounters prepayment;
    private final ReservedCounters counters;
    private final Optional<Continuity> continuity;
    private final LedgerHealth health;
    private final Optional<Instant> restored;

    @Activate
    public JdbcLedger(LedgerSettings settings) {
        this(OptionsFromSettings.read(settings), Clock.systemUTC());
    }

    /**
     * Opens the database and brings its tables up to date.
     *
     * @throws LedgerException BAD_SETTING, UNAVAILABLE, COUNTER
     */
    public JdbcLedger(LedgerOptions options, Clock clock) {
        this(options, clock, Machine.present());
    }

    /** Opens the database in the given runtime environment. */
    public JdbcLedger(LedgerOptions options, Clock clock, Machine machine) {
        this.clock = new ReplaceableClock(clock);
        database = new Database(
                options.url(),
                options.user(),
                options.password(),
                options.readers(),
                options.answerSeconds(),
                options.silentSeconds(),
                machine);
        writer = new GroupCommit(database, options.largestGroup(), machine.asyncDelay(), machine.nanos());
        queries = new Queries(database, packer);
        List<Runnable> opened = new ArrayList<>(List.of(writer::close, database::close));
        try {
            prepayment = new PrepaymentCounters(
                    unit -> write(unit, true),
                    options.watermarkFile().map(file -> file.resolveSibling(file.getFileName() + ".prepayment")));
            opened.add(prepayment::close);
            counters = new ReservedCounters(
                    this::write,
                    queries::number,
                    this.clock,
                    options.counterBlock(),
                    options.watermarkFile(),
                    prepayment);
            opened.add(counters::close);
            continuity = options.watermarkFile().map(file -> new Continuity(file, options.companions()));
            writes = new Writes(this.clock, machine.random(), queries.former());
            continuity.ifPresent(this::checkContinuity);
            restored = queries.restored();
            health = new LedgerHealth(
                    database,
                    writer,
                    machine,
                    options.silentSeconds(),
                    this::writeMark,
                    options.watermarkFile()
                            .<Runnable>map(file -> new OnlineCopies(database, file)::poll)
                            .orElse(() -> {}));
        } catch (RuntimeException | Error e) {
            // otherwise the writer and its connections would remain open beside those of the next attempt
            opened.forEach(Runnable::run);
            throw e;
        }
    }

    private void checkContinuity(Continuity files) {
        Map<String, Long> marked = new TreeMap<>(counters.marked());
        marked.putAll(prepayment.marked());
        Map<String, Long> reserved = queries.reserved();
        boolean accepted = files.check(
                database.fresh(),
                queries.newest(),
                reserved,
                marked,
                ProcessHandle.current()
                        .info()
                        .startInstant()
                        .map(Instant::toEpochMilli)
                        .orElse(0L));
        if (accepted) {
            write(connection -> writes.reserve(connection, marked));
            files.restart(queries.newest());
        }
        if (accepted || files.restored()) {
            // with a clock that is behind, requests in the copy would appear to be newer than the restoration
            Instant last = Optional.ofNullable(queries.newest().get("requests"))
                    .flatMap(this::find)
                    .map(request -> request.createdAt().plusMillis(1))
                    .orElse(Instant.MIN);
            Instant now = clock.instant();
            write(connection -> writes.restored(connection, now.isAfter(last) ? now : last));
            files.restorationRecorded();
        }
    }

    private void writeMark() {
        continuity.ifPresent(c -> c.writeMark(queries.newest()));
    }

    @Override
    public Optional<Instant> newest() {
        return queries.newest().values().stream().map(Ids::time).max(Instant::compareTo);
    }

    @Override
    public Optional<Instant> restored() {
        return restored;
    }

    @Override
    public void useClock(Clock next) {
        clock.replace(next);
    }

    @Override
    public String part() {
        return "ledger";
    }

    @Override
    public Optional<Fault> trouble() {
        return health.trouble();
    }

    @Override
    public List<Fault> remarks() {
        return packer.damage().map(LedgerException::fault).stream().toList();
    }

    @Override
    public void copyTo(Path target) {
        try {
            database.copyTo(target);
        } catch (SQLException e) {
            throw GroupCommit.unavailable("the copy was not written", e);
        }
    }

    private <T> T write(GroupCommit.Unit<T> unit) {
        return write(unit, false);
    }

    /** @param prepayment true for writes of the prepayment lane */
    private <T> T write(GroupCommit.Unit<T> unit, boolean prepayment) {
        try {
            return writer.write(unit, prepayment, WRITE_TIMEOUT);
        } catch (CompletionException e) {
            if (e.getCause() instanceof LedgerException ledger) {
                // a new exception, with the caller's stack trace
                throw new LedgerException(
                        ledger.kind(),
                        ledger.fault().field(),
                        ledger.fault().rule(),
                        ledger.fault().cause(),
                        ledger.fault().action(),
                        ledger);
            }
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw e;
        }
    }

    @Override
    public Admitted admit(NewRequest request) {
        return admitted(request, Optional.empty());
    }

    /** Compresses the documents on the caller's thread, before the writer's transaction. */
    private Admitted admitted(NewRequest request, Optional<PrepaymentCounters.Claim> claim) {
        byte[] original = packer.pack(Dictionary.REQUEST, request.original());
        Optional<byte[]> document = packer.pack(Dictionary.REQUEST, request.document());
        return write(
                connection -> writes.admissions().admit(connection, request, original, document, claim),
                request.lane() == Lane.PREPAYMENT);
    }

    @Override
    public Admitted admitTopUp(NewRequest request, boolean reserved) {
        PrepaymentCounters.Claim claim = prepayment.claim(request, reserved);
        Admitted admitted = admitted(request, Optional.of(claim));
        try {
            claim.mark();
        } catch (LedgerException e) {
            throw GroupCommit.undecided(
                    "the request is on disk, but the watermark of its counter is not: "
                            + e.fault().cause(),
                    e);
        }
        return admitted;
    }

    @Override
    public boolean apply(Change change) {
        PackedChange packed = PackedChange.of(change, packer);
        try {
            return write(connection -> writes.apply(connection, packed), change.prepaymentLane());
        } catch (Writes.Skip e) {
            return false;
        }
    }

    @Override
    public CompletableFuture<Boolean> applyAsync(Change change) {
        PackedChange packed = PackedChange.of(change, packer);
        return writer.writeAsync(connection -> writes.apply(connection, packed), change.prepaymentLane())
                .exceptionally(failure -> {
                    if (failure instanceof Writes.Skip) {
                        return false;
                    }
                    throw failure instanceof CompletionException known ? known : new CompletionException(failure);
                });
    }

    @Override
    public CompletableFuture<Boolean> applyAsync(Change change, Change otherwise) {
        if (change.processed().isPresent() || otherwise.processed().isPresent()) {
            throw new IllegalArgumentException("a change with an alternative must not mark a document as processed");
        }
        PackedChange packed = PackedChange.of(change, packer);
        // compressed only if it is needed, which is rare
        return writer.writeAsync(
                connection -> writes.either(connection, packed, () -> PackedChange.of(otherwise, packer)),
                change.prepaymentLane());
    }

    @Override
    public CompletableFuture<Boolean> deliveredAsync(String id, Lane lane) {
        return writer.writeAsync(connection -> writes.delivered(connection, id), lane == Lane.PREPAYMENT);
    }

    @Override
    public InboundResult quarantine(InboundDocument document) {
        byte[] packed = packer.pack(Dictionary.ANSWER, document.body());
        return write(connection -> writes.inbound().quarantine(connection, document, packed));
    }

    @Override
    public InboundResult store(InboundDocument document, Lane lane) {
        byte[] packed = packer.pack(Dictionary.ANSWER, document.body());
        return write(connection -> writes.inbound().store(connection, document, packed), lane == Lane.PREPAYMENT);
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public Optional<RequestRecord> find(String id) {
        return queries.find("id", id);
    }

    @Override
    public Optional<StoredRequest> stored(String id) {
        return queries.stored("id", id);
    }

    @Override
    public Optional<StoredRequest> storedByRequestId(RequestId requestId) {
        return queries.stored("request_id", requestId.toString());
    }

    @Override
    public Optional<RequestRecord> findByRequestId(RequestId requestId) {
        return queries.find("request_id", requestId.toString());
    }

    @Override
    public Optional<RequestRecord> findByCorrelation(Channel channel, String correlationId) {
        return queries.find("idempotency_key", AdmissionWrites.key(channel, correlationId));
    }

    @Override
    public boolean earlierInProgress(RequestRecord request) {
        return queries.earlierInProgress(request);
    }

    @Override
    public Optional<RequestDocuments> documents(String id) {
        return queries.documents(id);
    }

    @Override
    public List<Transition> path(String id) {
        return queries.path(id);
    }

    @Override
    public Optional<Evidence> evidence(String id) {
        return queries.evidence(id);
    }

    @Override
    public List<Instruction> instructions(String id) {
        return queries.instructions(id);
    }

    @Override
    public List<Remark> remarks(String id) {
        return queries.remarks(id);
    }

    @Override
    public List<RequestRecord> futureDated(Eui64 device, String service, int limit) {
        return queries.futureDated(device, service, limit);
    }

    @Override
    public List<RequestRecord> requests(RequestFilter filter) {
        return queries.requests(filter);
    }

    @Override
    public Map<RequestState, Long> counts() {
        return queries.counts();
    }

    @Override
    public Optional<InboundRecord> inbound(String id) {
        return queries.inbound(id);
    }

    @Override
    public List<InboundRecord> inboundOf(RequestId requestId) {
        return queries.inboundOf(requestId);
    }

    @Override
    public Map<InboundState, Long> inboundCounts() {
        return queries.inboundCounts();
    }

    @Override
    public Optional<OutboxEntry> delivery(String id) {
        return queries.delivery(id);
    }

    @Override
    public List<OutboxEntry> deliveriesOf(String request) {
        return queries.deliveriesOf(request);
    }

    @Override
    public boolean delivered(String id) {
        return write(connection -> writes.delivered(connection, id));
    }

    @Override
    public void deliveryFailed(String id, Instant retryAt, Optional<String> remark) {
        write(connection -> writes.deliveryFailed(connection, id, retryAt, remark));
    }

    @Override
    public Map<DeliveryState, Long> outboxCounts() {
        return queries.outboxCounts();
    }

    @Override
    public List<PendingWork> stepsOutstanding(Instant now, String after, int limit) {
        return queries.steps(now, after, limit);
    }

    @Override
    public List<PendingWork> processingOutstanding(String after, int limit) {
        return queries.processing(after, limit);
    }

    @Override
    public List<PendingWork> deliveriesOutstanding(Instant now, String after, int limit) {
        return queries.deliveries(now, after, limit);
    }

    @Override
    public void clockPutBack(Instant now, Duration by) {
        write(connection -> writes.clockPutBack(connection, now, by));
    }

    @Override
    public List<DueWork> retriesDue(Instant until, Optional<DueWork> after, int limit) {
        return queries.retries(until, after, limit);
    }

    @Override
    public List<PendingWork> overdue(Instant now, int limit) {
        return queries.overdue(now, limit);
    }

    /** Number of units and of commits so far: {units, commits}. */
    public long[] groups() {
        return new long[] {writer.units(), writer.commits()};
    }

    @Override
    @Deactivate
    public void close() {
        health.close();
        writer.close();
        try {
            writeMark();
        } catch (LedgerException e) {
            LOG.warn("the mark files with the newest ids were not written: {}", e.fault());
        }
        database.close();
        counters.close();
        prepayment.close();
        packer.close();
    }
}
