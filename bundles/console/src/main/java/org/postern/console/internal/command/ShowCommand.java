package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Sha256;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.Explanation;
import org.postern.console.internal.Json;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.ledger.Evidence;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.Remark;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.Transition;
import org.postern.securitylogging.SecurityLog;

/**
 * {@code dcc:show ID}: shows one request with its states, times, digests and the evidence of its correlation, but no
 * payloads.
 */
@Service
@Command(
        scope = "dcc",
        name = "show",
        description =
                "One request: its states with times, why it was signed or refused, what was received and delivered")
public final class ShowCommand extends PosternCommand {

    /** Number of the newest records of the security log that are searched. */
    private static final int LOG_RECORDS = 5000;
    /** Headers of a delivery that state how far the result can be trusted, and what to do. */
    private static final List<String> TRUST_HEADERS = List.of(
            "outcome",
            "form",
            "authenticated",
            "encrypted",
            "reason",
            "flag",
            "unprovenCode",
            "topUpResult",
            "advice",
            "effect");

    @Argument(name = "ID", description = "Durable id or RequestID", required = true)
    @Completion(RequestIdCompleter.class)
    String id;

    @Override
    protected void run(Services here, CommandOutput output) {
        Ledger ledger = here.need(Ledger.class);
        RequestRecord request = Requests.find(ledger, id);
        List<Fault> damaged = new ArrayList<>();
        output.sentences(
                "explanation",
                readable(
                        damaged,
                        () -> Explanation.of(
                                ledger,
                                request,
                                here.find(SecurityLog.class)
                                        .map(log -> log.tail(LOG_RECORDS))
                                        .orElse(List.of()))));
        output.part(
                "request",
                row(
                        "id",
                        request.id(),
                        "requestId",
                        request.requestId(),
                        "service",
                        request.target().service(),
                        "variant",
                        request.target().variant(),
                        "role",
                        request.target().role(),
                        "device",
                        request.target().device().map(Eui64::dashed),
                        "state",
                        request.state(),
                        "cause",
                        request.progress().cause(),
                        "responseCode",
                        request.progress().responseCode(),
                        "success",
                        request.progress().success(),
                        "interface",
                        request.origin().channel(),
                        "correlationId",
                        request.origin().correlationId(),
                        "principal",
                        request.origin().principal(),
                        "lane",
                        request.lane(),
                        "attempts",
                        request.sending().attempts(),
                        "retryAt",
                        request.sending().retryAt(),
                        "executionTime",
                        request.timing().executesAt(),
                        "cancels",
                        request.timing().cancels() ? "yes" : "no",
                        "dueBy",
                        request.timing().dueBy(),
                        "created",
                        request.createdAt(),
                        "updated",
                        request.updatedAt()));
        output.part(
                "path",
                List.of("#", "from", "to", "at", "after ms", "cause", "digest"),
                path(ledger.path(request.id())),
                "no transitions");
        ledger.evidence(request.id()).ifPresent(e -> output.part("correlation", evidence(e)));
        if (request.timing().executesAt().isPresent()) {
            output.part(
                    "instructions",
                    List.of("instruction", "outcome", "subject", "at", "document", "remark"),
                    ledger.instructions(request.id()).stream()
                            .map(i -> row(
                                    "instruction",
                                    i.number() + "/" + i.total(),
                                    "outcome",
                                    i.actioned() ? "actioned" : "not actioned",
                                    "subject",
                                    i.subject(),
                                    "at",
                                    i.at(),
                                    "document",
                                    i.inbound(),
                                    "remark",
                                    i.remark()))
                            .toList(),
                    "no outcome yet");
        }
        List<Remark> remarks = ledger.remarks(request.id());
        if (!remarks.isEmpty()) {
            output.part(
                    "remarks",
                    List.of("at", "text"),
                    remarks.stream()
                            .map(r -> row("at", r.at(), "text", r.text()))
                            .toList(),
                    "none");
        }
        output.part(
                "documents",
                List.of("document", "bytes", "sha256"),
                readable(
                        damaged,
                        () -> ledger.documents(request.id())
                                .map(ShowCommand::documents)
                                .orElse(List.of())),
                "none");
        output.part(
                "received",
                List.of("kind", "responseCode", "state", "receivedAt", "signer", "identity", "cause"),
                readable(
                                damaged,
                                () -> request.requestId().map(ledger::inboundOf).orElse(List.of()))
                        .stream()
                        .map(i -> row(
                                "id",
                                i.id(),
                                "kind",
                                i.kind(),
                                "responseCode",
                                i.responseCode(),
                                "state",
                                i.state(),
                                "receivedAt",
                                i.receivedAt(),
                                "signer",
                                i.signer(),
                                "identity",
                                i.identity(),
                                "sha256",
                                i.sha256(),
                                "cause",
                                i.cause()))
                        .toList(),
                "nothing received");
        List<String> columns = new ArrayList<>(List.of("id", "kind"));
        columns.addAll(TRUST_HEADERS);
        columns.addAll(List.of("destination", "state", "attempts", "created"));
        output.part(
                "deliveries",
                columns,
                readable(damaged, () -> ledger.deliveriesOf(request.id())).stream()
                        .map(ShowCommand::delivery)
                        .toList(),
                "nothing to deliver");
        if (!damaged.isEmpty()) {
            output.part(
                    "damaged",
                    List.of("fault"),
                    damaged.stream()
                            .map(fault -> row("fault", fault.toString()))
                            .distinct()
                            .toList(),
                    "none");
        }
        output.end();
    }

