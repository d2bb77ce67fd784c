package org.postern.testkitservices;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;
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
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.PendingWork;
import org.postern.ledger.Remark;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.StoredRequest;
import org.postern.ledger.Transition;

/**
 * A ledger that forwards to another one, for tests that record calls, make them fail or answer them. The default
 * methods of {@link Ledger} call the others.
 */
public class ForwardingLedger implements Ledger {

    private final Optional<Ledger> ledger;

    /** Without a target: every method fails that a test does not override. */
    public ForwardingLedger() {
        this.ledger = Optional.empty();
    }

    /** Forwards every call. */
    public ForwardingLedger(Ledger ledger) {
        this.ledger = Optional.of(ledger);
    }

    /**
     * Called before each call is forwarded. A {@link LedgerException} that it throws goes to the caller; for an
     * asynchronous write, through its future.
     *
     * @param method name of the method
     * @param arguments as many as it has parameters
     */
    protected void before(String method, Object... arguments) {
        // for tests to override
    }

    private Ledger to(String method) {
        return ledger.orElseThrow(() -> new IllegalStateException("unexpected call of the ledger: " + method));
    }

    @Override
    public Admitted admit(NewRequest request) {
        before("admit", request);
        return to("admit").admit(request);
    }

    @Override
    public Admitted admitTopUp(NewRequest request, boolean reserved) {
        before("admitTopUp", request, reserved);
        return to("admitTopUp").admitTopUp(request, reserved);
    }

    @Override
    public boolean apply(Change change) {
        before("apply", change);
        return to("apply").apply(change);
    }

    @Override
    public CompletableFuture<Boolean> applyAsync(Change change) {
        try {
            before("applyAsync", change);
        } catch (LedgerException e) {
            return CompletableFuture.failedFuture(e);
        }
        return to("applyAsync").applyAsync(change);
    }

    @Override
    public CompletableFuture<Boolean> applyAsync(Change change, Change otherwise) {
        try {
            before("applyAsync", change, otherwise);
        } catch (LedgerException e) {
            return CompletableFuture.failedFuture(e);
        }
        return to("applyAsync").applyAsync(change, otherwise);
    }

    @Override
    public InboundResult store(InboundDocument document, Lane lane) {
        before("store", document, lane);
        return to("store").store(document, lane);
    }

    @Override
    public InboundResult quarantine(InboundDocument document) {
        before("quarantine", document);
        return to("quarantine").quarantine(document);
    }

    @Override
    public void copyTo(Path target) {
        before("copyTo", target);
        to("copyTo").copyTo(target);
    }

    @Override
    public Optional<Instant> newest() {
        before("newest");
        return to("newest").newest();
    }

    @Override
    public Optional<Instant> restored() {
        before("restored");
        return to("restored").restored();
    }

    @Override
    public void useClock(Clock clock) {
        before("useClock", clock);
        to("useClock").useClock(clock);
    }

    @Override
    public Counters counters() {
        before("counters");
        return to("counters").counters();
    }

    @Override
    public Optional<RequestRecord> find(String id) {
        before("find", id);
        return to("find").find(id);
    }

    @Override
    public Optional<StoredRequest> stored(String id) {
        before("stored", id);
        return to("stored").stored(id);
    }

    @Override
    public Optional<StoredRequest> storedByRequestId(RequestId requestId) {
        before("storedByRequestId", requestId);
        return to("storedByRequestId").storedByRequestId(requestId);
    }

    @Override
    public Optional<RequestRecord> findByRequestId(RequestId requestId) {
        before("findByRequestId", requestId);
        return to("findByRequestId").findByRequestId(requestId);
    }

    @Override
    public Optional<RequestRecord> findByCorrelation(Channel channel, String correlationId) {
        before("findByCorrelation", channel, correlationId);
        return to("findByCorrelation").findByCorrelation(channel, correlationId);
    }

    @Override
    public boolean earlierInProgress(RequestRecord request) {
        before("earlierInProgress", request);
        return to("earlierInProgress").earlierInProgress(request);
    }

