package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.List;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.ConsoleFault;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.ecprovider.EcProvider;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.parsecorrelate.Recheck;
import org.postern.servicerequests.StoredEvidence;

/**
 * {@code gbcs:recheck ID}: repeats a correlation from the ledger's evidence alone, compares the result with the
 * recorded verdict and verifies the stored signature. It cannot lead to a signature, since it makes no proof.
 */
@Service
@Command(
        scope = "gbcs",
        name = "recheck",
        description = "Repeat the correlation of a critical request from the stored evidence, and verify its signature")
public final class RecheckCommand extends PosternCommand {

    @Argument(name = "ID", description = "Durable id or RequestID", required = true)
    @Completion(RequestIdCompleter.class)
    String id;

    @Option(name = "--fields", description = "List every compared field: DUIS path, bytes, rule, equal or excused")
    boolean fields;

    @Override
    protected void run(Services here, CommandOutput output) {
        Ledger ledger = here.need(Ledger.class);
        RequestRecord request = Requests.find(ledger, id);
        EvidenceFile evidence = StoredEvidence.of(ledger, request)
                .orElseThrow(() -> Requests.fault("a request that was correlated", "there is no evidence of it"));
        Recheck.Report report = Recheck.of(evidence, here.need(EcProvider.class));
        output.part(
                "recheck",
                row(
                        "id",
                        request.id(),
                        "requestId",
                        request.requestId(),
                        "agrees",
                        report.agrees(),
                        "verdict",
                        report.verdict(),
                        "verdictOfTheDay",
                        evidence.verdict(),
                        "useCase",
                        evidence.useCase(),
                        "rulesOfTheDay",
                        evidence.ruleVersion(),
                        "rulesNow",
                        report.rulesNow(),
                        "rules",
                        report.sameRules()
                                ? "unchanged since the correlation"
                                : "changed since the correlation; the recheck used those of today",
                        "exchangedAt",
                        evidence.exchangedAt(),
                        "toleranceSeconds",
                        evidence.tolerance().toSeconds(),
                        "signature",
                        text(report.signature()),
                        "keyAlias",
                        evidence.signing().map(EvidenceFile.Signing::keyAlias),
                        "certificateSerial",
                        evidence.signing().map(EvidenceFile.Signing::serial),
                        "proofConsumedAt",
                        evidence.signing().map(EvidenceFile.Signing::proofConsumedAt),
                        "findings",
                        String.join("; ", report.findings())));
        output.part(
                "excused",
                List.of("path", "position", "value", "time", "secondsFromExchange"),
                evidence.excused().stream()
                        .map(e -> row(e.entrySet().stream()
                                .flatMap(m -> java.util.stream.Stream.of(m.getKey(), (Object) m.getValue()))
                                .toArray()))
                        .toList(),
                "none");
        output.part(
                "differences",
                List.of("path", "expected", "got", "rule"),
                report.differences().stream()
                        .map(d -> row("path", d.path(), "expected", d.expected(), "got", d.got(), "rule", d.rule()))
                        .toList(),
                "none");
        if (fields) {
            output.part(
                    "fields",
                    List.of("path", "position", "value", "outcome", "rule"),
                    report.fields().stream()
                            .map(f -> row(
                                    "path",
                                    f.path(),
                                    "position",
                                    f.position(),
                                    "value",
                                    f.got().equals(f.expected())
                                            ? f.got()
                                            : "expected " + f.expected() + ", got " + f.got(),
                                    "outcome",
                                    f.outcome().name().toLowerCase(Locale.ROOT),
                                    "rule",
                                    f.rule()))
                            .toList(),
                    "the Service Request cannot be transformed");
        }
        output.end();
        if (!report.agrees()) {
            throw new PosternException(ConsoleFault.EVIDENCE_DIFFERS.fault(
                    request.id(),
                    "evidence leads to the recorded verdict again, and is consistent",
                    String.join("; ", report.findings()),
                    "compare the rule versions; if they are the same, inform the security officer"));
        }
    }

    private static String text(Recheck.SignatureCheck check) {
        return switch (check) {
            case VERIFIED -> "verified with the recorded certificate";
            case ABSENT -> "none: nothing was signed";
            case UNCHECKED -> "not checked: its certificate was not recorded";
            case WRONG -> "WRONG";
        };
    }
}
