package org.postern.servicerequests.internal.lifecycle;

import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.AnsweredCommands;
import org.postern.gbcs.GbcsMessage;
import org.postern.ledger.Change;
import org.postern.ledger.InboundDocument;
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
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.internal.answers.Interpretation;
import org.postern.servicerequests.internal.answers.Interpreter;
import org.postern.servicerequests.internal.answers.RequestContext;
import org.postern.servicerequests.internal.reading.OwnDocuments;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a document of the DCC, received in an exchange or through Receive Response: parses the GBCS message in it,
 * has it interpreted, and writes state, outbox and inbox in one transaction. A document that cannot be read, matched or
 * proven is delivered as received, with the reason. Safe for use by several threads; idempotent.
 */
public final class Settlement {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    /**
     * The components that it uses.
     *
     * @param futureDated rules for future-dated requests
     */
    public record Collaborators(
            DuisReader reader,
            GbcsParser parser,
            ResponseCodes codes,
            ServiceCatalogue catalogue,
            UserRoles roles,
            Ledger ledger,
            Progress progress,
            SecurityLog securityLog,
            Metrics metrics,
            FutureDatedRequests futureDated,
            Clock clock) {}

    private final Collaborators with;
    private final Interpreter interpreter;
    private final RequestContextReader facts;
    private final Instructions instructions;
    private final TopUpAlerts topUpAlerts;
    private final OwnDocuments documents;

    public Settlement(Collaborators with) {
        this.with = Objects.requireNonNull(with, "with");
        this.interpreter = new Interpreter(
                with.codes(), with.catalogue(), id -> with.roles().byUserId(id).isPresent());
        this.topUpAlerts = new TopUpAlerts(with.ledger());
        this.documents = new OwnDocuments(with.ledger(), with.reader());
        this.facts = new RequestContextReader(
                documents, with.progress().written(), with.ledger(), with.catalogue(), with.futureDated(), topUpAlerts);
        this.instructions = new Instructions(with.ledger(), with.progress());
    }

    Collaborators with() {
        return with;
    }

    TopUpAlerts topUpAlerts() {
        return topUpAlerts;
    }

    Instructions instructions() {
        return instructions;
    }

    /**
     * Processes a document that is on disk.
     *
     * @throws RetryLaterException if it must be offered again later
     */
    public void stored(InboundRecord inbound) {
        stored(inbound, with.reader().readKnown(inbound.body()));
    }

    /**
     * Processes a document that is on disk and was parsed when it was received.
     *
     * @throws RetryLaterException if it must be offered again later
     */
    public void stored(InboundRecord inbound, DuisResponse response) {
        Optional<RequestRecord> request = Interpreter.answers(response)
                .flatMap(id -> written().record(id).or(() -> with.ledger().findByRequestId(id)));
        settle(Arrival.stored(inbound), response, request);
    }

    /** The cache of recent writes. */
    public RecentWrites written() {
        return with.progress().written();
    }

    /**
     * Processes the answer in the exchange of a request, which names that request.
     *
     * @param later the same document as it is stored if it has to be processed later, for example because a token is
     *     offline
     * @param again true if the request may be sent again in case the DCC does not know its outcome
     * @param mayHaveBeenReceived true if the DCC may have received the request before
     */
    SettlementResult exchanged(
            RequestRecord request,
            DuisResponse response,
            InboundDocument document,
            InboundDocument later,
            boolean again,
            boolean mayHaveBeenReceived) {
        try {
            return settle(
                    Arrival.exchanged(request.id(), document, again, mayHaveBeenReceived),
                    response,
                    Optional.of(request));
        } catch (RetryLaterException e) {
            LOG.warn("{}: its answer is stored and processed later: {}", request.id(), e.getMessage());
            String inbound = with.ledger().store(later).id();
            with.progress()
                    .apply(
                            Change.of(request)
                                    .from(RequestState.SENT, RequestState.IN_DOUBT)
                                    .noRetry()
                                    .to(RequestState.ACKNOWLEDGED, "answered; the answer is processed later"),
                            request);
            with.progress().process(inbound, request.lane());
            return SettlementResult.DONE;
        }
    }

    private SettlementResult settle(Arrival arrival, DuisResponse response, Optional<RequestRecord> request) {
        Optional<GbcsMessage> command =
                Interpreter.message(response).isEmpty() ? Optional.empty() : request.flatMap(facts::command);
        Optional<RequestContext> asked = request.map(record -> facts.of(record, command));
        Optional<ParsedMessage> parsed = Interpreter.message(response)
                .map(bytes -> parse(bytes, service(response, request), commands(request, command)));
        Interpretation interpretation = interpreter.interpret(asked, response, parsed);
        return interpretation.meaning().fold(new Effect(this, arrival, response, request, parsed, interpretation));
    }

