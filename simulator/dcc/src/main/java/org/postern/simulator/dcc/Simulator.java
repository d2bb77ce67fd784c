package org.postern.simulator.dcc;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.ecprovider.EcProvider;
import org.postern.simulator.dcc.internal.gateway.Reply;
import org.postern.simulator.dcc.internal.gateway.SimulatedDcc;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.Device;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorFault;
import org.postern.simulator.pki.SimulatorPki;

/**
 * A DCC with meters behind it, running from construction to {@link #close()}: three services over mutual TLS,
 * callbacks, alerts, faults and a recorder. It has its own keys and never sees a User's.
 */
public final class Simulator implements AutoCloseable {

    private final FaultMenu faults;
    private final EventRecorder recorder;
    private final Clock clock;
    private final SimulatedDcc dcc;
    private final SimulatorPki pki;

    /**
     * Starts it.
     *
     * @throws PosternException PST-9002 to PST-9009 where the throwaway PKI or a port cannot be used
     */
    public Simulator(SimulatorSettings settings, EcProvider ec, Clock clock) {
        this.clock = clock;
        this.pki = new SimulatorPki(settings.pkiFolder());
        this.faults = new FaultMenu(1, clock);
        this.recorder = new EventRecorder(settings.eventFile(), clock, settings.bounds());
        try {
            this.dcc = new SimulatedDcc(this, settings, ec, faults, recorder, clock);
        } catch (RuntimeException e) {
            recorder.close();
            throw e;
        }
    }

    /**
     * Without TLS and ports, for a User in the same process.
     *
     * @throws PosternException PST-9002 to PST-9006 where the throwaway PKI cannot be used
     */
    public Simulator(SimulatorSettings settings, EcProvider ec, Clock clock, InProcess surroundings) {
        this.clock = clock;
        this.pki = new SimulatorPki(settings.pkiFolder());
        this.faults = new FaultMenu(surroundings.seed(), clock);
        this.recorder = new EventRecorder(settings.eventFile(), clock, settings.bounds());
        this.dcc = new SimulatedDcc(settings, ec, faults, recorder, clock, surroundings);
    }

    /**
     * What the DCC answered in an exchange.
     *
     * @param status HTTP status; -1 where the connection was closed without an answer
     * @param body XML, or whatever else; may be empty
     * @param retryAfter seconds of a Retry-After header, or -1 for none
     */
    public record Answer(int status, byte[] body, long retryAfter) {}

    /** Handles the document as a POST to that service would. */
    public Answer post(ServiceEndpoint endpoint, byte[] document) {
        Reply reply = dcc.post(endpoint, document);
        return new Answer(reply.status(), reply.body(), reply.retryAfter());
    }

    /** TCP port of the three services. */
    public int servicesPort() {
        return dcc.servicesPort();
    }

    /** TCP port of the control service, or -1. */
    public int controlPort() {
        return dcc.controlPort();
    }

    /** The devices it plays. */
    public Population population() {
        return dcc.population();
    }

    /** The fault menu. */
    public FaultMenu faults() {
        return faults;
    }

    /** The record of what it received and did. */
    public EventRecorder recorder() {
        return recorder;
    }

    /**
     * The fields of the Pre-Command that was given for a request, of the latest 200: arguments for
     * {@code alter-pre-command}.
     */
    public List<String> preCommandFields(String requestId) {
        return dcc.fields(requestId);
    }

    /**
     * How full the simulator's collections are, beside their bounds. None is beyond its bound, however many requests
     * have come; there is one entry for each kind of collection.
     */
    public List<CollectionSize> sizes() {
        return Stream.concat(dcc.sizes().stream(), faults.sizes().stream()).toList();
    }

