package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestState;

/** {@code dcc:requests}: the newest requests, filtered. */
@Service
@Command(scope = "dcc", name = "requests", description = "Requests, the newest first")
public final class RequestsCommand extends PosternCommand {

    @Option(name = "--state", description = "Only in that state")
    @Completion(StateCompleter.class)
    String state;

    @Option(name = "--device", description = "Only for that device")
    String device;

    @Option(name = "--service", description = "Only that Service Reference Variant")
    @Completion(VariantCompleter.class)
    String service;

    @Option(name = "-n", aliases = "--limit", description = "Maximum number of requests")
    int limit = 50;

    @Override
    protected void run(Services here, CommandOutput output) {
        RequestFilter filter = new RequestFilter(
                Optional.ofNullable(state).map(RequestsCommand::state),
                Optional.ofNullable(device).map(Eui64::parse),
                Optional.ofNullable(service),
                limit);
        List<Map<String, Object>> rows = here.need(Ledger.class).requests(filter).stream()
                .map(r -> row(
                        "id",
                        r.id(),
                        "service",
                        r.target().service(),
                        "device",
                        r.target().device().map(Eui64::dashed),
                        "role",
                        r.target().role(),
                        "state",
                        r.state(),
                        "response",
                        r.progress().responseCode(),
                        "interface",
                        r.origin().channel(),
                        "created",
                        r.createdAt(),
                        "updated",
                        r.updatedAt(),
                        "requestId",
                        r.requestId(),
                        "cause",
                        r.progress().cause()))
                .toList();
        output.table(
                List.of("id", "service", "device", "state", "response", "interface", "created", "cause"),
                rows,
                "no such requests");
    }

    private static RequestState state(String text) {
        try {
            return RequestState.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new PosternException(
                    ConsoleFault.ARGUMENT.fault(
                            "--state",
                            "one of " + List.of(RequestState.values()),
                            "it is none of them",
                            "use the completion by the tabulator key"),
                    e);
        }
    }
}
