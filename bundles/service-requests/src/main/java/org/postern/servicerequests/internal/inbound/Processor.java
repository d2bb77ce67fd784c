package org.postern.servicerequests.internal.inbound;

import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseClass;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ResponseId;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.MessageKind;
import org.postern.ledger.Change;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.internal.lifecycle.Dated;
import org.postern.servicerequests.internal.lifecycle.Progress;
import org.postern.servicerequests.internal.lifecycle.Results;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a stored document of the DCC means: parses the GBCS message inside, advances the request that it answers, fills
 * the outbox, all in one transaction that also marks the document as processed. Whatever cannot be read, matched or proven
 * is delivered as it came, with the reason, and blocks nothing.
 *
 * <p>Only what may pass by itself leaves the document where it is, to be offered again: a token that is offline, a log or
 * ledger that cannot write. Safe for many threads; the same document twice does no harm.
 */
public final class Processor {

    private static final Logger LOG = LoggerFactory.getLogger(Processor.class);

    /** States in which an answer may find a request; the DCC's answer may overtake its acknowledgement. */
    private static final RequestState[] OPEN = {RequestState.SENT, RequestState.IN_DOUBT, RequestState.ACKNOWLEDGED,
        RequestState.OVERDUE};

    /** Hands the DCC what a device answered on site. */
    private static final String RETURN_LOCAL_ANSWER = "8.13";

    private final DuisReader reader;
    private final GbcsParser parser;
    private final ResponseCodes codes;
    private final UserRoles roles;
    private final Ledger ledger;
    private final Progress progress;
    private final SecurityLog securityLog;
    private final Metrics metrics;
    private final Dated dated;
    private final Instructions instructions;

    public Processor(DuisReader reader, GbcsParser parser, ResponseCodes codes, UserRoles roles,
            Ledger ledger, Progress progress, SecurityLog securityLog, Metrics metrics, Dated dated) {
        this.reader = Objects.requireNonNull(reader, "reader");
        this.parser = Objects.requireNonNull(parser, "parser");
        this.codes = Objects.requireNonNull(codes, "codes");
        this.roles = Objects.requireNonNull(roles, "roles");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.progress = Objects.requireNonNull(progress, "progress");
        this.securityLog = Objects.requireNonNull(securityLog, "securityLog");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.dated = Objects.requireNonNull(dated, "dated");
        this.instructions = new Instructions(ledger, progress, securityLog, dated);
    }

    /**
     * Processes a document of the ledger.
     *
     * @return false where it must be offered again later
     */
    public boolean process(String inboundId) {
        try {
            Optional<InboundRecord> found = ledger.inbound(inboundId).filter(record -> record.state() == InboundState.STORED);
            if (found.isEmpty()) {
                return true;
            }
            long start = System.nanoTime();
            InboundRecord inbound = found.get();
            DuisResponse response = reader.readResponse(inbound.body());
            response.body().fold(message -> answer(inbound, response, message), alert -> deviceAlert(inbound, response, alert),
                    alert -> dccAlert(inbound, response, alert), smets1 -> smets1(inbound, response));
            metrics.time("postern_process", System.nanoTime() - start);
            return true;
        } catch (NotNow e) {
            LOG.warn("{} stays to be processed: {}", inboundId, e.getMessage());
            return false;
        } catch (PosternException e) {
            if (e.fault().mayPass()) {
                LOG.warn("{} stays to be processed: {}", inboundId, e.fault());
                return false;
            }
            throw e;
        }
    }

