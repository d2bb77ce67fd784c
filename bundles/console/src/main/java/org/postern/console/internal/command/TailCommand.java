package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.securitylogging.SecurityLog;

/** {@code audit:tail}: the newest records of the security log. */
@Service
@Command(scope = "audit", name = "tail", description = "The newest records of the security log, oldest first")
public final class TailCommand extends PosternCommand {

    @Option(name = "-n", aliases = "--count", description = "How many, at most 10000")
    int count = 20;

    @Override
    protected void run(Services here, CommandOutput output) {
        output.table(
                List.of("number", "at", "id", "actor", "interface", "object", "outcome", "details"),
                here.need(SecurityLog.class).tail(Math.max(1, Math.min(count, 10_000))).stream()
                        .map(e -> row(
                                "number",
                                e.number(),
                                "at",
                                e.at(),
                                "id",
                                e.id(),
                                "actor",
                                e.actor(),
                                "interface",
                                e.channel(),
                                "object",
                                e.object(),
                                "outcome",
                                e.outcome(),
                                "details",
                                e.details(),
                                "hash",
                                e.hash()))
                        .toList(),
                "the log is empty");
    }
}
