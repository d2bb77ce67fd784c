package org.postern.console.internal.command;

import static org.postern.console.internal.Screen.row;

import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.ConsoleFault;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Screen;
import org.postern.console.internal.Services;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.securitylogging.Outcome;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Withdrawal;

/**
 * {@code dcc:cancel ID}: withdraws what has not been sent; for what the DCC or a device keeps for its time, hands in
 * the request that cancels it.
 */
@Service
@Command(
        scope = "dcc",
        name = "cancel",
        description = "Take a request back: unsent ones are withdrawn, pending dated ones get a cancelling request")
public final class CancelCommand extends PosternCommand {

    @Argument(name = "ID", description = "Durable id or RequestID", required = true)
    @Completion(RequestIdCompleter.class)
    String id;

    @Override
    protected void run(Services here, Screen screen) {
        RequestRecord request = Requests.find(here.need(Ledger.class), id);
        here.need(SecurityLog.class)
                .append(new SecurityEvent.CommandGiven(user(), "dcc:cancel " + request.id(), Outcome.DONE));
        Withdrawal withdrawal = here.need(ServiceRequests.class).withdraw(request.id(), user());
        Optional<Fault> fault = switch (withdrawal.outcome()) {
            case WITHDRAWN -> {
                screen.part("", row("id", request.id(), "outcome", "withdrawn"));
                screen.remark("It had not been sent, and will not be.");
                yield Optional.empty();
            }
            case CANCELLING ->
                withdrawal
                        .cancelling()
                        .orElseThrow()
                        .fold(accepted -> cancelling(screen, request, accepted), refused -> {
                            screen.part(
                                    "",
                                    row(
                                            "id",
                                            request.id(),
                                            "outcome",
                                            "cancellation refused",
                                            "refused",
                                            refused.fault().code(),
                                            "fault",
                                            screen.forScripts(refused.fault())));
                            return Optional.of(refused.fault());
                        });
            case TOO_LATE -> Optional.of(ConsoleFault.TOO_LATE_TO_CANCEL.fault(request.id(), withdrawal.reason()));
        };
        screen.end();
        if (fault.isPresent()) {
            throw new PosternException(fault.get());
        }
    }

    private static Optional<Fault> cancelling(Screen screen, RequestRecord request, Admission.Accepted accepted) {
        screen.part(
                "",
                row(
                        "id",
                        request.id(),
                        "outcome",
                        "cancelling",
                        "cancellingId",
                        accepted.id(),
                        "cancellingRequestId",
                        accepted.requestId(),
                        "again",
                        accepted.again()));
        screen.remark(
                accepted.again()
                        ? "Its cancellation is on its way already; it is pending until that is confirmed."
                        : "It is kept for its time, so the same request dated never was handed in; it is pending until that is confirmed.");
        return Optional.empty();
    }
}
