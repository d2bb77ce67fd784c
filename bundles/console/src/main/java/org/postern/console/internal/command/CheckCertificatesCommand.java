package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.ConsoleFiles;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.CredentialsReport;

/**
 * {@code dcc:check-certificates FILE}: runs the pre-checks of a credentials service on a request in a file. It submits
 * nothing and uses or raises no counter. It fails where admission would refuse the request.
 */
@Service
@Command(
        scope = "dcc",
        name = "check-certificates",
        description = "Run the certificate pre-checks on a credentials request, without submitting it")
public final class CheckCertificatesCommand extends PosternCommand {

    @Argument(name = "FILE", description = "File in the import folder: unsigned DUIS XML, or JSON", required = true)
    @Completion(ImportFileCompleter.class)
    String file;

    @Override
    protected void run(Services here, CommandOutput output) throws Exception {
        byte[] bytes = here.need(ConsoleFiles.class).read(file, SubmitCommand.LIMIT);
        CredentialsReport report = here.need(CredentialChecks.class).check(SubmitCommand.format(bytes), bytes);
        Optional<Fault> refusal = report.refusal();
        output.part(
                "request",
                row(
                        "service",
                        report.service(),
                        "submitter",
                        report.submitter(),
                        "device",
                        report.device(),
                        "party",
                        report.party(),
                        "verdict",
                        refusal.isPresent() ? "refused" : "admissible",
                        "postCheck",
                        report.postCheck()));
        output.part(
                "certificates",
                List.of("element", "for", "role", "eui", "usage", "serial", "notBefore", "notAfter"),
                report.certificates().stream()
                        .map(c -> row(
                                "element",
                                c.element(),
                                "for",
                                c.replaces() ? "device" : "path",
                                "role",
                                c.role(),
                                "eui",
                                c.eui(),
                                "usage",
                                c.usage(),
                                "serial",
                                c.serial(),
                                "notBefore",
                                c.notBefore(),
                                "notAfter",
                                c.notAfter()))
                        .toList(),
                "none");
        output.part(
                "floors",
                List.of("element", "floor", "owner", "lowest", "largest", "raises"),
                report.floors().stream().map(CheckCertificatesCommand::floor).toList(),
                "none");
        output.part(
                "findings",
                List.of("code", "weight", "field", "rule", "cause", "action"),
                report.findings().stream()
                        .map(f -> row(
                                "code",
                                f.fault().code(),
                                "weight",
                                f.refuses() ? "refuses" : "warns",
                                "field",
                                f.fault().field(),
                                "rule",
                                f.fault().rule(),
                                "cause",
                                f.fault().cause(),
                                "action",
                                f.fault().action()))
                        .toList(),
                "no findings");
        output.end();
        if (refusal.isPresent()) {
            throw new PosternException(refusal.get());
        }
    }

    /** Shows no bounds where Postern does not assign the counters. */
    private static Map<String, Object> floor(CredentialsReport.Floor floor) {
        return row(
                "element",
                floor.element(),
                "floor",
                floor.value(),
                "owner",
                floor.owner(),
                "lowest",
                floor.ours() ? floor.lowest() : null,
                "largest",
                floor.ours() ? floor.largest() : null,
                "raises",
                floor.raises());
    }
}
