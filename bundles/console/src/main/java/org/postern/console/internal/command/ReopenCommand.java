package org.postern.console.internal.command;

import static org.postern.console.internal.Screen.row;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Screen;
import org.postern.console.internal.Services;
import org.postern.hsm.VaultControl;

/** {@code hsm:reopen}: after keys were renewed. The vault that is open stays in use where the new one does not open. */
@Service
@Command(
        scope = "hsm",
        name = "reopen",
        description = "Open the key vault anew with the keys and certificates that are there now")
public final class ReopenCommand extends PosternCommand {

    @Override
    protected void run(Services here, Screen screen) {
        here.need(VaultControl.class).reopen();
        screen.part("vault", row("vault", "is being opened anew; dcc:status shows the outcome, hsm:keys the keys"));
        screen.end();
    }
}
