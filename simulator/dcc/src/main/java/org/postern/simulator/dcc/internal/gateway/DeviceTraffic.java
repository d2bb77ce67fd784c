package org.postern.simulator.dcc.internal.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.FutureDating;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.Bytes;
import org.postern.duis.DuisRequest;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.simulator.dcc.EventRecorder;
import org.postern.simulator.dcc.FaultKind;
import org.postern.simulator.dcc.FaultMenu;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.devices.CommandResult;
import org.postern.simulator.devices.Device;
import org.postern.simulator.devices.Devices;
import org.postern.simulator.devices.FutureDatedCommand;

/**
 * Between the DCC and the devices: sends commands, at once or at the time that the request states, and brings back
 * answers and the alerts about future-dated commands. Commands to one device are carried out in the order in which they
 * were accepted.
 *
 * <p>A request that the DCC dates itself (dating by the DSP) is dropped when the same User cancels that service for
 * that device, or sends a new dated request for it. Nothing is sent for a dropped request.
 */
final class DeviceTraffic {

    /** Everything it works with. */
    record Parts(
            Devices devices,
            AcbMessages messages,
            DccSigners signers,
            Callbacks callbacks,
            DccAlerts alerts,
            FaultMenu faults,
            EventRecorder recorder,
            Clock clock,
            Duration answerDelay) {}

    private static final String SUCCESS = "I0";
    /** The response code for a device that does not answer. */
    private static final String NO_RESPONSE = "E21";

    private static final String DEVICE_LOG = "8.11";

    private final Parts parts;
    private final Random pace = new Random(1);
    private final Map<Eui64, Deque<Runnable>> queues = new ConcurrentHashMap<>();
    private final Map<Eui64, Bytes> answers = new ConcurrentSkipListMap<>(Comparator.comparing(Eui64::hex));
    /** The request that the DCC holds until its time, for each User, device and service. */
    private final Map<String, DuisRequest> kept = new ConcurrentHashMap<>();

    DeviceTraffic(Parts parts) {
        this.parts = parts;
    }

    /** Sends the command of an accepted request. */
    void send(DuisRequest request, ServiceRow row, Device device, GbcsMessage command) {
        Optional<Instant> execution = request.executionDateTime();
        if (execution.isEmpty() || row.futureDating() != FutureDating.DSP) {
            queue(device, () -> deliver(request, device, command));
            return;
        }
        String key = request.requestId().originator().hex()
                + request.requestId().target().hex()
                + request.serviceReferenceVariant();
        DuisRequest before = kept.remove(key);
        if (before != null) {
            parts.recorder()
                    .saw(
                            before.requestId().toString(),
                            request.cancels() ? "kept.cancelled" : "kept.replaced",
                            "by",
                            request.requestId().toString());
        }
        if (request.cancels()) {
            return;
        }
        kept.put(key, request);
        parts.recorder()
                .saw(
                        request.requestId().toString(),
                        "kept",
                        "until",
                        execution.get().toString());
        parts.callbacks()
                .at(
                        execution.get(),
                        () -> {
                            if (kept.remove(key, request)) {
                                queue(device, () -> deliver(request, device, command));
                            }
                        },
                        () -> request.equals(kept.get(key)),
                        () -> {
                            if (kept.remove(key, request)) {
                                parts.recorder().saw(request.requestId().toString(), "kept.left");
                            }
                        });
    }

    private void queue(Device device, Runnable task) {
        Deque<Runnable> queue = queues.computeIfAbsent(device.identity().deviceId(), d -> new ArrayDeque<>());
        synchronized (queue) {
            queue.add(task);
        }
        parts.callbacks().work(delay(), () -> {
            synchronized (queue) {
                queue.remove().run();
            }
        });
    }

    private Duration delay() {
        long middle = parts.answerDelay().toMillis();
        synchronized (pace) {
            return Duration.ofMillis(
                    middle / 2 + (middle == 0 ? 0 : pace.nextInt((int) Math.min(middle + 1, Integer.MAX_VALUE))));
        }
    }

