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
import org.postern.servicerequests.internal.answers.Asked;
import org.postern.servicerequests.internal.answers.Interpreter;
import org.postern.servicerequests.internal.answers.Judgement;
import org.postern.servicerequests.internal.reading.OwnDocuments;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a document of the DCC its effect, whichever way it came: parses the GBCS message inside, has it interpreted,
 * and writes state, outbox and inbox in one transaction. Whatever cannot be read, matched or proven is delivered as it
 * came, with the reason. Safe for many threads; the same document twice is idempotent.
 */
public final class Settlement {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    /**
     * Those it works with.
     *
     * @param dated future-dated requests and what ends them
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
            Dated dated,
            Clock clock) {}

    private final Collaborators with;
    private final Interpreter interpreter;
    private final AskedFacts facts;
    private final Instructions instructions;
    private final TopUpAlerts topUpAlerts;
    private final OwnDocuments documents;

    public Settlement(Collaborators with) {
        this.with = Objects.requireNonNull(with, "with");
        this.interpreter = new Interpreter(
                with.codes(), with.catalogue(), id -> with.roles().byUserId(id).isPresent());
        this.topUpAlerts = new TopUpAlerts(with.ledger());
        this.documents = new OwnDocuments(with.ledger(), with.reader());
        this.facts = new AskedFacts(
                documents, with.progress().written(), with.ledger(), with.catalogue(), with.dated(), topUpAlerts);
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
     * A document that is on disk.
     *
     * @throws NotNow where it is to be offered again later
     */
    public void stored(InboundRecord inbound) {
        stored(inbound, with.reader().readKnown(inbound.body()));
    }

    /**
     * A document that is on disk and was parsed when it came.
     *
     * @throws NotNow where it is to be offered again later
     */
    public void stored(InboundRecord inbound, DuisResponse response) {
        Optional<RequestRecord> request = Interpreter.answers(response)
                .flatMap(id -> written().record(id).or(() -> with.ledger().findByRequestId(id)));
        settle(Arrival.stored(inbound), response, request);
    }

    /** What was just written. */
    public JustWritten written() {
        return with.progress().written();
    }

    /**
     * The answer in the exchange of a request, which names that request.
     *
     * @param later the same document as it is stored where it has to wait, for example for a token that is offline
     * @param again true where the request may be sent once more if the DCC does not know its outcome
     * @param hadBefore true where the DCC may have had the request before
     */
    Settled exchanged(
            RequestRecord request,
            DuisResponse response,
            InboundDocument document,
            InboundDocument later,
            boolean again,
            boolean hadBefore) {
        try {
            return settle(Arrival.exchanged(request.id(), document, again, hadBefore), response, Optional.of(request));
        } catch (NotNow e) {
            LOG.warn("{}: its answer is kept and read later: {}", request.id(), e.getMessage());
            String inbound = with.ledger().store(later).id();
            with.progress()
                    .apply(
                            Change.of(request)
                                    .from(RequestState.SENT, RequestState.IN_DOUBT)
                                    .noRetry()
                                    .to(RequestState.ACKNOWLEDGED, "answered; the answer is read later"),
                            request);
            with.progress().process(inbound, request.lane());
            return Settled.DONE;
        }
    }

    private Settled settle(Arrival arrival, DuisResponse response, Optional<RequestRecord> request) {
        Optional<GbcsMessage> command =
                Interpreter.message(response).isEmpty() ? Optional.empty() : request.flatMap(facts::command);
        Optional<Asked> asked = request.map(record -> facts.of(record, command));
        Optional<ParsedMessage> parsed = Interpreter.message(response)
                .map(bytes -> parse(bytes, service(response, request), commands(request, command)));
        Judgement judgement = interpreter.judge(asked, response, parsed);
        return judgement.meaning().fold(new Effect(this, arrival, response, request, parsed, judgement));
    }

    private AnsweredCommands commands(Optional<RequestRecord> request, Optional<GbcsMessage> command) {
        return request.map(record -> facts.commands(record, command)).orElse(AnsweredCommands.UNKNOWN);
    }

    /** The service that a GBCS message answers; of a run, the one that was scheduled. */
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
            throw new NotNow(parsed.reason());
        }
        with.metrics()
                .count(
                        "postern_parsed_total",
                        "result",
                        parsed.ok() ? parsed.mmc().isPresent() ? "mmc" : "no-mmc" : "refused");
        return parsed;
    }

    /**
     * What an 8.13 that the DCC has taken makes of the request whose command was delivered on site: its answer (DUIS,
     * ReturnLocalCommandResponse).
     *
     * @param returning the request that the DCC has answered
     * @return empty where no request of the same User is named that waits for such an answer
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
            Judgement judgement = interpreter.fromTheSite(facts.of(request, command), parsed);
            return new SiteAnswer(returning, request, parsed, answer, judgement, this::notAuthentic).change();
        });
    }

    private static Optional<org.postern.catalogue.Eui64> user(RequestRecord request) {
        return request.requestId().map(RequestId::originator);
    }

    /** Tells the security log that what came is not what it is given as. */
    void notAuthentic(String signer, String about, Optional<ParsedMessage> parsed, String reason) {
        with.securityLog()
                .append(new SecurityEvent.MessageNotAuthentic(
                        signer, about, parsed.flatMap(ParsedMessage::useCase).orElse("unknown"), reason));
        LOG.warn("{}: {}", about, reason);
    }

    /**
     * Writes the effect of an answer. Where the request has moved on meanwhile, the answer is delivered all the same,
     * flagged and noted, and the state stays.
     *
     * @return false where the request had moved on
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
        String remark = "an answer (" + entry.headers().getOrDefault("outcome", "") + ") came when the request was "
                + state + " already, which stands";
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

    /** Writes what belongs to no request. */
    void write(Arrival arrival, Change change, String cause, Lane lane) {
        with.progress().apply(arrival.mark(change, cause), lane);
    }
}
