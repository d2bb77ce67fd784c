package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.hsm.KeyVault;

/** {@code hsm:keys}: the keys of the vault, never their secrets. */
@Service
@Command(scope = "hsm", name = "keys", description = "The keys of the vault: alias, purpose, owner, certificate")
public final class KeysCommand extends PosternCommand {

    @Override
    protected void run(Services here, CommandOutput output) {
        output.table(
                List.of("alias", "purpose", "eui", "issuer", "serial", "notAfter", "publicKeySha256"),
                here.need(KeyVault.class).keys().stream()
                        .map(k -> row(
                                "alias",
                                k.alias(),
                                "purpose",
                                k.purpose(),
                                "eui",
                                k.eui().dashed(),
                                "issuer",
                                k.issuer(),
                                "serial",
                                k.serial(),
                                "notAfter",
                                k.notAfter(),
                                "publicKeySha256",
                                k.publicKeySha256()))
                        .toList(),
                "the vault has no keys");
    }
}
