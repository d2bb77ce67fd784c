package org.postern.intake.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.postern.appliance.Readiness;
import org.postern.intake.internal.HttpOperation.Access;
import org.postern.intake.internal.HttpOperation.Call;
import org.postern.intake.internal.HttpOperation.Threads;
import org.postern.jettyruntime.Route;
import org.postern.jettyruntime.RouteTable;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Submission;

/**
 * The operations of the HTTP interface. {@link #routes()} is the only list of them; docs/openapi.yaml describes the
 * same operations; a test checks that both agree.
 */
final class HttpApi {

    static final String LANE = "Postern-Lane";
    static final String KEY = "Idempotency-Key";

    /** What every operation may answer beside its own statuses, as application/problem+json. */
    static final Set<Integer> EVERYWHERE = Set.of(400, 405, 408, 413, 417, 500, 503);

    private static final String XML = "application/xml";
    private static final String JSON = HttpReply.JSON;
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
    private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7E]{1,128}");
    private static final String ID = "id";
    private static final String SUBMIT_HEADERS =
            "Content-Type application/xml or application/json; Idempotency-Key 1 to 128 visible characters";
    private static final String TOP_UP_HEADERS =
            "Content-Type application/json; Idempotency-Key, which every top-up needs, 1 to 128 visible characters";

    private final IntakeChannel channel;
    private final Ledger ledger;
    private final Readiness readiness;
    private final Supplier<String> scrape;

    HttpApi(IntakeChannel channel, Ledger ledger, Readiness readiness, Supplier<String> scrape) {
        this.channel = channel;
        this.ledger = ledger;
        this.readiness = readiness;
        this.scrape = scrape;
    }

    RouteTable<HttpOperation> routes() {
        return new RouteTable<>(List.of(
                post(
                        "/service-requests",
                        List.of(XML, JSON),
                        202,
                        new HttpOperation(Access.TOKEN, Threads.BY_CONTENT, SUBMIT_HEADERS, this::submit)),
                post(
                        "/top-ups",
                        List.of(JSON),
                        201,
                        new HttpOperation(Access.TOKEN, Threads.TOP_UPS, TOP_UP_HEADERS, this::topUp)),
                get("/service-requests/{id}", answers(Map.of(200, List.of(JSON)), 401, 404), requests(this::state)),
                get(
                        "/service-requests/{id}/result",
                        answers(Map.of(200, List.of(XML, JSON, "application/octet-stream")), 401, 404, 410),
                        requests(this::result)),
                get(
                        "/health",
                        Map.of(200, List.of(JSON), 503, List.of(JSON)),
                        new HttpOperation(Access.ANYBODY, Threads.CONNECTION, "", call -> health())),
                get(
                        "/metrics",
                        answers(Map.of(200, List.of("text/plain")), 401),
                        new HttpOperation(
                                Access.TOKEN,
                                Threads.CONNECTION,
                                "",
                                call -> HttpReply.of(200, METRICS, scrape.get())))));
    }

    private static Route<HttpOperation> post(String path, List<String> consumes, int success, HttpOperation operation) {
        return new Route<>(
                "POST",
                path,
                consumes,
                Route.Match.BY_SUBTYPE,
                answers(Map.of(success, List.of(JSON)), 400, 401, 408, 413, 415, 422, 500, 503),
                operation);
    }

    private static Route<HttpOperation> get(String path, Map<Integer, List<String>> answers, HttpOperation operation) {
        return new Route<>("GET", path, List.of(), Route.Match.EXACT, answers, operation);
    }

    private static HttpOperation requests(Function<Call, HttpReply> work) {
        return new HttpOperation(Access.TOKEN, Threads.REQUESTS, "", work);
    }

    private static Map<Integer, List<String>> answers(Map<Integer, List<String>> successes, int... problems) {
        Map<Integer, List<String>> all = new TreeMap<>(successes);
        for (int status : problems) {
            all.put(status, List.of(HttpReply.PROBLEM));
        }
        return all;
    }

    private HttpReply submit(Call call) {
        Optional<String> key = call.header(KEY);
        if (key.isPresent() && !KEY_FORM.matcher(key.get()).matches()) {
            return wrongHeader(400, KEY, SUBMIT_HEADERS);
        }
        String lane = call.header(LANE).orElse(null);
        if (IntakeChannel.unknownLane(lane)) {
            channel.count("refused");
            return HttpReply.of(
                    400,
                    Refusals.problem(
                            400,
                            IntakeFault.OPTION.fault(
                                    LANE, "one of " + IntakeChannel.LANES + ", or none", IntakeChannel.found(lane)),
                            Optional.empty()));
        }
        Submission.Format format = call.header("Content-Type")
                        .orElse("")
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains("json")
                ? Submission.Format.JSON
                : Submission.Format.XML;
        return admitted(
                channel.admit(call.body(), format, Optional.empty(), key, IntakeChannel.lane(lane), "http"), 202);
    }

    /** The key is required for top-ups: without it, repeating a request whose answer was lost would credit twice. */
    private HttpReply topUp(Call call) {
        String key = call.header(KEY).orElse("");
        if (!KEY_FORM.matcher(key).matches()) {
            return wrongHeader(400, KEY, TOP_UP_HEADERS);
        }
        return admitted(channel.topUp(call.body(), key, "http"), 201);
    }

    static HttpReply wrongHeader(int status, String name, String rule) {
        return HttpReply.of(status, Refusals.problem(status, IntakeFault.HEADERS, name, rule));
    }

    private static HttpReply admitted(Admission admission, int status) {
        return admission.fold(
                accepted -> HttpReply.of(status, Refusals.accepted(accepted))
                        .with("Location", "/service-requests/" + accepted.id()),
                refused -> {
                    int code = refused.worthRepeating() ? 503 : 422;
                    HttpReply reply = HttpReply.of(code, Refusals.problem(code, refused.fault(), refused.id()));
                    return refused.worthRepeating() ? reply.retry() : reply;
                });
    }

    private HttpReply state(Call call) {
        return found(call, request -> HttpReply.of(200, RequestView.of(request, ledger.deliveriesOf(request.id()))));
    }

    private HttpReply result(Call call) {
        return found(call, request -> {
            List<OutboxEntry> deliveries = ledger.deliveriesOf(request.id());
            if (deliveries.isEmpty()) {
                return request.state().isEnd()
                        ? HttpReply.of(410, RequestView.endedWithoutResult(request))
                        : HttpReply.of(404, Refusals.problem(404, IntakeFault.NO_RESULT_YET, ID, "ask again later"));
            }
            OutboxEntry current = RequestView.current(deliveries);
            boolean json = current.json().isPresent()
                    && call.header("Accept").orElse("").contains("json");
            HttpReply reply = json
                    ? HttpReply.of(200, JSON, current.json().orElseThrow())
                    : HttpReply.of(200, current.contentType(), current.body());
            for (Map.Entry<String, String> property :
                    RequestView.properties(current).entrySet()) {
                String name = property.getKey();
                reply = reply.with(
                        "Postern-" + Character.toUpperCase(name.charAt(0)) + name.substring(1),
                        property.getValue().replaceAll("[^\\x20-\\x7E]", "?"));
            }
            return reply;
        });
    }

    private HttpReply found(Call call, Function<RequestRecord, HttpReply> answer) {
        return ledger.find(call.parameters().get(ID))
                .map(answer)
                .orElseGet(() -> HttpReply.of(
                        404, Refusals.problem(404, IntakeFault.NO_SUCH_REQUEST, ID, "use the id that POST returned")));
    }

    private HttpReply health() {
        ObjectNode health = Refusals.JSON.createObjectNode().put("ready", readiness.ready());
        ObjectNode parts = health.putObject("parts");
        readiness.parts().forEach(parts::put);
        readiness
                .troubles()
                .forEach((part, why) -> health.withObject("/troubles").put(part, why));
        readiness.remarks().forEach((part, remarks) -> remarks.forEach(health.withArray("/remarks/" + part)::add));
        channel.lastSweep().ifPresent(sweep -> {
            ObjectNode last = health.putObject("lastSweep").put("at", sweep.at().toString());
            numbers(last.putObject("due"), sweep.due());
            numbers(last.putObject("found"), sweep.found());
        });
        // a statement, not a problem: it has the same form whether all parts are up or not
        return HttpReply.of(readiness.ready() ? 200 : 503, JSON, health.toString());
    }

    private static void numbers(ObjectNode to, ServiceRequests.Rebuilt numbers) {
        to.put("steps", numbers.steps()).put("documents", numbers.documents()).put("deliveries", numbers.deliveries());
    }
}
