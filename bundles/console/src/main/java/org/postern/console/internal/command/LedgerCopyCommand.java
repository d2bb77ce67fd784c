package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.ConsoleFiles;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.ledger.Ledger;
import org.postern.securitylogging.Outcome;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;

/** {@code dcc:ledger-copy}: copies the ledger, for inspection, while it is in use. */
@Service
@Command(
        scope = "dcc",
        name = "ledger-copy",
        description = "Write a copy of the ledger's SQLite file into the export folder")
public final class LedgerCopyCommand extends PosternCommand {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Clock clock = Clock.systemUTC();

    @Override
    protected void run(Services here, CommandOutput output) throws Exception {
        here.need(SecurityLog.class).append(new SecurityEvent.CommandGiven(user(), "dcc:ledger-copy", Outcome.DONE));
        // creates an empty file that only its owner can read, which SQLite then fills
        Path file = here.need(ConsoleFiles.class).write("ledger-" + NAME.format(clock.instant()) + ".db", new byte[0]);
        here.need(Ledger.class).copyTo(file);
        output.part("", row("file", file.toString(), "bytes", Files.size(file)));
        output.remark(
                "Open the copy with any SQLite program. Never open the ledger's own file with Postern's commands or interfaces.");
        output.end();
    }
}
