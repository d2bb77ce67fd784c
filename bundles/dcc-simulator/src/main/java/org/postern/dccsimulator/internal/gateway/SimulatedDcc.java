package org.postern.dccsimulator.internal.gateway;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.dccsimulator.FaultKind;
import org.postern.dccsimulator.FaultMenu;
import org.postern.dccsimulator.Population;
import org.postern.dccsimulator.SimulatedDevice;
import org.postern.dccsimulator.Simulator;
import org.postern.dccsimulator.SimulatorPki;
import org.postern.dccsimulator.SimulatorSettings;
import org.postern.dccsimulator.Witness;
import org.postern.dccsimulator.internal.meter.Meter;
import org.postern.dccsimulator.internal.meter.MeterBank;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisVerifier;
import org.postern.duis.DuisWriter;
import org.postern.duis.RequestId;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponseId;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Authenticator;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.Transformer;

/** Puts the parts of a simulated DCC together, starts and stops them; and sends what it sends unasked. */
public final class SimulatedDcc implements AutoCloseable {

    private static final int MOST_SECRETS = 20_000;
    /** The alert code that goes with a power outage, as far as public material links the two. */
    private static final String POWER_OUTAGE = "AD1";

    private final Population population;
    private final MeterBank meters;
    private final SharedSecretCache secrets = new SharedSecretCache(MOST_SECRETS);
    private final Callbacks callbacks;
    private final DccSigners signers;
    private final DccServices services;
    private final FaultMenu faults;
    private final HttpDoors doors;
    private final Witness witness;
    private final Clock clock;
    private final AtomicLong alertCounter;

    public SimulatedDcc(Simulator simulator, SimulatorSettings settings, EcProvider ec, FaultMenu faults, Witness witness, Clock clock) {
        this.witness = witness;
        this.clock = clock;
        this.alertCounter = new AtomicLong(clock.millis());
        SimulatorPki pki = new SimulatorPki(settings.pkiFolder());
        this.population = pki.population();
        GbcsCodec codec = new GbcsCodec();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        KeyFolder keys = new KeyFolder(pki.secretKeys(), ec, crypto);
        UseCaseTable useCases = UseCaseTable.load();
        this.meters = new MeterBank(population, codec, crypto, keys, pki.secretKeys(), ec, secrets, useCases, clock);
        this.signers = new DccSigners(pki, ec);
        this.faults = faults;
        this.callbacks = new Callbacks(settings, TlsContexts.of(settings.pkiFolder().resolve("simulator/tls"), "client"), faults, witness,
                clock);
        Authenticator authenticator = new Authenticator(crypto, keys, secrets, useCases, SimulatorPki.ACCESS_CONTROL_BROKER);
        this.services = new DccServices(new DccServices.Parts(
                new DuisVerifier(DuisLimits.DEFAULT.withMaxBytes(settings.maxBodyBytes()), signers.directory(), ec), signers,
                new ServiceCatalogue(), Transformer.fromTables(), meters, authenticator, new DccInventory(population, meters),
                new DeviceTraffic(new DeviceTraffic.Parts(meters, signers, callbacks, faults, witness, clock, settings.answerDelay())), faults,
                witness, clock));
        this.doors = new HttpDoors(settings, TlsContexts.of(settings.pkiFolder().resolve("simulator/tls"), "server"), services::handle,
                new ControlService(simulator));
    }

    public Population population() {
        return population;
    }

    public MeterBank meters() {
        return meters;
    }

    public int servicesPort() {
        return doors.servicesPort();
    }

    public int controlPort() {
        return doors.controlPort();
    }

    /** What can be altered in the Pre-Command that was given for that request. */
    public List<String> fields(String requestId) {
        return services.fields(requestId);
    }

    public int outstanding() {
        return callbacks.outstanding();
    }

    /** Sends a generic alert of a device; gives its ResponseID. */
    public String deviceAlert(Meter meter, int code, boolean critical, Eui64 user) {
        GbcsMessage alert = meters.alert(meter, code, critical, user);
        ResponseId id = new ResponseId(alert.header().originator(), user, alert.header().counter());
        send(id, Optional.empty(), "device-alert", new ResponseBody.DeviceAlertMessage(code, Throttle.NONE,
                Bytes.of(alert.encoded().toArray())), "");
        return id.toString();
    }

    /** Tells a User that a hub lost its mains; gives the alert's ResponseID. */
    public String powerOutage(SimulatedDevice hub, Eui64 user) {
        String mpan = population.home(hub.premises()).stream().filter(d -> d.type() == DeviceType.ESME).map(SimulatedDevice::mpxn)
                .findFirst().orElseThrow();
        ResponseId id = new ResponseId(SimulatorPki.ACCESS_CONTROL_BROKER, user, alertCounter.incrementAndGet());
        DuisElement event = DuisElement.of("PowerOutageEvent",
                DuisElement.leaf("CommsHubDeviceID", hub.deviceId().dashed()),
                DuisElement.leaf("StartDateTime", DuisWriter.dateTime(clock.instant().minusSeconds(180))),
                DuisElement.leaf("MPxN", mpan));
        send(id, Optional.empty(), "dcc-alert", new ResponseBody.DccAlertMessage(POWER_OUTAGE, Throttle.NONE, event), "");
        return id.toString();
    }

    /** Delivers these bytes as the answer to that request. */
    public void replay(RequestId request, String service, byte[] gbcs) {
        String reference = new ServiceCatalogue().require(service).reference();
        send(request.responseId(), Optional.of(request), "replay", new ResponseBody.ResponseMessage(reference, service,
                Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(gbcs)))), service);
    }

    private void send(ResponseId id, Optional<RequestId> request, String what, ResponseBody body, String service) {
        FaultMenu.Occasion occasion = new FaultMenu.Occasion(FaultKind.Stage.CALLBACK, id.originator(), service, 0);
        DuisResponse response = new DuisResponse(DuisRequest.SCHEMA_VERSION, request, Optional.of(id), "I0", clock.instant(), body);
        String name = request.map(RequestId::toString).orElse(id.toString());
        witness.saw(name, what, "kind", response.kind());
        callbacks.send(new Callbacks.Parcel(name, response.kind(), occasion, () -> signers.sign(response, occasion, faults, witness)),
                Duration.ZERO);
    }

    @Override
    public void close() {
        doors.close();
        callbacks.close();
        secrets.close();
    }
}
