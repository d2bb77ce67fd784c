package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.gbcs.UseCaseTable;
import org.postern.gbcs.UseCaseTable.UseCase;

/** {@code gbcs:use-cases}: the use cases that the codec knows. */
@Service
@Command(scope = "gbcs", name = "use-cases", description = "The GBCS use cases that are known, by message code")
public final class UseCasesCommand extends PosternCommand {

    @Argument(name = "FILTER", description = "Only those whose code, name or service contains this")
    String filter;

    @Override
    protected void run(Services here, CommandOutput output) {
        String wanted = filter == null ? "" : filter.toUpperCase(Locale.ROOT);
        List<Map<String, Object>> rows = UseCaseTable.load().all().stream()
                .sorted(Comparator.comparingInt(UseCase::code))
                .map(u -> row(
                        "code",
                        u.codeHex(),
                        "useCase",
                        u.name(),
                        "families",
                        u.families().stream().map(Enum::name).sorted().toList(),
                        "type",
                        u.messageType(),
                        "critical",
                        u.critical() ? "yes" : "no",
                        "services",
                        u.services()))
                .filter(r -> (r.get("code") + " " + r.get("useCase") + " " + r.get("services"))
                        .toUpperCase(Locale.ROOT)
                        .contains(wanted))
                .toList();
        output.table(List.of("code", "useCase", "families", "type", "critical", "services"), rows, "no such use case");
        output.remark(rows.size() + " use cases");
    }
}
