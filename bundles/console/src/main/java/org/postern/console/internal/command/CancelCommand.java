package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.ConsoleFault;
import org.postern.console.internal.PosternCommand;
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
 * {@code dcc:cancel ID}: withdraws a request that has not been sent. For a future-dated request that the DCC or a
 * device holds, it submits the request that cancels it.
 */
@Service
@Command(
        scope = "dcc",
        name = "cancel",
        description =
                "Cancel a request: an unsent one is withdrawn; for a pending future-dated one the cancelling request is submitted")
public final class CancelCommand extends PosternCommand {

    @Argument(name = "ID", description = "Durable id or RequestID", required = true)
    @Completion(RequestIdCompleter.class)
    String id;

    @Override
    protected void run(Services here, CommandOutput output) {
        RequestRecord request = Requests.find(here.need(Ledger.class), id);
        here.need(SecurityLog.class)
                .append(new SecurityEvent.CommandGiven(user(), "dcc:cancel " + request.id(), Outcome.DONE));
        Withdrawal withdrawal = here.need(ServiceRequests.class).withdraw(request.id(), user());
        Optional<Fault> fault = switch (withdrawal.outcome()) {
            case WITHDRAWN -> {
                output.part("", row("id", request.id(), "outcome", "withdrawn"));
                output.remark("It had not been sent, and will not be sent.");
                yield Optional.empty();
            }
            case CANCELLING ->
                withdrawal
                        .cancelling()
                        .orElseThrow()
                        .fold(accepted -> cancelling(output, request, accepted), refused -> {
                            output.part(
                                    "",
                                    row(
                                            "id",
                                            request.id(),
                                            "outcome",
                                            "cancellation refused",
                                            "refused",
                                            refused.fault().code(),
                                            "fault",
                                            output.forScripts(refused.fault())));
                            return Optional.of(refused.fault());
                        });
            case TOO_LATE -> Optional.of(ConsoleFault.TOO_LATE_TO_CANCEL.fault(request.id(), withdrawal.reason()));
        };
        output.end();
        if (fault.isPresent()) {
            throw new PosternException(fault.get());
        }
    }

    private static Optional<Fault> cancelling(
            CommandOutput output, RequestRecord request, Admission.Accepted accepted) {
        output.part(
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
                        accepted.repeated()));
        output.remark(
                accepted.repeated()
                        ? "Its cancellation was submitted before; the request stays pending until that is confirmed."
                        : "It is pending at the DCC or the device, so the same request with an execution time that means never was submitted; it stays pending until that is confirmed.");
        return Optional.empty();
    }
}
