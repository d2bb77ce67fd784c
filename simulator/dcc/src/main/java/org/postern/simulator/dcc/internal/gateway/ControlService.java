package org.postern.simulator.dcc.internal.gateway;

import java.util.List;
import java.util.function.UnaryOperator;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.UserRole;
import org.postern.gbcs.Bytes;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.dcc.Simulator;

/**
 * The control service, for tests and the demonstration, on the loopback address only:
 *
 * <pre>
 * GET    /counts                                    how often each kind of event was recorded
 * GET    /requests                                  all RequestIDs seen
 * GET    /requests/ID                               the events of one
 * GET    /fields?request=ID                         what alter-pre-command can change in the Pre-Command of that request
 * GET    /meters                                    the population and its registers
 * GET    /sizes                                     entries of each kind of collection in memory, and its bound
 * GET    /outstanding                               callbacks not yet acknowledged
 * GET    /faults  POST /faults  DELETE /faults      the fault menu; POST takes lines as {@link FaultRule#parse}
 * POST   /alerts?device=EUI&code=8F30&critical=true&user=IS
 *        &count=N                                  so many; gives the last one's ResponseID
 * POST   /keep                                      callbacks are withheld, signed, from now on
 * POST   /release?senders=16&rate=0                 sends them: how many at once, how many a second (0: as fast as they are acknowledged)
 * GET    /release                                   how many are withheld and acknowledged, and microseconds to the acknowledgement
 * POST   /dcc-alerts?device=EUI&user=ED             a power outage of that hub
 * POST   /keypad?device=EUI                         body: twenty digits; gives accepted, rejected or duplicate
 * POST   /issue?device=EUI&signing=true             body: base64 of a certification request; gives the device certificate
 * POST   /replay?request=ID&service=4.1.1           body: hex of a GBCS response, delivered as the answer to that request
 * </pre>
 */
final class ControlService {

    /** HTTP status and JSON. */
    record Result(int status, String json) {}

    private final Simulator simulator;

    ControlService(Simulator simulator) {
        this.simulator = simulator;
    }

    Result call(String method, String path, UnaryOperator<String> query, String body) {
        try {
            return route(method, path, query, body);
        } catch (PosternException e) {
            return new Result(400, text(e.fault().toString()));
        } catch (IllegalArgumentException | NullPointerException e) {
            return new Result(400, text("a parameter is missing or of the wrong form"));
        }
    }

    private Result route(String method, String path, UnaryOperator<String> query, String body) {
        switch (method + " " + path.replaceAll("^(/requests)/.*", "$1/")) {
            case "GET /counts":
                return ok(simulator.recorder().countsJson());
            case "GET /requests":
                return ok(list(simulator.recorder().requests()));
            case "GET /requests/":
                return ok(simulator.recorder().eventsJson(path.substring("/requests/".length())));
            case "GET /fields":
                return ok(list(simulator.preCommandFields(query.apply("request"))));
            case "GET /meters":
                return ok(simulator.metersJson());
            case "GET /sizes":
                return ok(simulator.sizesJson());
            case "GET /outstanding":
                return ok(Integer.toString(simulator.outstandingCallbacks()));
            case "GET /faults":
                return ok(list(simulator.faults().rules().stream()
                        .map(FaultRule::toString)
                        .toList()));
            case "POST /faults":
                List<FaultRule> rules = body.lines()
                        .filter(l -> !l.isBlank())
                        .map(FaultRule::parse)
                        .toList();
                rules.forEach(simulator.faults()::add);
                return ok(Integer.toString(rules.size()));
            case "DELETE /faults":
                simulator.faults().clear();
                return ok("0");
            case "POST /alerts":
                return ok(text(alerts(query)));
            case "POST /keep":
                simulator.keepCallbacks();
                return ok("true");
            case "POST /release":
                simulator.releaseCallbacks(
                        Integer.parseInt(query.apply("senders")), Double.parseDouble(query.apply("rate")));
                return ok("true");
            case "GET /release":
                return ok(simulator.releasedCallbacksJson());
            case "POST /dcc-alerts":
                return ok(text(simulator.powerOutage(
                        Eui64.parse(query.apply("device")), UserRole.valueOf(query.apply("user")))));
            case "POST /keypad":
                return ok(text(simulator.keypad(Eui64.parse(query.apply("device")), body.strip())));
            case "POST /issue":
                return ok(text(simulator.issue(
                        Eui64.parse(query.apply("device")),
                        Boolean.parseBoolean(query.apply("signing")),
                        body.strip())));
            case "POST /replay":
                simulator.replay(
                        query.apply("request"),
                        query.apply("service"),
                        Bytes.ofHex(body.strip()).toArray());
                return ok("true");
            default:
                return new Result(404, text("no such command"));
        }
    }

    private String alerts(UnaryOperator<String> query) {
        Eui64 device = Eui64.parse(query.apply("device"));
        String count = query.apply("count");
        String last = "";
        for (int i = count == null ? 1 : Integer.parseInt(count); i > 0; i--) {
            last = simulator.deviceAlert(
                    device,
                    Integer.parseInt(query.apply("code"), 16),
                    Boolean.parseBoolean(query.apply("critical")),
                    UserRole.valueOf(query.apply("user")));
        }
        return last;
    }

    private static Result ok(String json) {
        return new Result(200, json);
    }

    private static String list(List<String> values) {
        return values.stream().map(ControlService::text).collect(java.util.stream.Collectors.joining(",", "[", "]"));
    }

    private static String text(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
