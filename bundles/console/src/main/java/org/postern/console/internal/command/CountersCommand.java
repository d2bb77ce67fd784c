package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.Eui64;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.ledger.Counters;
import org.postern.ledger.Ledger;

/** {@code dcc:counters}: shows the highest counters of our User IDs, or of one meter's top-ups. */
@Service
@Command(
        scope = "dcc",
        name = "counters",
        description = "The highest reserved counters of our User IDs; with --device, of that meter's top-ups")
public final class CountersCommand extends PosternCommand {

    private static final int PREPAYMENT_SHIFT = 32;

    @Option(name = "--role", description = "Only that User Role or User ID; by default every active one")
    @Completion(RoleCompleter.class)
    String role;

    @Option(name = "--device", description = "The prepayment series of that meter")
    @Completion(DeviceCompleter.class)
    String device;

    @Override
    protected void run(Services here, CommandOutput output) {
        Counters counters = here.need(Ledger.class).counters();
        Map<String, Eui64> users = Users.of(here, role);
        if (device == null) {
            output.table(
                    List.of("role", "userId", "highest reserved"),
                    users.entrySet().stream()
                            .map(user -> row(
                                    "role",
                                    user.getKey(),
                                    "userId",
                                    user.getValue().dashed(),
                                    "highest reserved",
                                    value(counters.highest(user.getValue()))))
                            .toList(),
                    "no User Role is active");
            return;
        }
        Eui64 meter = Eui64.parse(device);
        output.table(
                List.of("role", "userId", "device", "last top-up counter", "n"),
                users.entrySet().stream()
                        .map(user -> {
                            long last = counters.highestPrepayment(user.getValue(), meter);
                            return row(
                                    "role",
                                    user.getKey(),
                                    "userId",
                                    user.getValue().dashed(),
                                    "device",
                                    meter.dashed(),
                                    "last top-up counter",
                                    value(last),
                                    "n",
                                    last >>> PREPAYMENT_SHIFT);
                        })
                        .toList(),
                "no User Role is active");
    }

    private static Object value(long counter) {
        return counter > 0 ? counter : "none";
    }
}