    /**
     * Omits a part that cannot be read because a document is damaged, and records the fault, so that the other parts
     * are shown.
     */
    private static <T> List<T> readable(List<Fault> damaged, Supplier<List<T>> part) {
        try {
            return part.get();
        } catch (LedgerException e) {
            if (e.kind() != LedgerException.Kind.DOCUMENT_DAMAGED) {
                throw e;
            }
            damaged.add(e.fault());
            return List.of();
        }
    }

    private static Map<String, Object> delivery(OutboxEntry entry) {
        Map<String, Object> row = row("id", entry.id(), "kind", entry.kind());
        TRUST_HEADERS.forEach(mark -> row.put(mark, entry.headers().getOrDefault(mark, "")));
        row.putAll(row(
                "destination",
                entry.destination(),
                "state",
                entry.state(),
                "attempts",
                entry.attempts(),
                "created",
                entry.createdAt()));
        return row;
    }

    private static List<Map<String, Object>> path(List<Transition> steps) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Instant before = null;
        for (Transition step : steps) {
            rows.add(row(
                    "#",
                    step.sequence(),
                    "from",
                    step.from(),
                    "to",
                    step.to(),
                    "at",
                    step.at(),
                    "after ms",
                    before == null ? 0L : Duration.between(before, step.at()).toMillis(),
                    "cause",
                    step.cause(),
                    "digest",
                    step.digest()));
            before = step.at();
        }
        return rows;
    }

    private static Map<String, Object> evidence(Evidence evidence) {
        return row(
                "verdict",
                evidence.verdict(),
                "useCase",
                evidence.useCase(),
                "ruleVersion",
                evidence.ruleVersion(),
                "exchangedAt",
                evidence.exchangedAt(),
                "toleranceSeconds",
                evidence.tolerance().toSeconds(),
                "requestSha256",
                evidence.requestSha256(),
                "preCommandSha256",
                evidence.preCommandSha256(),
                "signed",
                evidence.signing().isPresent() ? "yes" : "no",
                "keyAlias",
                evidence.signing().map(Evidence.Signing::keyAlias),
                "certificateSerial",
                evidence.signing().map(Evidence.Signing::serial),
                "certificateIssuer",
                evidence.signing().map(Evidence.Signing::issuer),
                "proofConsumedAt",
                evidence.signing().map(Evidence.Signing::at),
                "excused",
                new Json.Raw(evidence.excused()),
                "differences",
                new Json.Raw(evidence.differences()),
                "deviceFacts",
                new Json.Raw(evidence.deviceFacts()));
    }

    private static List<Map<String, Object>> documents(RequestDocuments documents) {
        List<Map<String, Object>> rows = new ArrayList<>();
        add(rows, "as submitted", Optional.of(documents.original()));
        add(rows, "our document", documents.document());
        add(rows, "sent to Transform", documents.transformWire());
        add(rows, "Pre-Command", documents.preCommand());
        add(rows, "signed Pre-Command", documents.signedPreCommand());
        add(rows, "sent last", documents.wire());
        return rows;
    }

    private static void add(List<Map<String, Object>> rows, String name, Optional<byte[]> bytes) {
        bytes.ifPresent(b -> rows.add(row("document", name, "bytes", b.length, "sha256", Sha256.hex(b))));
    }
}
