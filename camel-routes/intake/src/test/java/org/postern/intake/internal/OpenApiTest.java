package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.jettyruntime.Route;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.servicerequests.Admission;

/**
 * docs/openapi.yaml and the running HTTP interface state the same: operations, request types, statuses, response types
 * and headers. The test produces every documented answer at the server.
 */
class OpenApiTest extends IntakeBench {

    private static final String PROBLEM = "application/problem+json";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch");

    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonNode document = read();

    /** One documented answer of one operation with its headers. */
    private record Documented(String operation, int status, String type, Set<String> headers) {

        @Override
        public String toString() {
            return operation + " " + status + " " + type;
        }
    }

    /** An answer of the server. */
    private record Answer(int status, String type, Set<String> headers) {}

    /** Produces one answer. */
    private interface Provocation {

        Answer answer() throws Exception;
    }

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(Path.of("../../docs/openapi.yaml").toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    /** The operations of the document, as {@code POST /top-ups}. */
    private Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new TreeMap<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(entry -> METHODS.contains(entry.getKey()))
                        .forEach(entry -> operations.put(
                                entry.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), entry.getValue())));
        return operations;
    }

    private List<Documented> answers() {
        List<Documented> all = new ArrayList<>();
        operations()
                .forEach((operation, description) -> description
                        .get("responses")
                        .properties()
                        .forEach(response -> {
                            JsonNode answer = resolved(response.getValue());
                            Set<String> headers = names(answer.path("headers"));
                            for (String type : names(answer.path("content"))) {
                                all.add(new Documented(operation, Integer.parseInt(response.getKey()), type, headers));
                            }
                        }));
        return all;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private List<Route<HttpOperation>> table() {
        return new HttpApi(null, null, null, () -> "").routes().routes();
    }

    private static String name(Route<HttpOperation> route) {
        return route.method() + " " + route.path();
    }

    @Test
    void theTableOfRoutesAndTheDocumentListTheSame() {
        Map<String, Set<String>> requestTypes = new TreeMap<>();
        Map<String, Boolean> withoutToken = new TreeMap<>();
        Set<String> answers = new TreeSet<>();
        operations().forEach((operation, description) -> {
            requestTypes.put(operation, names(description.path("requestBody").path("content")));
            withoutToken.put(
                    operation,
                    description.has("security") && description.get("security").isEmpty());
        });
        answers().forEach(answer -> answers.add(answer.toString()));

        Map<String, Set<String>> takenTypes = new TreeMap<>();
        Map<String, Boolean> open = new TreeMap<>();
        Set<String> given = new TreeSet<>();
        for (Route<HttpOperation> route : table()) {
            takenTypes.put(name(route), new TreeSet<>(route.consumes()));
            open.put(name(route), route.handler().access() == HttpOperation.Access.ANYBODY);
            route.answers()
                    .forEach((status, types) ->
                            types.forEach(type -> given.add(name(route) + " " + status + " " + type)));
        }
        assertThat(takenTypes).isEqualTo(requestTypes);
        assertThat(open).isEqualTo(withoutToken);
        assertThat(given).isEqualTo(answers);
    }

    @Test
    void everyDocumentedAnswerIsGivenWithItsTypeAndHeaders() throws Exception {
        Map<String, Provocation> provocations = provocations();
        List<Documented> answers = answers();
        assertThat(answers.stream().map(Documented::toString))
                .as("the test produces each documented answer and no other")
                .containsExactlyInAnyOrderElementsOf(provocations.keySet());
        for (Documented documented : answers) {
            Answer given = provocations.get(documented.toString()).answer();
            assertThat(given.status()).as(documented.toString()).isEqualTo(documented.status());
            assertThat(given.type()).as(documented.toString()).isEqualTo(documented.type());
            assertThat(given.headers())
                    .as(documented.toString())
                    .containsAll(documented.headers().stream()
                            .map(header -> header.toLowerCase(Locale.ROOT))
                            .toList());
        }
    }

    private Map<String, Provocation> provocations() {
        Map<String, Provocation> all = new HashMap<>();
        String requests = "POST /service-requests";
        String topUps = "POST /top-ups";
        all.put(requests + " 202 application/json", () -> submitted("/service-requests", "202"));
        all.put(topUps + " 201 application/json", () -> submitted("/top-ups", "201"));
        for (String operation : List.of(requests, topUps)) {
            String path = operation.substring(operation.indexOf('/'));
            String problem = " " + PROBLEM;
            all.put(operation + " 400" + problem, () -> send(post(path).setHeader("Idempotency-Key", "a b")));
            all.put(operation + " 401" + problem, () -> send(post(path).setHeader("Authorization", "Bearer guess")));
            all.put(operation + " 408" + problem, () -> late(path));
            all.put(
                    operation + " 413" + problem,
                    () -> send(post(path).POST(BodyPublishers.ofByteArray(new byte[LIMIT + 1]))));
            all.put(operation + " 415" + problem, () -> send(post(path).setHeader("Content-Type", "text/plain")));
            all.put(operation + " 422" + problem, () -> {
                answer = submission -> Admission.Refused.permanent("id-4", FAULT);
                return send(post(path));
            });
            all.put(operation + " 500" + problem, () -> {
                answer = submission -> {
                    throw new IllegalStateException("broken for the test");
                };
                return send(post(path));
            });
            all.put(operation + " 503" + problem, () -> {
                answer = submission -> Admission.Refused.temporary(FAULT);
                return send(post(path));
            });
        }
        String state = "GET /service-requests/{id}";
        String result = "GET /service-requests/{id}/result";
        for (String operation : List.of(state, result, "GET /metrics")) {
            String path = path(operation);
            all.put(
                    operation + " 401 " + PROBLEM,
                    () -> send(get(path).setHeader("Authorization", "Basic bm9ib2R5Om5vdGhpbmc=")));
        }
        all.put(state + " 200 application/json", () -> known(RequestState.ADMITTED, List.of(), path(state), ""));
        all.put(state + " 404 " + PROBLEM, () -> {
            found = Optional.empty();
            return send(get(path(state)));
        });
        all.put(result + " 404 " + PROBLEM, () -> known(RequestState.ADMITTED, List.of(), path(result), ""));
        all.put(result + " 410 " + PROBLEM, () -> known(RequestState.REJECTED, List.of(), path(result), ""));
        all.put(
                result + " 200 application/xml",
                () -> known(RequestState.DELIVERED, List.of(delivered("application/xml")), path(result), "*/*"));
        all.put(
                result + " 200 application/json",
                () -> known(
                        RequestState.DELIVERED,
                        List.of(delivered("application/xml")),
                        path(result),
                        "application/json"));
        all.put(
                result + " 200 application/octet-stream",
                () -> known(
                        RequestState.DELIVERED, List.of(delivered("application/octet-stream")), path(result), "*/*"));
        all.put("GET /health 200 application/json", () -> health(true));
        all.put("GET /health 503 application/json", () -> health(false));
        all.put("GET /metrics 200 text/plain", () -> send(get("/metrics")));
        return all;
    }

    private Answer submitted(String path, String id) throws Exception {
        answer = submission -> new Admission.Accepted(id, "A:B:7", false);
        return send(post(path));
    }

    private Answer health(boolean all) throws Exception {
        ready = all;
        return send(HttpRequest.newBuilder(uri("/health")));
    }

    private Answer late(String path) throws IOException {
        try (RawHttp raw = new RawHttp(port, (int) WAIT)) {
            raw.send(("POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                            + "\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: 5\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
            RawHttp.Answer late = raw.answer();
            return new Answer(
                    late.status(),
                    late.headers().get("content-type"),
                    late.headers().keySet());
        }
    }

    private Answer known(RequestState is, List<OutboxEntry> results, String path, String accept) throws Exception {
        found = Optional.of(new RequestRecord(
                "id-1",
                Optional.empty(),
                new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "json"),
                Target.UNREAD,
                Lane.ROUTINE,
                new RequestRecord.Progress(is, "", Optional.empty(), Optional.empty()),
                RequestRecord.Sending.NONE,
                RequestRecord.Timing.NONE,
                Instant.EPOCH,
                Instant.EPOCH));
        delivered = results;
        return send(accept.isEmpty() ? get(path) : get(path).header("Accept", accept));
    }

    private static OutboxEntry delivered(String type) {
        return OutboxEntry.pending(
                "e-1",
                Optional.of("id-1"),
                DeliveryKind.RESULT,
                ReplyAddress.COMMON,
                Map.of("outcome", "success"),
                type,
                "<x/>".getBytes(StandardCharsets.UTF_8),
                Optional.of("{}"));
    }

    @Test
    void everyDocumentedRequestTypeIsAccepted() throws Exception {
        for (Map.Entry<String, JsonNode> operation : operations().entrySet()) {
            for (String type : names(operation.getValue().path("requestBody").path("content"))) {
                assertThat(send(post(path(operation.getKey())).setHeader("Content-Type", type))
                                .status())
                        .as(operation.getKey() + " " + type)
                        .isBetween(200, 299);
            }
        }
    }

    @Test
    void undocumentedOperationsDoNotExist() throws Exception {
        Map<String, Set<String>> methods = new LinkedHashMap<>();
        operations()
                .keySet()
                .forEach(operation -> methods.computeIfAbsent(
                                operation.substring(operation.indexOf('/')), none -> new TreeSet<>())
                        .add(operation.substring(0, operation.indexOf(' '))));
        for (Map.Entry<String, Set<String>> path : methods.entrySet()) {
            for (String method : METHODS) {
                String name = method.toUpperCase(Locale.ROOT);
                if (!path.getValue().contains(name)) {
                    Answer other = send(get(path(path.getKey())).method(name, BodyPublishers.noBody()));
                    assertThat(other.status()).as(name + " " + path.getKey()).isEqualTo(405);
                    assertThat(other.type()).isEqualTo(PROBLEM);
                    assertThat(other.headers()).contains("allow");
                }
            }
        }
        for (String other : List.of(
                "/",
                "/metrics/",
                "/Health",
                "/health;x",
                "/service-requests/",
                "/service-requests/id-1/other",
                "/service-requests/id_1",
                "/service-requests/" + "x".repeat(65),
                "/top-ups/id-1",
                "/openapi.yaml")) {
            Answer none = send(get(other));
            assertThat(none.status()).as(other).isEqualTo(404);
            assertThat(none.type()).isEqualTo(PROBLEM);
        }
    }

    @Test
    void theAnswersOfEveryOperationAreInTheIntroduction() {
        String introduction = document.at("/info/description").asText();
        for (int status : HttpApi.EVERYWHERE) {
            assertThat(introduction).contains(Integer.toString(status));
        }
    }

    private static String path(String operation) {
        return operation.substring(operation.indexOf('/')).replace("{id}", "id-1");
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpRequest.Builder post(String path) {
        return HttpRequest.newBuilder(uri(path))
                .POST(BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k")
                .header("Authorization", "Bearer " + token);
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest.Builder request) throws Exception {
        HttpResponse<Void> response =
                client.send(request.timeout(Duration.ofMillis(WAIT)).build(), HttpResponse.BodyHandlers.discarding());
        String type = response.headers().firstValue("Content-Type").orElse("");
        return new Answer(
                response.statusCode(),
                type.split(";")[0],
                response.headers().map().keySet());
    }
}
