package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.appliance.Readiness;
import org.postern.catalogue.PosternException;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.KeyVault;
import org.postern.hsm.VaultKeeper;
import org.postern.ledger.Ledger;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.UserRoles;

/**
 * {@code dcc:status}: shows the parts, the User Roles and the requests. Works while parts are missing as well, since it
 * is needed then.
 */
@Service
@Command(
        scope = "dcc",
        name = "status",
        description = "Which parts run, which User Roles are active, how many requests are in which state")
public final class StatusCommand extends PosternCommand {

    /** Name of the part, which the shipped settings list among the parts of {@link Readiness}. */
    private static final String SECURITY_LOG = "security log";
    /** Beginning of the broker's metric of a queue, up to the queue's name. */
    private static final String QUEUE = "postern_broker_queue_messages{queue=\"";

    @Override
    protected void run(Services here, CommandOutput output) {
        List<Map<String, Object>> parts = new ArrayList<>();
        Map<String, String> troubles =
                here.find(Readiness.class).map(Readiness::troubles).orElse(Map.of());
        Map<String, List<String>> remarks =
                here.find(Readiness.class).map(Readiness::remarks).orElse(Map.of());
        Optional<KeyVault> vault = here.find(KeyVault.class);
        here.find(Readiness.class)
                .ifPresent(r -> r.parts().forEach((name, up) -> {
                    if (!VaultKeeper.PART.equals(name)) {
                        parts.add(row(
                                "part",
                                name,
                                "up",
                                up ? "yes" : "NO",
                                "remark",
                                troubles.getOrDefault(name, String.join("; ", remarks.getOrDefault(name, List.of())))));
                    }
                }));
        parts.add(row(
                "part",
                VaultKeeper.PART,
                "up",
                vault.isPresent() && !troubles.containsKey(VaultKeeper.PART) ? "yes" : "NO",
                "remark",
                Optional.ofNullable(troubles.get(VaultKeeper.PART))
                        .or(() -> vault.map(v -> v.keys().size() + " keys"))
                        .orElse("configure org.postern.hsm.pkcs11 or .software")));
        if (parts.stream().noneMatch(part -> SECURITY_LOG.equals(part.get("part")))) {
            parts.add(row(
                    "part", SECURITY_LOG, "up", here.find(SecurityLog.class).isPresent() ? "yes" : "NO", "remark", ""));
        }
        parts.add(row(
                "part",
                "elliptic curves",
                "up",
                here.find(EcProvider.class).isPresent() ? "yes" : "NO",
                "remark",
                here.find(EcProvider.class).map(EcProvider::description).orElse("")));
        output.part("parts", List.of("part", "up", "remark"), parts, "");
        output.part(
                "roles",
                List.of("role", "name", "active", "userId", "reason"),
                here.find(UserRoles.class).map(UserRoles::all).orElse(List.of()).stream()
                        .map(r -> row(
                                "role",
                                r.role(),
                                "name",
                                r.name(),
                                "active",
                                r.active() ? "yes" : "no",
                                "userId",
                                r.profile().map(p -> p.userId().dashed()),
                                "reason",
                                r.reason()))
                        .toList(),
                "no User Role is installed");
        here.find(Ledger.class).ifPresent(ledger -> counts(ledger, output));
        here.find(ServiceRequests.class).ifPresent(requests -> work(requests, output));
        output.part(
                "broker queues",
                List.of("queue", "messages"),
                here.find(Readiness.class).map(Readiness::figures).orElse(Map.of()).entrySet().stream()
                        .filter(e -> e.getKey().startsWith(QUEUE))
                        .map(e -> row(
                                "queue",
                                e.getKey().substring(QUEUE.length(), e.getKey().indexOf('"', QUEUE.length())),
                                "messages",
                                e.getValue()))
                        .toList(),
                "not known: the broker is not available, or was not polled yet");
        here.find(Metrics.class)
                .ifPresent(m -> output.part(
                        "counters since start",
                        List.of("counter", "value"),
                        m.snapshot().entrySet().stream()
                                .map(e -> row("counter", e.getKey(), "value", e.getValue()))
                                .toList(),
                        "nothing counted yet"));
        output.end();
    }

    private static void work(ServiceRequests requests, CommandOutput output) {
        output.part(
                "work in hand",
                List.of("step", "lane", "waiting", "at work"),
                requests.depths().stream()
                        .map(d -> row(
                                "step",
                                d.step().toString(),
                                "lane",
                                d.lane().toString(),
                                "waiting",
                                d.waiting(),
                                "at work",
                                d.atWork()))
                        .toList(),
                "no queue in this process");
        output.part(
                "last sweep",
                List.of("work", "due", "found", "at"),
                requests.lastSweep()
                        .map(s -> List.of(
                                swept("step", s.due().steps(), s.found().steps(), s.at()),
                                swept("document", s.due().documents(), s.found().documents(), s.at()),
                                swept(
                                        "delivery",
                                        s.due().deliveries(),
                                        s.found().deliveries(),
                                        s.at())))
                        .orElse(List.of()),
                "none yet: the first takes place a minute after the start");
    }

    private static Map<String, Object> swept(String work, int due, int found, Instant at) {
        return row("work", work, "due", due, "found", found, "at", at.toString());
    }

    private static void counts(Ledger ledger, CommandOutput output) {
        try {
            output.part("requests", List.of("state", "count"), rows(ledger.counts()), "no requests yet");
            output.part("documents received", List.of("state", "count"), rows(ledger.inboundCounts()), "none yet");
            output.part("deliveries", List.of("state", "count"), rows(ledger.outboxCounts()), "none yet");
        } catch (PosternException e) {
            output.part("ledger", row("fault", e.fault().toString()));
        }
    }

    private static List<Map<String, Object>> rows(Map<?, Long> counts) {
        return counts.entrySet().stream()
                .map(e -> row("state", e.getKey().toString(), "count", e.getValue()))
                .toList();
    }
}