    private Void answer(InboundRecord inbound, DuisResponse response, ResponseBody.ResponseMessage message) {
        Optional<RequestRecord> known = inbound.requestId().flatMap(ledger::findByRequestId);
        if (known.isEmpty()) {
            LOG.warn("{}: an answer to a request that we do not know", inbound.requestId().map(RequestId::toString).orElse("no RequestID"));
            progress.apply(Change.ofNone().deliver(Delivery.unmatched().header("requestId", inbound.requestId().map(RequestId::toString).orElse(""))
                    .header("responseCode", response.responseCode()).header("service", message.serviceReferenceVariant())
                    .duis(entry(inbound), inbound.body())).processed(inbound.id(), "no such request"), Lane.ROUTINE);
            return null;
        }
        RequestRecord request = known.get();
        if (message.payload().isEmpty()) {
            outcome(inbound, response, request);
            return null;
        }
        ResponsePayload payload = message.payload().get();
        if (payload instanceof ResponsePayload.GbcsPayload p) {
            deviceAnswer(inbound, response, request, p.payload().toArray());
        } else if (payload instanceof ResponsePayload.ScheduledMessage p) {
            deviceAnswer(inbound, response, request, p.payload().toArray());
        } else if (payload instanceof ResponsePayload.CustomerNumber p) {
            deviceAnswer(inbound, response, request, p.payload().toArray());
        } else if (payload instanceof ResponsePayload.FutureDatedDeviceAlertMessage p) {
            instructions.process(inbound, response, request, p, parse(p.payload().toArray(), request.target().service()), entry(inbound));
        } else if (payload instanceof ResponsePayload.LocalCommand p) {
            ended(inbound, response, request, RequestState.HANDED_OUT, "command for local delivery", true,
                    Delivery.localCommand(request).raw(entry(inbound), p.payload().toArray()));
        } else {
            ended(inbound, response, request, RequestState.RESPONDED, "answered by the DCC", true,
                    Delivery.result(request, Outcome.SUCCESS).header("responseCode", response.responseCode())
                            .duis(entry(inbound), inbound.body()));
        }
        return null;
    }

    /** An answer without a payload: a late acknowledgement, success with nothing to say, or the DCC's refusal. */
    private void outcome(InboundRecord inbound, DuisResponse response, RequestRecord request) {
        String code = response.responseCode();
        ResponseClass meaning = request.target().variant().map(v -> codes.classify(code, v)).orElseGet(() -> codes.of(code).meaning());
        if (!meaning.isFinal() && request.dating().cancels() && dated.onlyAtTheDcc(request)) {
            // the DCC keeps what is cancelled and no device is told: nothing more will come
            confirmed(inbound, request, answered(inbound, response, RequestState.RESPONDED, request, code + " cancelled at the DCC", true),
                    Delivery.result(request, Outcome.SUCCESS).header("responseCode", code), d -> d.duis(entry(inbound), inbound.body()));
            return;
        }
        if (!meaning.isFinal()) {
            Change change = Change.of(request.id()).from(RequestState.SENT, RequestState.IN_DOUBT)
                    .to(RequestState.ACKNOWLEDGED, code, inbound.sha256()).noRetry().responseCode(code).processed(inbound.id(), "");
            if (!progress.apply(change, request.lane())) {
                progress.apply(Change.ofNone().processed(inbound.id(), "acknowledged before"), request.lane());
            }
            return;
        }
        boolean success = meaning.success();
        Change change = answered(inbound, response, success ? RequestState.RESPONDED : RequestState.REFUSED,
                request, code + " " + codes.of(code).text(), success);
        Delivery delivery = Delivery.result(request, success ? Outcome.SUCCESS : Outcome.REFUSED).header("responseCode", code)
                .header("reason", codes.of(code).text()).header("advice", Results.advice(request, meaning));
        if (success && request.dating().cancels()) {
            confirmed(inbound, request, change, delivery, d -> d.duis(entry(inbound), inbound.body()));
        } else {
            ended(inbound, request, change, delivery.duis(entry(inbound), inbound.body()));
        }
    }

