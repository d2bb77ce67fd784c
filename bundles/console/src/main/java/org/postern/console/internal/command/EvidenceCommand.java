package org.postern.console.internal.command;

import static org.postern.console.internal.Screen.row;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.ConsoleFault;
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
 * {@code dcc:evidence ID [FILE]}: exports why a Pre-Command was signed or refused, in one file that {@code pac.jar recheck} checks
 * without the appliance. The security log notes the file's digest, which is how a forged one is told years later.
 */
@Service
@Command(scope = "dcc", name = "evidence", description = "Export the evidence of a critical request, to be rechecked anywhere")
public final class EvidenceCommand extends PosternCommand {

    @Argument(name = "ID", description = "Durable id or RequestID", required = true)
    @Completion(RequestIdCompleter.class)
    String id;

    @Argument(index = 1, name = "FILE", description = "New file on the appliance; without it the evidence is printed")
    @Completion(FileCompleter.class)
    String file;

    @Override
    protected void run(Services here, Screen screen) throws Exception {
        Ledger ledger = here.need(Ledger.class);
        RequestRecord request = Requests.find(ledger, id);
        EvidenceFile evidence = StoredEvidence.of(ledger, request)
                .orElseThrow(() -> Requests.fault("a request that was correlated", "there is no evidence of it"));
        byte[] json = evidence.json();
        String digest = evidence.computedDigest();
        here.need(SecurityLog.class).append(new SecurityEvent.CommandGiven(user(), "dcc:evidence " + request.id() + " " + digest, Outcome.DONE));
        if (file == null) {
            screen.raw(new String(json, StandardCharsets.UTF_8));
            return;
        }
        Path path = written(json);
        screen.part("", row("id", request.id(), "requestId", request.requestId(), "verdict", evidence.verdict(), "file", path.toString(),
                "bytes", json.length, "digest", digest));
        screen.remark("The security log has noted the digest: java -jar pac.jar recheck --digest DIGEST FILE checks the file against it.");
        screen.end();
    }

    private Path written(byte[] json) throws IOException {
        try {
            Path path = Path.of(file).toAbsolutePath();
            Files.write(path, json, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                // the request inside may be personal data
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            }
            return path;
        } catch (FileAlreadyExistsException e) {
            throw bad("a new file", "it exists");
        } catch (IOException | InvalidPathException e) {
            throw bad("a file that can be written", e.getClass().getSimpleName());
        }
    }

    private static PosternException bad(String rule, String cause) {
        return new PosternException(ConsoleFault.ARGUMENT.fault("FILE", rule, cause, "give another name"));
    }
}
