package org.postern.faultsimulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postern.catalogue.DeliveryState;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.RequestId;
import org.postern.faultsimulation.Oracle.Delivered;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.Transition;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.Verification;
import org.postern.securitylogging.internal.FileSecurityLog;
import org.postern.simulator.dcc.EventRecorder;

/** What has to hold after a run, when nothing has gone wrong for days. */
final class Rules {

    private static final Set<String> FINAL =
            Set.of("success", "refused", "failed", "already-credited", "cancelled", "not-correlated", "rejected");
    private static final Set<String> OF_INSTRUCTIONS = Set.of("actioned", "not-actioned");
    private static final Set<String> OPEN =
            Set.of("unknown", "overdue", "unproven", "local-command", "not-yet-accepted");
    /** Outcomes after which no device may have carried it out. */
    private static final Set<String> NOT_DONE = Set.of("rejected", "not-correlated");

    private static final Set<String> UNFINISHED = Set.of(
            "RECEIVED", "ADMITTED", "TRANSFORM_SENT", "CORRELATED", "COMMAND_SIGNED", "SENT", "IN_DOUBT", "RESPONDED");
    /** Non-device services whose answer is data: schedules, inventory, WAN matrix (DUIS, ResponseMessage). */
    private static final Set<String> GIVES_DATA = Set.of("5.1", "5.2", "8.2", "12.1");

    private final LifeOfARequest life = new LifeOfARequest();
    private final World world;
    private final Oracle oracle;
    private final Ledger ledger;
    private final EventRecorder recorder;

    Rules(World world, Ledger ledger) {
        this.world = world;
        this.oracle = world.oracle();
        this.ledger = ledger;
        this.recorder = world.dcc().recorder();
    }

    void check(FileSecurityLog log) {
        Map<String, List<Delivered>> results = new LinkedHashMap<>();
        oracle.told()
                .forEach(told -> results.computeIfAbsent(told.request, r -> new ArrayList<>())
                        .add(told));
        oracle.accepted().forEach((id, requestId) -> request(id, requestId, results.getOrDefault(id, List.of())));
        sent();
        received();
        outstanding();
        signed();
        securityLog(log);
    }

    private void request(String id, String requestId, List<Delivered> told) {
        RequestRecord record = ledger.find(id).orElse(null);
        if (record == null) {
            oracle.violation("nothing confirmed is forgotten", id + " " + requestId + " is not in the ledger");
            return;
        }
        String name = id + " " + record.target().service().orElse("") + " " + record.state() + " ";
        if (!record.requestId().map(Object::toString).orElse("").equals(requestId)) {
            oracle.violation("nothing confirmed is forgotten", name + "has another RequestID than was told");
        }
        if (UNFINISHED.contains(record.state().name())) {
            oracle.violation(
                    "every request comes to an end", name + record.progress().cause());
        }
        path(record, name, ledger.path(id));
        outcomes(name, requestId, told);
    }

    private void path(RequestRecord record, String name, List<Transition> path) {
        List<String> states = path.stream().map(step -> step.to().name()).toList();
        life.wrong(states).ifPresent(why -> oracle.violation("states only forward", name + states + ": " + why));
        for (int i = 0; i < path.size(); i++) {
            String before = path.get(i).from().map(Enum::name).orElse("");
            if (!before.equals(i == 0 ? "" : states.get(i - 1))
                    || path.get(i).sequence() <= (i == 0 ? -1 : path.get(i - 1).sequence())) {
                oracle.violation(
                        "states only forward",
                        name + "step " + i + " does not follow the one before it: " + path.get(i));
            }
        }
        if (!states.isEmpty()
                && !states.get(states.size() - 1).equals(record.state().name())) {
            oracle.violation("states only forward", name + "is not where its path ends: " + states);
        }
    }

    private void outcomes(String name, String requestId, List<Delivered> told) {
        List<Delivered> ends = told.stream()
                .filter(t -> !t.withoutEffect && FINAL.contains(t.outcome))
                .toList();
        List<Delivered> instructions = told.stream()
                .filter(t -> !t.withoutEffect && OF_INSTRUCTIONS.contains(t.outcome))
                .toList();
        boolean open = told.stream().anyMatch(t -> OPEN.contains(t.outcome));
        long numbers = instructions.stream()
                .map(t -> t.instruction.split("/")[0])
                .distinct()
                .count();
        if (ends.size() > 1
                || numbers < instructions.size()
                || !ends.isEmpty()
                        && !instructions.isEmpty()
                        && !ends.get(0).outcome.equals("cancelled")) {
            oracle.violation("one final outcome, delivered once", name + told);
        }
        if (ends.isEmpty() && instructions.isEmpty() && !open) {
            oracle.violation("every accepted request has an outcome", name + told);
        }
        List<EventRecorder.Event> seen = recorder.events(requestId);
        List<String> device = seen.stream().map(EventRecorder.Event::what).toList();
        boolean carriedOut = device.contains("answered");
        boolean withdrawn =
                ends.stream().anyMatch(t -> t.outcome.equals("cancelled") && !t.headers.containsKey("cancelledBy"));
        if (carriedOut && (withdrawn || ends.stream().anyMatch(t -> NOT_DONE.contains(t.outcome)))) {
            oracle.violation("what is delivered is true", name + told + ", but the device had it");
        }
        boolean success = ends.stream().anyMatch(t -> t.outcome.equals("success"));
        if (success && seen.stream().noneMatch(Rules::taken)) {
            oracle.violation("what is delivered is true", name + told + ", but the DCC never took it");
        }
        if (success && seen.stream().anyMatch(Rules::takenForADevice) && !carriedOut && !oracle.cancels(requestId)) {
            oracle.violation("what is delivered is true", name + told + ", but no device ever answered it");
        }
    }