    @Override
    public Optional<RequestDocuments> documents(String id) {
        before("documents", id);
        return to("documents").documents(id);
    }

    @Override
    public List<Transition> path(String id) {
        before("path", id);
        return to("path").path(id);
    }

    @Override
    public Optional<Evidence> evidence(String id) {
        before("evidence", id);
        return to("evidence").evidence(id);
    }

    @Override
    public List<Instruction> instructions(String id) {
        before("instructions", id);
        return to("instructions").instructions(id);
    }

    @Override
    public List<Remark> remarks(String id) {
        before("remarks", id);
        return to("remarks").remarks(id);
    }

    @Override
    public List<RequestRecord> futureDated(Eui64 device, String service, int limit) {
        before("dated", device, service, limit);
        return to("futureDated").futureDated(device, service, limit);
    }

    @Override
    public List<RequestRecord> requests(RequestFilter filter) {
        before("requests", filter);
        return to("requests").requests(filter);
    }

    @Override
    public Map<RequestState, Long> counts() {
        before("counts");
        return to("counts").counts();
    }

    @Override
    public Optional<InboundRecord> inbound(String id) {
        before("inbound", id);
        return to("inbound").inbound(id);
    }

    @Override
    public List<InboundRecord> inboundOf(RequestId requestId) {
        before("inboundOf", requestId);
        return to("inboundOf").inboundOf(requestId);
    }

    @Override
    public Map<InboundState, Long> inboundCounts() {
        before("inboundCounts");
        return to("inboundCounts").inboundCounts();
    }

    @Override
    public Optional<OutboxEntry> delivery(String id) {
        before("delivery", id);
        return to("delivery").delivery(id);
    }

    @Override
    public List<OutboxEntry> deliveriesOf(String request) {
        before("deliveriesOf", request);
        return to("deliveriesOf").deliveriesOf(request);
    }

    @Override
    public boolean delivered(String id) {
        before("delivered", id);
        return to("delivered").delivered(id);
    }

    @Override
    public CompletableFuture<Boolean> deliveredAsync(String id, Lane lane) {
        try {
            before("deliveredAsync", id, lane);
        } catch (LedgerException e) {
            return CompletableFuture.failedFuture(e);
        }
        return to("deliveredAsync").deliveredAsync(id, lane);
    }

    @Override
    public void deliveryFailed(String id, Instant retryAt, Optional<String> remark) {
        before("deliveryFailed", id, retryAt, remark);
        to("deliveryFailed").deliveryFailed(id, retryAt, remark);
    }

    @Override
    public Map<DeliveryState, Long> outboxCounts() {
        before("outboxCounts");
        return to("outboxCounts").outboxCounts();
    }

    @Override
    public List<PendingWork> stepsOutstanding(Instant now, String after, int limit) {
        before("stepsOutstanding", now, after, limit);
        return to("stepsOutstanding").stepsOutstanding(now, after, limit);
    }

    @Override
    public List<PendingWork> processingOutstanding(String after, int limit) {
        before("processingOutstanding", after, limit);
        return to("processingOutstanding").processingOutstanding(after, limit);
    }

    @Override
    public List<PendingWork> deliveriesOutstanding(Instant now, String after, int limit) {
        before("deliveriesOutstanding", now, after, limit);
        return to("deliveriesOutstanding").deliveriesOutstanding(now, after, limit);
    }

    @Override
    public List<DueWork> retriesDue(Instant until, Optional<DueWork> after, int limit) {
        before("retriesDue", until, after, limit);
        return to("retriesDue").retriesDue(until, after, limit);
    }

    @Override
    public void clockPutBack(Instant now, Duration by) {
        before("clockPutBack", now, by);
        to("clockPutBack").clockPutBack(now, by);
    }

    @Override
    public List<PendingWork> overdue(Instant now, int limit) {
        before("overdue", now, limit);
        return to("overdue").overdue(now, limit);
    }
}