    private void deliver(DuisRequest request, Device device, GbcsMessage command) {
        String id = request.requestId().toString();
        boolean fails = strikes(FaultKind.DEVICE_FAILURE, request).isPresent();
        Optional<CommandResult> heard;
        try {
            heard = device.carryOut(parts.messages().wrapped(command), fails);
        } catch (RuntimeException e) {
            parts.recorder().saw(id, "device.broken", "cause", String.valueOf(e.getMessage()));
            return;
        }
        if (heard.isEmpty()) {
            parts.recorder().saw(id, "device.counter-too-low");
            respond(request, NO_RESPONSE, Optional.empty(), () -> {});
            return;
        }
        CommandResult carried = heard.get();
        carried.topUp().ifPresent(verdict -> parts.recorder().saw(id, "top-up." + verdict));
        parts.recorder()
                .saw(
                        id,
                        "answered",
                        "message-code",
                        carried.answer().header().messageCodeHex(),
                        "register",
                        Long.toString(device.register(parts.clock().instant())));
        carried.dated()
                .ifPresent(dated -> parts.recorder()
                        .saw(
                                id,
                                "device.dated",
                                "until",
                                dated.at().toString(),
                                "instructions",
                                Integer.toString(dated.count())));
        Bytes answer = bytes(carried.answer());
        other(device)
                .filter(bytes -> strikes(FaultKind.OTHER_DEVICE, request).isPresent())
                .ifPresent(bytes ->
                        respond(request, SUCCESS, Optional.of(new ResponsePayload.GbcsPayload(bytes)), () -> {}));
        answers.put(device.identity().deviceId(), answer);
        String code = strikes(FaultKind.WRONG_CODE, request)
                .map(rule -> rule.argument().isEmpty() ? NO_RESPONSE : rule.argument())
                .orElse(SUCCESS);
        // outcomes follow the answer, even where the time is past
        respond(
                request,
                code,
                Optional.of(new ResponsePayload.GbcsPayload(answer)),
                () -> carried.dated()
                        .ifPresent(dated -> parts.callbacks()
                                .at(
                                        dated.at(),
                                        () -> takeEffect(request, device, dated, false),
                                        dated::pending,
                                        () -> takeEffect(request, device, dated, true))));
        strikes(FaultKind.CONTRADICT, request).ifPresent(rule -> contradict(request, device, command, rule.argument()));
        parts.alerts().credentials(request, device);
        if (request.serviceReferenceVariant().equals(DEVICE_LOG)) {
            hub(request, device, !fails);
        }
    }

    /** The latest answer of another device. */
    private Optional<Bytes> other(Device device) {
        return answers.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(device.identity().deviceId()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private void contradict(DuisRequest request, Device device, GbcsMessage command, String code) {
        if (!code.isEmpty()) {
            respond(request, code, Optional.empty(), () -> {});
            return;
        }
        device.carryOut(parts.messages().wrapped(command), true)
                .ifPresent(failed -> respond(
                        request,
                        SUCCESS,
                        Optional.of(new ResponsePayload.GbcsPayload(bytes(failed.answer()))),
                        () -> {}));
    }

    /**
     * The time has come: one alert for each instruction that was neither cancelled nor replaced.
     *
     * @param leaves the command has to leave before its time: nothing of it is carried out
     */
    private void takeEffect(DuisRequest request, Device device, FutureDatedCommand dated, boolean leaves) {
        Optional<FaultRule> fault = leaves ? Optional.empty() : strikes(FaultKind.NOT_ACTIONED, request);
        long not = fault.map(rule -> rule.number(dated.count())).orElse(0L);
        for (int i = 0; i < dated.count(); i++) {
            int number = i + 1;
            Optional<FutureDatedCommand.Effect> effect = dated.takeEffect(i, !leaves && number != not);
            parts.recorder()
                    .saw(
                            request.requestId().toString(),
                            effect.map(e -> e.actioned() ? "device.actioned" : "device.not-actioned")
                                    .orElse("device.dropped"),
                            "instruction",
                            number + "/" + dated.count());
            effect.ifPresent(e -> respond(
                    request,
                    SUCCESS,
                    Optional.of(new ResponsePayload.FutureDatedDeviceAlertMessage(
                            e.actioned(), bytes(e.alert()), number, dated.count())),
                    () -> {}));
        }
        parts.alerts().credentials(request, device);
    }

    /** Changes the hub's list of devices as 8.11 asks. */
    private void hub(DuisRequest request, Device hub, boolean done) {
        Eui64 other = Eui64.parse(request.body().value("DeviceID"));
        if (done) {
            hub.updateDeviceLog(
                    other,
                    request.body().find("RequestType").filter("Remove"::equals).isPresent(),
                    parts.devices().find(other).map(d -> d.identity().type()));
        }
        parts.alerts().deviceLog(request, done);
    }

    private Optional<FaultRule> strikes(FaultKind kind, DuisRequest request) {
        Optional<FaultRule> rule = parts.faults().strikes(kind, occasion(FaultKind.Stage.DEVICE, request));
        rule.ifPresent(r ->
                parts.recorder().saw(request.requestId().toString(), "fault." + kind.written(), "rule", r.toString()));
        return rule;
    }

    private void respond(DuisRequest request, String code, Optional<ResponsePayload> payload, Runnable then) {
        FaultMenu.Occasion occasion = occasion(FaultKind.Stage.CALLBACK, request);
        parts.callbacks()
                .send(
                        new Callbacks.Parcel(
                                request.requestId().toString(),
                                payload.map(ResponsePayload::element).orElse(code),
                                occasion,
                                () -> parts.signers()
                                        .sign(
                                                Responses.to(
                                                        request,
                                                        code,
                                                        payload,
                                                        parts.clock().instant()),
                                                occasion,
                                                parts.faults(),
                                                parts.recorder()),
                                then),
                        Duration.ZERO);
    }

    private static FaultMenu.Occasion occasion(FaultKind.Stage stage, DuisRequest request) {
        return new FaultMenu.Occasion(
                stage,
                request.requestId().target(),
                request.serviceReferenceVariant(),
                request.variant().number());
    }

    private static Bytes bytes(GbcsMessage message) {
        return Bytes.of(message.encoded().toArray());
    }
}