    /** The sizes as one JSON object: for each kind of collection the size and the bound. */
    public String sizesJson() {
        List<CollectionSize> now = sizes();
        return EventRecorder.json(g -> {
            try {
                g.writeStartObject();
                for (CollectionSize one : now) {
                    g.writeArrayFieldStart(one.name());
                    g.writeNumber(one.size());
                    g.writeNumber(one.bound());
                    g.writeEndArray();
                }
                g.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Callbacks that are being sent or wait to be sent again, and commands that devices have not answered yet. */
    public int outstandingCallbacks() {
        return dcc.outstanding();
    }

    /** Withholds callbacks, signed, instead of sending them, until {@link #releaseCallbacks}. */
    public void keepCallbacks() {
        dcc.keepCallbacks();
    }

    /**
     * Sends the withheld callbacks, each until it is acknowledged, and returns at once.
     *
     * @param senders callbacks that are sent at the same time
     * @param perSecond at most; 0 for as fast as they are acknowledged
     */
    public void releaseCallbacks(int senders, double perSecond) {
        dcc.releaseCallbacks(senders, perSecond);
    }

    /** Of these, as JSON: held, acknowledged, failures, and microseconds to the acknowledgement as p50, p99 and max. */
    public String releasedCallbacksJson() {
        return dcc.releasedCallbacks();
    }

    /**
     * Has a device raise a generic alert.
     *
     * @param code alert code, 0 to FFFF
     * @param critical signed by the device; otherwise with a MAC
     * @return the ResponseID under which it is sent
     * @throws PosternException PST-9009 where there is no such device
     */
    public String deviceAlert(Eui64 device, int code, boolean critical, UserRole user) {
        return dcc.deviceAlert(device(device), code, critical, SimulatorPki.user(user));
    }

    /**
     * Sends the DCC Alert of a power outage at the home of that device.
     *
     * @throws PosternException PST-9009 where there is no such device
     */
    public String powerOutage(Eui64 device, UserRole user) {
        SimulatedDevice hub = population().home(device(device).identity().premises()).stream()
                .filter(d -> d.type() == DeviceType.CHF)
                .findFirst()
                .orElseThrow();
        return dcc.powerOutage(hub, SimulatorPki.user(user));
    }

    /**
     * Keys a top-up token in at the device.
     *
     * @return accepted, rejected or duplicate
     * @throws PosternException PST-9009 where there is no such device
     */
    public String keypad(Eui64 device, String digits) {
        return dcc.keypad(device(device), digits);
    }

    /**
     * Plays the certification authority for a device's own new key: base64 DER of the certificate for what 6.17 gave.
     *
     * @param request base64 DER of the certification request
     * @throws PosternException PST-9009 where there is no such device, PST-9011 where the request is none
     */
    public String issue(Eui64 device, boolean signing, String request) {
        byte[] der = Base64.getMimeDecoder().decode(request);
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            pki.issueDevice(der, device(device).identity().deviceId(), signing, clock)
                                    .getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was just made encodes", e);
        }
    }

    /** Delivers any bytes as the GBCS answer to a request, sent before or not. */
    public void replay(String requestId, String service, byte[] gbcs) {
        dcc.replay(RequestId.parse(requestId), service, gbcs);
    }

    private Device device(Eui64 device) {
        return dcc.devices()
                .find(device)
                .orElseThrow(
                        () -> new PosternException(SimulatorFault.NO_SUCH_DEVICE.fault("device", device.dashed())));
    }

    /** The population and its registers as a JSON array. */
    public String metersJson() {
        return EventRecorder.json(g -> {
            try {
                g.writeStartArray();
                for (Device one : dcc.devices().all()) {
                    write(g, one);
                }
                g.writeEndArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void write(JsonGenerator g, Device device) throws IOException {
        g.writeStartObject();
        g.writeStringField("deviceId", device.identity().deviceId().dashed());
        g.writeNumberField("pending", device.pending());
        g.writeStringField("type", device.identity().type().name());
        g.writeStringField("variant", device.identity().variant().name());
        g.writeNumberField("premises", device.identity().premises());
        g.writeStringField("mpxn", device.identity().mpxn());
        g.writeNumberField("register", device.register(clock.instant()));
        g.writeStringField("firmware", device.firmwareHex());
        g.writeBooleanField("supplyEnabled", device.supplyEnabled());
        g.writeEndObject();
    }

    @Override
    public void close() {
        dcc.close();
        recorder.close();
    }
}
