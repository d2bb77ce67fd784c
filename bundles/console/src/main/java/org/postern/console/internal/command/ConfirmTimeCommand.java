package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.time.Clock;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.securitylogging.Outcome;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.ServiceRequests;

/**
 * {@code dcc:confirm-time}: confirms that the machine's clock is right, after it jumped or although it contradicts the
 * DCC's dates.
 */
@Service
@Command(
        scope = "dcc",
        name = "confirm-time",
        description =
                "Confirm that the machine's clock is right, although it jumped or contradicts the DCC's documents")
public final class ConfirmTimeCommand extends PosternCommand {

    private final Clock clock = Clock.systemUTC();

    @Override
    protected void run(Services here, CommandOutput output) {
        ServiceRequests requests = here.need(ServiceRequests.class);
        String doubt = requests.clockDoubt().orElse("");
        here.need(SecurityLog.class)
                .append(new SecurityEvent.CommandGiven(
                        user(), "dcc:confirm-time " + clock.instant() + " " + doubt, Outcome.DONE));
        requests.confirmTime(user());
        output.part(
                "",
                row(
                        "time",
                        clock.instant(),
                        "doubt",
                        doubt,
                        "trusted",
                        requests.clockDoubt().isEmpty()));
        output.end();
    }
}
