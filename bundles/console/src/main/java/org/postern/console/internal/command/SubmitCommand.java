package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.Locale;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ReplyAddress;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.ConsoleFault;
import org.postern.console.internal.ConsoleFiles;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.securitylogging.Outcome;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Submission;

/** {@code dcc:submit FILE}: submits one request, by the same rules as all other channels. */
@Service
@Command(
        scope = "dcc",
        name = "submit",
        description = "Submit a Service Request from a file (unsigned DUIS XML, or JSON)")
public final class SubmitCommand extends PosternCommand {

    /** Largest file with a request, in bytes. */
    static final int LIMIT = 2 << 20;

    @Argument(name = "FILE", description = "File in the import folder", required = true)
    @Completion(ImportFileCompleter.class)
    String file;

    @Option(
            name = "--correlation-id",
            aliases = "--correlation",
            description = "Your own id: if it is submitted again with the same id, it is the same request")
    String correlationId;

    @Option(name = "--reply-to", description = "Queue for the answer; by default the queue of all results")
    String replyTo;

    @Option(name = "--lane", description = "PREPAYMENT, INTERACTIVE, ROUTINE or BULK; by default the service's own")
    @Completion(LaneCompleter.class)
    String lane;

    @Override
    protected void run(Services here, CommandOutput output) throws Exception {
        byte[] bytes = here.need(ConsoleFiles.class).read(file, LIMIT);
        here.need(SecurityLog.class).append(new SecurityEvent.CommandGiven(user(), "dcc:submit", Outcome.DONE));
        Admission admission = here.need(ServiceRequests.class)
                .admit(new Submission(
                        Channel.CONSOLE,
                        format(bytes),
                        bytes,
                        replyTo(),
                        Optional.ofNullable(correlationId),
                        lane(),
                        user()));
        Optional<Fault> refused = admission.fold(
                accepted -> {
                    output.part(
                            "",
                            row(
                                    "id",
                                    accepted.id(),
                                    "requestId",
                                    accepted.requestId(),
                                    "again",
                                    accepted.repeated(),
                                    "utrn",
                                    accepted.token().map(token -> token.grouped())));
                    return Optional.empty();
                },
                refusal -> {
                    output.part(
                            "",
                            row(
                                    "id",
                                    refusal.id(),
                                    "refused",
                                    refusal.fault().code(),
                                    "fault",
                                    output.forScripts(refusal.fault())));
                    return Optional.of(refusal.fault());
                });
        output.end();
        if (refused.isPresent()) {
            throw new PosternException(refused.get());
        }
    }

    private Optional<Lane> lane() {
        try {
            return Optional.ofNullable(lane).map(l -> Lane.valueOf(l.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw new PosternException(
                    ConsoleFault.ARGUMENT.fault(
                            "--lane",
                            "PREPAYMENT, INTERACTIVE, ROUTINE or BULK",
                            "it is none of them",
                            "use one of them"),
                    e);
        }
    }

    private Optional<ReplyAddress> replyTo() {
        return Optional.ofNullable(replyTo)
                .map(text -> ReplyAddress.parse(text)
                        .orElseThrow(() -> new PosternException(new Fault(
                                ConsoleFault.ARGUMENT,
                                "--reply-to",
                                "the name of a queue, or queue:NAME, topic:NAME, file:NAME",
                                "it is not",
                                "correct it, or leave it out"))));
    }

    /** JSON if a brace comes before any angle bracket. */
    static Submission.Format format(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '{') {
                return Submission.Format.JSON;
            }
            if (b == '<') {
                break;
            }
        }
        return Submission.Format.XML;
    }
}
