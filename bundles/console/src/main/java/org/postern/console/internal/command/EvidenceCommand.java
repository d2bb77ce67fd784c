package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.ConsoleFiles;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.securitylogging.Outcome;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.StoredEvidence;

/**
 * {@code dcc:evidence ID [FILE]}: exports the evidence of why a Pre-Command was signed or refused, in one file that
 * {@code pac.jar recheck} checks without the appliance. The security log records the file's digest, by which a forged
 * file can be recognised years later.
 */
@Service
@Command(
        scope = "dcc",
        name = "evidence",
        description = "Export the evidence of a critical request, for a recheck on any machine")
public final class EvidenceCommand extends PosternCommand {

    @Argument(name = "ID", description = "Durable id or RequestID", required = true)
    @Completion(RequestIdCompleter.class)
    String id;

    @Argument(
            index = 1,
            name = "FILE",
            description = "New file in the export folder; without it the evidence is printed")
    String file;

    @Override
    protected void run(Services here, CommandOutput output) throws Exception {
        Ledger ledger = here.need(Ledger.class);
        RequestRecord request = Requests.find(ledger, id);
        EvidenceFile evidence = StoredEvidence.of(ledger, request)
                .orElseThrow(() -> Requests.fault("a request that was correlated", "it has no evidence"));
        byte[] json = evidence.json();
        String digest = evidence.computedDigest();
        here.need(SecurityLog.class)
                .append(new SecurityEvent.CommandGiven(
                        user(), "dcc:evidence " + request.id() + " " + digest, Outcome.DONE));
        if (file == null) {
            output.raw(new String(json, StandardCharsets.UTF_8));
            return;
        }
        // the request may contain personal data: only the owner can read the file
        Path path = here.need(ConsoleFiles.class).write(file, json);
        output.part(
                "",
                row(
                        "id",
                        request.id(),
                        "requestId",
                        request.requestId(),
                        "verdict",
                        evidence.verdict(),
                        "file",
                        path.toString(),
                        "bytes",
                        json.length,
                        "digest",
                        digest));
        output.remark(
                "The security log has recorded the digest: java -jar pac.jar recheck --digest DIGEST FILE checks the file against it.");
        output.end();
    }
}
