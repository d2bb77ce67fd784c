package org.postern.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Client of the simulator's control service. */
final class SimulatorControl {

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final int port;

    SimulatorControl(int port) {
        this.port = port;
    }

    JsonNode get(String path) throws IOException, InterruptedException, DemoFailure {
        return call(path, HttpRequest.newBuilder().GET());
    }

    JsonNode post(String path, String body) throws IOException, InterruptedException, DemoFailure {
        return call(path, HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode call(String path, HttpRequest.Builder request)
            throws IOException, InterruptedException, DemoFailure {
        HttpResponse<String> response = http.send(
                request.uri(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new DemoFailure(
                    "the simulator answered " + response.statusCode() + " to " + path + ": " + response.body());
        }
        return json.readTree(response.body());
    }
}