    private void deviceAnswer(InboundRecord inbound, DuisResponse response, RequestRecord request, byte[] bytes) {
        ParsedMessage parsed = parse(bytes, request.target().service());
        String trust = judged(inbound.signer(), request, parsed);
        boolean success = trust.isEmpty() && parsed.success().orElse(true);
        CommandAnswer answer = CommandAnswer.of(parsed.message());
        String odd = trust.isEmpty() ? odd(request, answer) : "";
        boolean later = success && dated.onDevice(request) && !answer.immediate().orElse(false);
        Outcome outcome = !trust.isEmpty() ? Outcome.UNPROVEN : !success ? Outcome.FAILED : later ? Outcome.ACCEPTED_BY_DEVICE : Outcome.SUCCESS;
        Delivery delivery = Delivery.result(request, outcome).header("responseCode", response.responseCode())
                .header("flag", trust.isEmpty() ? odd : trust).firmware(answer.firmware());
        if (later) {
            accepted(inbound, response, request, delivery.of(entry(inbound), parsed, bytes));
            return;
        }
        Change change = answered(inbound, response, RequestState.RESPONDED, request,
                !trust.isEmpty() ? trust : odd.isEmpty() ? "answered by the device" : odd, success);
        if (success && request.dating().cancels()) {
            confirmed(inbound, request, change, delivery, d -> d.of(entry(inbound), parsed, bytes));
        } else {
            ended(inbound, request, change, delivery.of(entry(inbound), parsed, bytes));
        }
    }

    /** What does not go together between a request's dating and its answer; empty where all does. */
    private String odd(RequestRecord request, CommandAnswer answer) {
        if (dated.onDevice(request) && answer.immediate().orElse(false)) {
            return "the device carried out at once what was dated for " + request.dating().datedFor().orElseThrow();
        }
        return request.dating().executionTime().isEmpty() && !answer.immediate().orElse(true) ? "the device only took note of what was to be carried out at once"
                : "";
    }

    /** The device will act at its time: from now on its outcome is awaited, unless it was cancelled meanwhile. */
    private void accepted(InboundRecord inbound, DuisResponse response, RequestRecord request, OutboxEntry entry) {
        Change change = Change.of(request.id()).from(RequestState.SENT, RequestState.IN_DOUBT, RequestState.ACKNOWLEDGED)
                .to(RequestState.ACCEPTED_BY_DEVICE, "the device will act at its time", inbound.sha256()).noRetry().success(true)
                .dueBy(dated.outcomeBy(request.dating().datedFor().orElseThrow())).responseCode(response.responseCode())
                .processed(inbound.id(), "");
        dated.superseded(request).forEach(change::alongside);
        ended(inbound, request, change, entry);
        ledger.find(request.id()).filter(now -> now.state() == RequestState.ACCEPTED_BY_DEVICE).flatMap(dated::cancellationOf)
                .ifPresent(by -> progress.apply(dated.overtaken(request, by), request.lane()));
    }

    /** A cancellation is confirmed: what it cancels ends in the same transaction. */
    private void confirmed(InboundRecord inbound, RequestRecord request, Change change, Delivery delivery,
            java.util.function.Function<Delivery, OutboxEntry> entry) {
        Dated.Confirmed confirmed = dated.confirmed(request);
        confirmed.changes().forEach(change::alongside);
        if (!confirmed.remark().isEmpty()) {
            change.remark(confirmed.remark());
        }
        ended(inbound, request, change, entry.apply(delivery.header("cancels", String.join(" ", confirmed.requestIds()))
                .header("flag", confirmed.remark())));
        // what was accepted in the same moment found no cancellation yet
        dated.confirmed(request).changes().forEach(late -> progress.apply(late, request.lane()));
    }

    private Void deviceAlert(InboundRecord inbound, DuisResponse response, ResponseBody.DeviceAlertMessage alert) {
        byte[] bytes = alert.gbcsPayload().toArray();
        ParsedMessage parsed = parse(bytes, Optional.empty());
        String code = String.format(Locale.ROOT, "%04X", alert.alertCode());
        String trust = parsed.ok() ? parsed.message().filter(m -> m.kind() != MessageKind.ALERT)
                .map(m -> "the GBCS message is no alert").orElse("") : parsed.reason();
        if (!trust.isEmpty()) {
            securityLog.append(new SecurityEvent.MessageNotAuthentic(inbound.signer(), inbound.identity().text(), parsed.useCase().orElse(code), trust));
        }
        progress.apply(Change.ofNone().deliver(addressed(Delivery.alert(), response, alert.throttle()).header("alertCode", code)
                .header("flag", trust).of(entry(inbound), parsed, bytes)).processed(inbound.id(), trust), Lane.INTERACTIVE);
        metrics.count("postern_alerts_total", "kind", "device");
        return null;
    }

