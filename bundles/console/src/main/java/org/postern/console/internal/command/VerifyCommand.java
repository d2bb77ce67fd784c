package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.securitylogging.SecurityLog;
import org.postern.securitylogging.SecurityLogFault;
import org.postern.securitylogging.Verification;

/** {@code audit:verify}: recomputes the security log's chain. */
@Service
@Command(scope = "audit", name = "verify", description = "Recompute the chain of the security log and show every break")
public final class VerifyCommand extends PosternCommand {

    @Override
    protected void run(Services here, CommandOutput output) {
        Verification found = here.need(SecurityLog.class).verify();
        output.part(
                "verification",
                row(
                        "intact",
                        found.intact(),
                        "records",
                        found.records(),
                        "segments",
                        found.segments(),
                        "lastNumber",
                        found.lastNumber(),
                        "lastHash",
                        found.lastHash()));
        output.part(
                "breaks",
                List.of("segment", "line", "problem"),
                found.findings().stream()
                        .map(f -> row("segment", f.segment(), "line", f.line(), "problem", f.problem()))
                        .toList(),
                "none");
        output.end();
        if (!found.intact()) {
            throw new PosternException(SecurityLogFault.CHAIN_BROKEN.fault(
                    "security log", found.findings().size() + " breaks"));
        }
    }
}
