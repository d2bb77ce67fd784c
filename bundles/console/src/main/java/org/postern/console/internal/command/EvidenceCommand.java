package org.postern.console.internal.command;

import static org.postern.console.internal.Screen.row;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.console.internal.ConsoleFiles;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Screen;
import org.postern.console.internal.Services;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.securitylogging.Outcome;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.StoredEvidence;

/**
 * {@code dcc:evidence ID [FILE]}: exports why a Pre-Command was signed or refused, in one file that {@code pac.jar
 * recheck} checks without the appliance. The security log notes the file's digest, which is how a forged one is told
 * years later.
 */
@Service
@Command(
        scope = "dcc",
        name = "evidence",
        description = "Export the evidence of a critical request, to be rechecked anywhere")
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
    protected void run(Services here, Screen screen) throws Exception {
        Ledger ledger = here.need(Ledger.class);
        RequestRecord request = Requests.find(ledger, id);
        EvidenceFile evidence = StoredEvidence.of(ledger, request)
                .orElseThrow(() -> Requests.fault("a request that was correlated", "there is no evidence of it"));
        byte[] json = evidence.json();
        String digest = evidence.computedDigest();
        here.need(SecurityLog.class)
                .append(new SecurityEvent.CommandGiven(
                        user(), "dcc:evidence " + request.id() + " " + digest, Outcome.DONE));
        if (file == null) {
            screen.raw(new String(json, StandardCharsets.UTF_8));
            return;
        }
        // the request inside may be personal data: the file is its owner's alone
        Path path = here.need(ConsoleFiles.class).write(file, json);
        screen.part(
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
        screen.remark(
                "The security log has noted the digest: java -jar pac.jar recheck --digest DIGEST FILE checks the file against it.");
        screen.end();
    }
}