    private Void dccAlert(InboundRecord inbound, DuisResponse response, ResponseBody.DccAlertMessage alert) {
        // several kinds name the request that they are about (DUIS facts 1.12), whose own answer may never come
        Optional<RequestRecord> about = alert.payload().find("RequestID").flatMap(Processor::named).flatMap(ledger::findByRequestId);
        Change change = about.map(r -> Change.of(r.id()).remark("DCC Alert " + alert.code() + " " + alert.payload().name()))
                .orElseGet(Change::ofNone);
        Delivery delivery = addressed(Delivery.alert(), response, alert.throttle()).header("alertCode", alert.code())
                .header("alert", alert.payload().name());
        about.ifPresent(r -> delivery.header("request", r.id()).header("requestId", r.requestId().map(RequestId::toString).orElse("")));
        progress.apply(change.deliver(delivery.duis(entry(inbound), inbound.body())).processed(inbound.id(), ""), Lane.INTERACTIVE);
        metrics.count("postern_alerts_total", "kind", "dcc");
        return null;
    }

    /** First-generation meters answer in XML, signed by their provider as well; the inner signature is not checked yet. */
    private Void smets1(InboundRecord inbound, DuisResponse response) {
        Optional<RequestRecord> known = inbound.requestId().flatMap(ledger::findByRequestId);
        String flag = "the inner signature of the SMETS1 provider was not checked";
        if (known.isPresent()) {
            ended(inbound, response, known.get(), RequestState.RESPONDED, "answered by a SMETS1 provider", true,
                    Delivery.result(known.get(), Outcome.SUCCESS).header("responseCode", response.responseCode()).header("flag", flag)
                            .duis(entry(inbound), inbound.body()));
        } else {
            progress.apply(Change.ofNone().deliver(addressed(Delivery.alert(), response, Throttle.NONE).header("flag", flag)
                    .duis(entry(inbound), inbound.body())).processed(inbound.id(), ""), Lane.INTERACTIVE);
        }
        return null;
    }

    /**
     * What an 8.13 that the DCC has taken makes of the request whose command was delivered on site: its answer (DUIS facts F6).
     *
     * @param returning the request that the DCC has answered, of any service
     * @return empty for any other service, and where no request of the same User is named that waits for such an answer
     */
    public Optional<Change> returned(RequestRecord returning) {
        if (returning.target().service().filter(RETURN_LOCAL_ANSWER::equals).isEmpty()) {
            return Optional.empty();
        }
        DuisElement body = reader.readRequest(ledger.documents(returning.id()).orElseThrow().document().orElseThrow()).body();
        Optional<RequestRecord> original = body.find("OriginalRequestID").flatMap(Processor::named).flatMap(ledger::findByRequestId)
                .filter(request -> user(request).equals(user(returning)));
        return original.map(request -> {
            byte[] answer = Base64.getMimeDecoder().decode(body.find("DeviceGBCSResponse").orElse(""));
            ParsedMessage parsed = parser.parse(answer, request.target().service());
            String trust = judged("site", request, parsed);
            boolean success = trust.isEmpty() && parsed.success().orElse(true);
            return Change.of(request.id()).from(RequestState.HANDED_OUT, RequestState.ACKNOWLEDGED)
                    .to(RequestState.RESPONDED, "answer returned from the site by " + returning.name()).noRetry()
                    .success(success).deliver(Delivery.result(request, !trust.isEmpty() ? Outcome.UNPROVEN : success ? Outcome.SUCCESS : Outcome.FAILED)
                            .header("flag", trust).header("returnedBy", returning.requestId().map(RequestId::toString).orElse("")).of(returning.id() + ".returned", parsed, answer));
        });
    }

    /** The request of that id in text; empty for a text that is none. */
    private static Optional<RequestId> named(String text) {
        try {
            return Optional.of(RequestId.parse(text.strip()));
        } catch (PosternException e) {
            return Optional.empty();
        }
    }

    private static Optional<Eui64> user(RequestRecord request) {
        return request.requestId().map(RequestId::originator);
    }

