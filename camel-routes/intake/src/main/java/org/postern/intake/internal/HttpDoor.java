package org.postern.intake.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.postern.appliance.Readiness;
import org.postern.ledger.Ledger;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.LocalWorkQueue;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP door; docs/openapi.yaml describes it. One token opens it, as {@code Authorization: Bearer TOKEN} or as the
 * password of Basic authentication with any user name. Only {@code GET /health} needs none.
 */
final class HttpDoor extends RouteBuilder {

    /** What a result is, how far it can be trusted and what is to be done, by the names of its headers. */
    private static final List<String> MARKS = List.of(
            "outcome",
            "form",
            "authenticated",
            "encrypted",
            "flag",
            "reason",
            "unprovenCode",
            "topUpResult",
            "told",
            "advice",
            "effect");

    static final String LANE = "Postern-Lane";
    /** The request headers that are read here; no others reach the route. */
    static final Set<String> HEADERS =
            Set.of("Authorization", "Accept", Exchange.CONTENT_TYPE, "Idempotency-Key", LANE);
    /** Requests at work with the ledger, and those that may wait for a thread. */
    private static final int REQUESTS_AT_ONCE = 32;

    private static final int REQUESTS_WAITING = 1000;
    /**
     * Top-ups at work with the vault, half of what goes to a token at once, so that others find a place; and those that
     * may wait.
     */
    static final int TOP_UPS_AT_ONCE = 8;