    private AnsweredCommands commands(Optional<RequestRecord> request, Optional<GbcsMessage> command) {
        return request.map(record -> facts.commands(record, command)).orElse(AnsweredCommands.UNKNOWN);
    }

    /** The service that a GBCS message answers; for a run of a schedule, the scheduled service. */
    private static Optional<String> service(DuisResponse response, Optional<RequestRecord> request) {
        boolean run = response.body() instanceof ResponseBody.ResponseMessage message
                && message.payload()
                        .filter(ResponsePayload.ScheduledMessage.class::isInstance)
                        .isPresent();
        return run
                ? Optional.of(((ResponseBody.ResponseMessage) response.body()).serviceReferenceVariant())
                : request.flatMap(record -> record.target().service());
    }

    private ParsedMessage parse(byte[] bytes, Optional<String> service, AnsweredCommands commands) {
        ParsedMessage parsed = with.parser().parse(bytes, service, commands);
        if (parsed.fault().filter(fault -> fault.mayPass()).isPresent()) {
            throw new RetryLaterException(parsed.reason());
        }
        with.metrics()
                .count(
                        "postern_parsed_total",
                        "result",
                        parsed.ok() ? parsed.mmc().isPresent() ? "mmc" : "no-mmc" : "refused");
        return parsed;
    }

    /**
     * The effect of a request of service 8.13 (DUIS, ReturnLocalCommandResponse) that the DCC has accepted on the
     * request whose command was delivered locally: it contains the device's answer to that command.
     *
     * @param returning the request of service 8.13
     * @return empty if it does not name a request of the same User
     */
    Optional<Change> returned(RequestRecord returning) {
        DuisElement body = documents.of(returning.id()).orElseThrow().body();
        Optional<RequestRecord> original = body.find("OriginalRequestID")
                .map(id -> RequestId.parse(id.strip().toUpperCase(Locale.ROOT)))
                .flatMap(with.ledger()::findByRequestId)
                .filter(request -> user(request).equals(user(returning)));
        return original.map(request -> {
            byte[] answer = Base64.getMimeDecoder()
                    .decode(body.find("DeviceGBCSResponse").orElse(""));
            Optional<GbcsMessage> command = facts.command(request);
            ParsedMessage parsed = parse(answer, request.target().service(), facts.commands(request, command));
            Interpretation interpretation = interpreter.localAnswer(facts.of(request, command), parsed);
            return new SiteAnswer(returning, request, parsed, answer, interpretation, this::notAuthentic).change();
        });
    }

    private static Optional<org.postern.catalogue.Eui64> user(RequestRecord request) {
        return request.requestId().map(RequestId::originator);
    }

    /** Reports to the security log that a message is not authentic. */
    void notAuthentic(String signer, String about, Optional<ParsedMessage> parsed, String reason) {
        with.securityLog()
                .append(new SecurityEvent.MessageNotAuthentic(
                        signer, about, parsed.flatMap(ParsedMessage::useCase).orElse("unknown"), reason));
        LOG.warn("{}: {}", about, reason);
    }

    /**
     * Writes the effect of an answer. If the state of the request has changed in the meantime, the answer is still
     * delivered, with a flag and a remark, and the state does not change.
     *
     * @return false if the state of the request had changed
     */
    boolean write(Arrival arrival, RequestRecord request, Change change, OutboxEntry entry) {
        change.deliver(entry);
        if (with.progress().apply(change, request) || processed(arrival)) {
            change.steps()
                    .forEach(step -> with.metrics()
                            .count("postern_answers_total", "state", step.to().name()));
            return true;
        }
        RequestState state =
                with.ledger().find(request.id()).map(RequestRecord::state).orElse(request.state());
        String remark = "an answer (" + entry.headers().getOrDefault("outcome", "")
                + ") was received when the request was already " + state + ", which does not change";
        with.progress()
                .apply(
                        arrival.mark(Change.of(request).remark(remark).deliver(Results.late(entry, remark)), remark),
                        request);
        return false;
    }

    private boolean processed(Arrival arrival) {
        return !arrival.sameExchange()
                && with.ledger()
                        .inbound(arrival.source())
                        .filter(record -> record.state() != InboundState.STORED)
                        .isPresent();
    }

    /** Writes the effect of a document that belongs to no request. */
    void write(Arrival arrival, Change change, String cause, Lane lane) {
        with.progress().apply(arrival.mark(change, cause), lane);
    }
}