    private Delivery addressed(Delivery delivery, DuisResponse response, Throttle throttle) {
        response.responseId().ifPresent(id -> delivery.header("responseId", id.toString()).header("device", id.originator().toString()));
        response.responseId().map(ResponseId::target).flatMap(roles::byUserId).map(UserRoleProfile::role)
                .ifPresent(role -> delivery.header("role", role.name()));
        throttle.count().ifPresent(count -> delivery.header("throttledCount", count.toString()));
        throttle.sequenceId().ifPresent(id -> delivery.header("throttledSequence", id.toString()));
        return delivery.header("responseCode", response.responseCode());
    }

    /**
     * Why the answer is not what it should be; empty where it is. The XML signature already says that it came from the DCC;
     * this says whether the device made it, for this request.
     */
    private String judged(String signer, RequestRecord request, ParsedMessage parsed) {
        String reason = "";
        if (!parsed.ok()) {
            reason = parsed.reason();
        } else if (parsed.message().isPresent() && !answers(parsed.message().get().header(), request)) {
            reason = "the GBCS message answers another request";
        }
        if (!reason.isEmpty()) {
            securityLog.append(new SecurityEvent.MessageNotAuthentic(signer, request.name(),
                    parsed.useCase().orElse("unknown"), reason));
            LOG.warn("{}: {}", request.id(), reason);
        }
        return reason;
    }

    private boolean answers(GroupingHeader header, RequestRecord request) {
        if (request.requestId().isEmpty()) {
            return true;
        }
        RequestId id = request.requestId().orElseThrow();
        if (dated.signedByAnother(request) && roles.byUserId(header.target()).isEmpty()) {
            // another party signed the command under its own counter: the answer is addressed to that party
            return header.cra() == 2 && header.originator().equals(id.target());
        }
        boolean direct = header.target().equals(id.originator()) && header.counter() == id.counter();
        boolean forUs = header.supplementaryParty().filter(id.originator()::equals).isPresent()
                && (header.supplementaryCounter().orElse(-1) == id.counter()
                        || header.supplementaryOriginatorCounter().orElse(-1) == id.counter() || header.counter() == id.counter());
        return header.originator().equals(id.target()) && (direct || forUs);
    }

    private ParsedMessage parse(byte[] bytes, Optional<String> service) {
        ParsedMessage parsed = parser.parse(bytes, service);
        if (parsed.fault().filter(Fault::mayPass).isPresent()) {
            throw new NotNow(parsed.reason());
        }
        metrics.count("postern_parsed_total", "result", parsed.ok() ? parsed.mmc().isPresent() ? "mmc" : "no-mmc" : "refused");
        return parsed;
    }

    private Change answered(InboundRecord inbound, DuisResponse response, RequestState state, RequestRecord request, String cause,
            boolean success) {
        return Change.of(request.id()).from(OPEN).to(state, cause, inbound.sha256()).noRetry().success(success)
                .responseCode(response.responseCode()).processed(inbound.id(), "");
    }

    private void ended(InboundRecord inbound, DuisResponse response, RequestRecord request, RequestState state, String cause, boolean success,
            OutboxEntry entry) {
        ended(inbound, request, answered(inbound, response, state, request, cause, success), entry);
    }

    private void ended(InboundRecord inbound, RequestRecord request, Change change, OutboxEntry entry) {
        change.deliver(entry);
        if (progress.apply(change, request.lane()) || processed(inbound)) {
            change.steps().forEach(step -> metrics.count("postern_answers_total", "state", step.to().name()));
            return;
        }
        // it has its end already: the answer is delivered all the same, the state stays
        RequestState state = ledger.find(request.id()).map(RequestRecord::state).orElse(request.state());
        String remark = "an answer (" + entry.headers().getOrDefault("outcome", "") + ") came when the request was " + state + " already";
        progress.apply(Change.of(request.id()).remark(remark).deliver(entry).processed(inbound.id(), remark), request.lane());
    }

    private boolean processed(InboundRecord inbound) {
        return ledger.inbound(inbound.id()).filter(record -> record.state() != InboundState.STORED).isPresent();
    }

    /** Deterministic, so that a document processed twice is delivered once. */
    private static String entry(InboundRecord inbound) {
        return inbound.id() + ".result";
    }
}