    static final int TOP_UPS_WAITING = 256;
    private static final String RETRY_SECONDS = "5";
    private static final String WAIT = "posternWait";
    private static final String REMOTE_ADDRESS = "CamelNettyRemoteAddress";
    private static final Pattern REQUEST = Pattern.compile("/service-requests/([A-Za-z0-9-]{1,64})(/result)?");
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,128}");

    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);

    private final Door door;
    private final String endpoint;
    private final byte[] token;
    private final Ledger ledger;
    private final Readiness readiness;
    private final Supplier<String> scrape;
    private final WrongTokens wrongTokens = new WrongTokens(System::nanoTime);
    private ExecutorService requests;
    private ExecutorService topUps;

    /** What is still to be done for a request, on a thread that may wait. */
    private record Work(ExecutorService threads, Runnable task) {}

    HttpDoor(Door door, String endpoint, String token, Ledger ledger, Readiness readiness, Supplier<String> scrape) {
        this.door = door;
        this.endpoint = endpoint;
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.ledger = ledger;
        this.readiness = readiness;
        this.scrape = scrape;
    }

    @Override
    public void configure() {
        // what fails is answered where it fails: Camel's own handler of errors would take a copy of each exchange for a
        // second try
        errorHandler(noErrorHandler());
        requests = pool("http-requests", REQUESTS_AT_ONCE, REQUESTS_WAITING);
        topUps = pool("http-top-ups", TOP_UPS_AT_ONCE, TOP_UPS_WAITING);
        // a wrong token's answer waits without holding a thread
        from(endpoint)
                .routeId("intake-http")
                .process(new AsyncProcessorSupport() {
                    @Override
                    public boolean process(Exchange exchange, AsyncCallback done) {
                        return answer(exchange, done);
                    }
                })
                .filter(exchangeProperty(WAIT).isNotNull())
                .delay(exchangeProperty(WAIT))
                .asyncDelayed()
                .end()
                .end();
    }

    private ExecutorService pool(String name, int atOnce, int waiting) {
        ThreadPoolProfile profile = new ThreadPoolProfile(name);
        profile.setPoolSize(atOnce);
        profile.setMaxPoolSize(atOnce);
        profile.setMaxQueueSize(waiting);
        profile.setKeepAliveTime(60L);
        profile.setAllowCoreThreadTimeOut(true);
        profile.setRejectedPolicy(ThreadPoolRejectedPolicy.Abort);
        return getContext().getExecutorServiceManager().newThreadPool(this, name, profile);
    }

    /**
     * Answers at once, or on a thread that may wait for ledger and vault: Netty gives each connection one of a few
     * threads, and whatever waited there would hold up the other connections of that thread, health among them.
     */
    private boolean answer(Exchange exchange, AsyncCallback done) {
        try {
            Optional<Work> left = answer(exchange);
            if (left.isPresent()) {
                boolean ordinary = left.get().threads() == requests;
                left.get().threads().execute(() -> {
                    if (ordinary && Thread.currentThread().getPriority() != LocalWorkQueue.ORDINARY_PRIORITY) {
                        // for as long as the thread lives, which is never one of the top-ups'
                        Thread.currentThread().setPriority(LocalWorkQueue.ORDINARY_PRIORITY);
                    }
                    try {
                        left.get().task().run();
                    } catch (Throwable e) {
                        // an Error too, as while a module is exchanged: the client waits
                        failed(exchange, e);
                    } finally {
                        done.done(false);
                    }
                });
                return false;
            }
        } catch (RejectedExecutionException full) {
            door.count("unavailable");
            reply(
                    exchange,
                    503,
                    Refusals.problem(
                            503,
                            IntakeFault.BUSY,
                            "request",
                            IntakeFault.BUSY.entry().remedy()));
            exchange.getMessage().setHeader("Retry-After", RETRY_SECONDS);
        } catch (Throwable e) {
            failed(exchange, e);
        }
        done.done(true);
        return true;
    }

    private void failed(Exchange exchange, Throwable cause) {
        LOG.error("{} a request at the HTTP interface ended in a fault of ours", IntakeFault.DOOR_FAILED.code(), cause);
        try {
            reply(
                    exchange,
                    500,
                    Refusals.problem(
                            500,
                            IntakeFault.DOOR_FAILED,
                            "request",
                            "nothing was admitted unless a later try with the same Idempotency-Key says so"));
            door.failed(exchange.getContext().getName(), exchange.getFromRouteId());
        } catch (Throwable again) {
            // without it the exchange would end as if all were well, with the client's own bytes as its answer
            exchange.setException(cause);
        }
    }

    private Optional<Work> answer(Exchange exchange) {
        Message in = exchange.getMessage();
        String method = in.getHeader(Exchange.HTTP_METHOD, "", String.class);
        // Relative to the endpoint: Camel takes the first slash away.
        String given = in.getHeader(Exchange.HTTP_PATH, "", String.class);
        String path = given.startsWith("/") ? given : "/" + given;
        if (path.equals("/health")) {
            health(exchange, method);
        } else if (!authorized(in.getHeader("Authorization", String.class))) {
            door.count("unauthorized");
            slowDown(exchange);
            reply(
                    exchange,
                    401,
                    Refusals.problem(
                            401, IntakeFault.UNAUTHORIZED, "Authorization", "send the token of the HTTP interface"));
            in.setHeader("WWW-Authenticate", "Bearer, Basic realm=\"postern\"");
        } else {
            if (wrongTokens.sources() > 0) {
                wrongTokens.right(source(exchange));
            }
            return authorized(exchange, method, path);
        }
        return Optional.empty();
    }

    private Optional<Work> authorized(Exchange exchange, String method, String path) {
        if (path.equals("/service-requests")) {
            if (allowed(exchange, method, "POST")) {
                byte[] body = body(exchange);
                return Optional.of(new Work(mayBeTopUp(body) ? topUps : requests, () -> submit(exchange, body)));
            }
        } else if (path.equals("/top-ups")) {
            if (allowed(exchange, method, "POST")) {
                byte[] body = body(exchange);
                return Optional.of(new Work(topUps, () -> topUp(exchange, body)));
            }
        } else if (path.equals("/metrics")) {
            if (allowed(exchange, method, "GET")) {
                reply(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", scrape.get());
            }
        } else {
            Matcher request = REQUEST.matcher(path);
            if (!request.matches()) {
                reply(exchange, 404, Refusals.problem(404, IntakeFault.NO_SUCH_PATH, "path", "see docs/openapi.yaml"));
            } else if (allowed(exchange, method, "GET")) {
                return Optional.of(
                        new Work(requests, () -> show(exchange, request.group(1), request.group(2) != null)));
            }
        }
        return Optional.empty();
    }

    private static byte[] body(Exchange exchange) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        return body == null ? new byte[0] : body;
    }

    /**
     * Decides nothing but who waits for whom: an order among the other requests is not to hold them up, and a 2.2 whose
     * token was made elsewhere, in XML or JSON, is not to have a thread that steps back. Another text of three such
     * characters does no harm.
     */
    private static boolean mayBeTopUp(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        return text.contains("\"topUp\"") || text.contains(">2.2<") || text.contains("\"2.2\"");
    }

    private void slowDown(Exchange exchange) {
        Duration wait = wrongTokens.wrong(source(exchange));
        if (!wait.isZero()) {
            exchange.setProperty(WAIT, wait.toMillis());
        }
    }

    private static String source(Exchange exchange) {
        InetSocketAddress address = exchange.getMessage().getHeader(REMOTE_ADDRESS, InetSocketAddress.class);
        return address == null ? "" : address.getHostString();
    }

    private boolean allowed(Exchange exchange, String method, String only) {
        if (method.equals(only)) {
            return true;
        }
        reply(exchange, 405, Refusals.problem(405, IntakeFault.METHOD_NOT_ALLOWED, "method", "use " + only));
        exchange.getMessage().setHeader("Allow", only);
        return false;
    }

    private boolean authorized(String header) {
        if (header == null) {
            return false;
        }
        String given;
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            given = header.substring(7).strip();
        } else if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                given = pair.substring(pair.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                return false;
            }
        } else {
            return false;
        }
        return MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
    }

    private void submit(Exchange exchange, byte[] body) {
        Message in = exchange.getMessage();
        String type = in.getHeader(Exchange.CONTENT_TYPE, "", String.class).toLowerCase(java.util.Locale.ROOT);
        Submission.Format format =
                type.contains("json") ? Submission.Format.JSON : type.contains("xml") ? Submission.Format.XML : null;
        String key = in.getHeader("Idempotency-Key", String.class);
        if (format == null || key != null && !KEY.matcher(key).matches()) {
            reply(
                    exchange,
                    format == null ? 415 : 400,
                    Refusals.problem(
                            format == null ? 415 : 400,
                            IntakeFault.HEADERS,
                            format == null ? "Content-Type" : "Idempotency-Key",
                            "Content-Type application/xml or application/json; Idempotency-Key 1 to 128 visible characters"));
            return;
        }
        String lane = in.getHeader(LANE, String.class);
        if (Door.unknownLane(lane)) {
            door.count("refused");
            reply(
                    exchange,
                    400,
                    Refusals.problem(
                            400,
                            IntakeFault.OPTION.fault(LANE, "one of " + Door.LANES + ", or none", Door.found(lane)),
                            Optional.empty()));
            return;
        }
        Admission admission =
                door.admit(body, format, Optional.empty(), Optional.ofNullable(key), Door.lane(lane), "http");
        answer(exchange, admission, 202);
    }

    /** The key is not a matter of taste here: without it a lost answer would become a second credit. */
    private void topUp(Exchange exchange, byte[] body) {
        Message in = exchange.getMessage();
        String type = in.getHeader(Exchange.CONTENT_TYPE, "", String.class).toLowerCase(java.util.Locale.ROOT);
        String key = in.getHeader("Idempotency-Key", "", String.class);
        boolean json = type.contains("json");
        if (!json || !KEY.matcher(key).matches()) {
            reply(
                    exchange,
                    json ? 400 : 415,
                    Refusals.problem(
                            json ? 400 : 415,
                            IntakeFault.HEADERS,
                            json ? "Idempotency-Key" : "Content-Type",
                            "Content-Type application/json; Idempotency-Key, which every top-up needs, 1 to 128 visible characters"));
            return;
        }
        answer(exchange, door.topUp(body, key, "http"), 201);
    }

    private static void answer(Exchange exchange, Admission admission, int status) {
        admission.fold(
                accepted -> {
                    reply(exchange, status, Refusals.accepted(accepted));
                    exchange.getMessage().setHeader("Location", "/service-requests/" + accepted.id());
                    return null;
                },
                refused -> {
                    int code = refused.worthRepeating() ? 503 : 422;
                    reply(exchange, code, Refusals.problem(code, refused.fault(), refused.id()));
                    if (refused.worthRepeating()) {
                        exchange.getMessage().setHeader("Retry-After", RETRY_SECONDS);
                    }
                    return null;
                });
    }

    private void show(Exchange exchange, String id, boolean result) {
        Optional<RequestRecord> found = ledger.find(id);
        if (found.isEmpty()) {
            reply(
                    exchange,
                    404,
                    Refusals.problem(404, IntakeFault.NO_SUCH_REQUEST, "id", "the id is what POST answered"));
            return;
        }
        List<OutboxEntry> deliveries = ledger.deliveriesOf(id);
        if (!result) {
            reply(exchange, 200, view(found.get(), deliveries));
            return;
        }
        if (deliveries.isEmpty() && found.get().state().isEnd()) {
            reply(exchange, 410, ended(found.get()));
            return;
        }
        if (deliveries.isEmpty()) {
            reply(exchange, 404, Refusals.problem(404, IntakeFault.NO_RESULT_YET, "id", "ask again later"));
            return;
        }
        OutboxEntry last = standing(deliveries);
        String accept = exchange.getMessage().getHeader("Accept", "", String.class);
        if (accept.contains("json") && last.json().isPresent()) {
            reply(exchange, 200, "application/json", last.json().get());
        } else {
            reply(exchange, 200, last.contentType(), last.body());
        }
        // a reply begins with no header at all
        about(last)
                .forEach((name, value) -> exchange.getMessage()
                        .setHeader(
                                "Postern-" + Character.toUpperCase(name.charAt(0)) + name.substring(1),
                                value.replaceAll("[^\\x20-\\x7E]", "?")));
    }

    /** The final answer about a request that ended and has no result: nobody need ask again. */
    private static ObjectNode ended(RequestRecord request) {
        String cause = request.progress().cause();
        return Refusals.problem(
                        410,
                        IntakeFault.ENDED_WITHOUT_RESULT.fault(
                                "id", "it ended " + request.state() + (cause.isEmpty() ? "" : ": " + cause)),
                        Optional.of(request.id()))
                .put("state", request.state().name())
                .put("outcome", Standing.of(request.state()).text());
    }

    /** The result that stands: the last that had an effect on the request; where none had, the last. */
    private static OutboxEntry standing(List<OutboxEntry> deliveries) {
        OutboxEntry standing = deliveries.get(deliveries.size() - 1);
        for (OutboxEntry entry : deliveries) {
            if (!"none".equals(entry.headers().get("effect"))) {
                standing = entry;
            }
        }
        return standing;
    }

    /** What a result is and how far it can be trusted, by the names of its headers. */
    private static Map<String, String> about(OutboxEntry result) {
        Map<String, String> about = new LinkedHashMap<>();
        for (String name : MARKS) {
            Optional.ofNullable(result.headers().get(name))
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> about.put(name, value));
        }
        return about;
    }

    private static ObjectNode view(RequestRecord request, List<OutboxEntry> deliveries) {
        ObjectNode view = Refusals.JSON.createObjectNode().put("id", request.id());
        request.requestId().ifPresent(value -> view.put("requestId", value.toString()));
        request.target().role().ifPresent(value -> view.put("role", value.name()));
        request.target().service().ifPresent(value -> view.put("service", value));
        request.target().device().ifPresent(value -> view.put("device", value.toString()));
        view.put("lane", request.lane().name())
                .put("state", request.state().name())
                .put("cause", request.progress().cause());
        request.progress().responseCode().ifPresent(value -> view.put("responseCode", value));
        request.progress().success().ifPresent(value -> view.put("success", value));
        request.origin().correlationId().ifPresent(value -> view.put("correlationId", value));
        view.put("createdAt", request.createdAt().toString())
                .put("updatedAt", request.updatedAt().toString());
        if (deliveries.isEmpty()) {
            view.put("outcome", Standing.of(request.state()).text());
        } else {
            view.put("result", "/service-requests/" + request.id() + "/result");
            about(standing(deliveries)).forEach(view::put);
        }
        return view;
    }

    private void health(Exchange exchange, String method) {
        if (allowed(exchange, method, "GET")) {
            ObjectNode health = Refusals.JSON.createObjectNode().put("ready", readiness.ready());
            ObjectNode parts = health.putObject("parts");
            readiness.parts().forEach(parts::put);
            readiness
                    .troubles()
                    .forEach((part, why) -> health.withObject("/troubles").put(part, why));
            readiness.remarks().forEach((part, remarks) -> remarks.forEach(health.withArray("/remarks/" + part)::add));
            door.lastSweep().ifPresent(sweep -> {
                ObjectNode last =
                        health.putObject("lastSweep").put("at", sweep.at().toString());
                numbers(last.putObject("due"), sweep.due());
                numbers(last.putObject("found"), sweep.found());
            });
            reply(exchange, readiness.ready() ? 200 : 503, "application/json", health.toString());
        }
    }

    private static void numbers(ObjectNode to, ServiceRequests.Rebuilt numbers) {
        to.put("steps", numbers.steps()).put("documents", numbers.documents()).put("deliveries", numbers.deliveries());
    }

    private static void reply(Exchange exchange, int status, ObjectNode body) {
        reply(exchange, status, status >= 400 ? "application/problem+json" : "application/json", body.toString());
    }

    private static void reply(Exchange exchange, int status, String contentType, Object body) {
        Message out = exchange.getMessage();
        out.removeHeaders("*");
        out.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        out.setHeader(Exchange.CONTENT_TYPE, contentType);
        out.setHeader("X-Content-Type-Options", "nosniff");
        // as bytes: a text would be written in the charset that the request claimed for itself
        out.setBody(body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : body);
    }
}