    /** What the DCC can carry out is known here, whether or not a supplier's system has heard of it. */
    private void sent() {
        oracle.sent().keySet().stream()
                .map(name -> name.substring(0, name.indexOf('/')))
                .distinct()
                .filter(requestId ->
                        ledger.findByRequestId(RequestId.parse(requestId)).isEmpty())
                .forEach(requestId -> oracle.violation("what reached the DCC is in the ledger", requestId + " is not"));
    }

    /** What was acknowledged to the DCC. */
    private void received() {
        oracle.acknowledgedAnswers().forEach((requestId, digests) -> {
            Set<String> kept = ledger.inboundOf(RequestId.parse(requestId)).stream()
                    .map(InboundRecord::body)
                    .map(Oracle::signed)
                    .collect(Collectors.toSet());
            digests.stream()
                    .filter(digest -> !kept.contains(digest))
                    .forEach(digest ->
                            oracle.violation("nothing acknowledged is forgotten", "a document about " + requestId));
        });
        Set<String> alerts = new TreeSet<>();
        oracle.told().forEach(told -> alerts.add(told.headers.getOrDefault("responseId", "")));
        oracle.acknowledgedAlerts().stream()
                .filter(id -> !alerts.contains(id))
                .forEach(id -> oracle.violation(
                        "nothing acknowledged is forgotten", "the alert " + id + " was told to nobody"));
    }

    private void outstanding() {
        long waiting = ledger.outboxCounts().getOrDefault(DeliveryState.PENDING, 0L);
        if (waiting > 0) {
            oracle.violation("everything is delivered", waiting + " deliveries wait");
        }
        long stored = ledger.inboundCounts().getOrDefault(InboundState.STORED, 0L);
        if (stored > 0) {
            oracle.violation("everything is processed", stored + " documents wait");
        }
    }

    /** By what the DCC saw: nothing altered was signed, and what was signed was what it had given. */
    private void signed() {
        for (String requestId : recorder.requests()) {
            List<String> events = recorder.events(requestId).stream()
                    .map(EventRecorder.Event::what)
                    .toList();
            if (events.contains("pre-command.altered") && events.contains("signed-pre-command")) {
                oracle.violation("nothing is signed without proof", requestId + " was altered, and signed");
            }
            if (events.contains("signed-pre-command.refused")) {
                oracle.violation("nothing is signed without proof", requestId + " " + recorder.events(requestId));
            }
            if (events.contains("other-bytes-same-id")) {
                oracle.violation("one content under one RequestID", requestId);
            }
        }
    }

    /**
     * The DCC accepted it, or answered wrongly that it did: I99 to a non-device service (Command Variant 8) means
     * carried out with nothing to return, and is its word, but for a service whose answer is data.
     */
    private static boolean taken(EventRecorder.Event event) {
        return event.what().startsWith("accepted.")
                || event.what().equals("refused.I99")
                        && "8".equals(event.details().get("cv"))
                        && !GIVES_DATA.contains(event.details().get("service"));
    }

    /** By Command Variant 1 or 5: to the device alone. */
    private static boolean takenForADevice(EventRecorder.Event event) {
        return event.what().startsWith("accepted.")
                && Set.of("1", "5").contains(event.details().getOrDefault("cv", ""));
    }

    private void securityLog(FileSecurityLog log) {
        Verification verification = log.verify();
        verification.findings().forEach(finding -> oracle.violation("the security log holds", finding.toString()));
        List<LoggedEvent> events = log.tail(Integer.MAX_VALUE / 2);
        Map<String, Integer> recorded = new TreeMap<>();
        Set<String> preCommands = new TreeSet<>();
        Map<String, Integer> documents = new TreeMap<>();
        for (LoggedEvent event : events) {
            if (event.outcome().equals("DONE")
                    && event.details().getOrDefault("operation", "").startsWith("SIGN_")) {
                recorded.merge(
                        SimulatedVault.use(
                                event.details().get("operation"),
                                event.details().get("alias"),
                                event.details().get("inputSha256")),
                        1,
                        Integer::sum);
            }
            String all = event.actor() + " " + event.object() + " " + event.details();
            if (all.contains("SIGN_PRE_COMMAND") && event.outcome().equals("DONE")) {
                preCommands.add(event.object());
            } else if (all.contains("SIGN_XML") && event.outcome().equals("DONE")) {
                documents.merge(event.actor(), 1, Integer::sum);
            }
        }
        // one by one: what the vault gave out, for whichever caller, and whatever was done with it
        world.vault().released().forEach((use, times) -> {
            if (recorded.getOrDefault(use, 0) < times) {
                oracle.violation(
                        "the security log records each signature",
                        use + " was made " + times + " times, and is on record " + recorded.getOrDefault(use, 0));
            }
        });
        Map<String, Integer> sent = new TreeMap<>();
        for (String name : oracle.sent().keySet()) {
            sent.merge(name.substring(0, 23), 1, Integer::sum);
            String requestId = name.substring(0, name.indexOf('/'));
            if (name.endsWith("/5") && !preCommands.contains(requestId)) {
                oracle.violation("the security log records each signature", "of the Pre-Command of " + requestId);
            }
        }
        sent.forEach((originator, count) -> {
            if (documents.entrySet().stream()
                            .filter(entry -> entry.getKey().equalsIgnoreCase(originator))
                            .mapToInt(Map.Entry::getValue)
                            .sum()
                    < count) {
                oracle.violation(
                        "the security log records each signature",
                        count + " documents of " + originator + " reached the DCC, " + documents + " are on record");
            }
        });
    }
}
