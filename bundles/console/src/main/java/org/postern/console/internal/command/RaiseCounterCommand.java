package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.ConsoleFault;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.gbcs.TopUpToken;
import org.postern.ledger.Counters;
import org.postern.ledger.Ledger;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;

/**
 * {@code dcc:raise-counter ROLE FLOOR}: raises a counter, so that Postern does not use again what an older system has
 * used or, with {@code --device}, what another system of the supplier has used for that meter. It cannot be undone:
 * skipped counters stay unused.
 */
@Service
@Command(
        scope = "dcc",
        name = "raise-counter",
        description =
                "Raise a counter above those that another system has used; it is never lowered, and this cannot be undone")
public final class RaiseCounterCommand extends PosternCommand {

    private static final long FIRST_PREPAYMENT = 1L << 32;

    @Argument(index = 0, name = "ROLE", description = "User Role or User ID", required = true)
    @Completion(RoleCompleter.class)
    String role;

    @Argument(
            index = 1,
            name = "FLOOR",
            description = "The last counter used, as in RequestIDs: the next one is above it",
            required = true)
    String floor;

    @Option(name = "--device", description = "The prepayment series of that meter, whose counters are n x 4294967296")
    @Completion(DeviceCompleter.class)
    String device;

    @Override
    protected void run(Services here, CommandOutput output) {
        Map.Entry<String, Eui64> user =
                Users.of(here, role).entrySet().iterator().next();
        long wanted = floor();
        Counters counters = here.need(Ledger.class).counters();
        SecurityLog log = here.need(SecurityLog.class);
        if (device == null) {
            log.append(new SecurityEvent.CounterRaised(
                    user(), "console", user.getValue().dashed(), Long.toString(wanted)));
            counters.raise(user.getValue(), wanted);
            show(output, user, "", counters.highest(user.getValue()));
            return;
        }
        Eui64 meter = Eui64.parse(device);
        if (wanted < FIRST_PREPAYMENT) {
            throw bad(
                    "a prepayment counter as in RequestIDs, n x " + FIRST_PREPAYMENT,
                    "a smaller number",
                    "multiply n by " + FIRST_PREPAYMENT);
        }
        long before = counters.highestPrepayment(user.getValue(), meter);
        log.append(new SecurityEvent.CounterRaised(
                user(), "console", user.getValue().dashed() + ":" + meter.dashed(), Long.toString(wanted)));
        counters.raisePrepayment(user.getValue(), meter, wanted);
        show(output, user, meter.dashed(), counters.highestPrepayment(user.getValue(), meter));
        if (before > 0 && (wanted - before) / FIRST_PREPAYMENT >= TopUpToken.COUNTER_WINDOW) {
            output.remark("The series jumps by " + TopUpToken.COUNTER_WINDOW
                    + " or more. A token contains only ten bits of the counter: until one");
            output.remark(
                    "of the new tokens has reached the meter through the DCC, the meter may refuse them when they are keyed in.");
        }
    }

    private static void show(CommandOutput output, Map.Entry<String, Eui64> user, String meter, long last) {
        output.part(
                "counter",
                row("role", user.getKey(), "userId", user.getValue().dashed(), "device", meter, "nextIsAbove", last));
        output.end();
    }

    private long floor() {
        try {
            long value = Long.parseLong(floor);
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw bad("a counter, 1 to 2^63 - 1", "another text", "give the last counter that the other system used");
    }

    private static PosternException bad(String rule, String cause, String action) {
        return new PosternException(ConsoleFault.ARGUMENT.fault("FLOOR", rule, cause, action));
    }
}
