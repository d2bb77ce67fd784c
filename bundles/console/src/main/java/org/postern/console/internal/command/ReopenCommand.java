package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.hsm.VaultControl;

/**
 * {@code hsm:reopen}: opens the key vault again, after keys were renewed. If that fails, the open vault stays in use.
 */
@Service
@Command(
        scope = "hsm",
        name = "reopen",
        description = "Open the key vault again, with its present keys and certificates")
public final class ReopenCommand extends PosternCommand {

    @Override
    protected void run(Services here, CommandOutput output) {
        here.need(VaultControl.class).reopen();
        output.part("vault", row("vault", "is being reopened; dcc:status shows the outcome, hsm:keys the keys"));
        output.end();
    }
}
