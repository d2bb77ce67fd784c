package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyTest;
import org.postern.hsm.KeyVault;

/** {@code hsm:test}: uses each key once, to test it. */
@Service
@Command(scope = "hsm", name = "test", description = "Sign and verify, or agree and compare, with one key or with all")
public final class TestCommand extends PosternCommand {

    @Argument(name = "ALIAS", description = "The key; without it every key")
    @Completion(AliasCompleter.class)
    String alias;

    @Override
    protected void run(Services here, CommandOutput output) {
        KeyVault vault = here.need(KeyVault.class);
        List<Map<String, Object>> rows = new ArrayList<>();
        PosternException failure = null;
        for (String each : alias != null
                ? List.of(alias)
                : vault.keys().stream().map(KeyEntry::alias).toList()) {
            try {
                KeyTest test = vault.test(each);
                rows.add(row(
                        "alias",
                        each,
                        "purpose",
                        test.purpose(),
                        "result",
                        "good",
                        "microseconds",
                        test.microseconds(),
                        "publicKeySha256",
                        test.publicKeySha256()));
            } catch (PosternException e) {
                failure = e;
                rows.add(row(
                        "alias",
                        each,
                        "purpose",
                        "",
                        "result",
                        e.fault().code() + " " + e.fault().cause(),
                        "microseconds",
                        null,
                        "publicKeySha256",
                        ""));
            }
        }
        output.table(
                List.of("alias", "purpose", "result", "microseconds", "publicKeySha256"),
                rows,
                "the vault has no keys");
        if (failure != null) {
            throw failure;
        }
    }
}
