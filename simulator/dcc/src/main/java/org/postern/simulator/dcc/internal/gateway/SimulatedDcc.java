package org.postern.simulator.dcc.internal.gateway;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.duis.Bytes;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisVerifier;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.parsecorrelate.Transformer;
import org.postern.simulator.dcc.EventRecorder;
import org.postern.simulator.dcc.FaultMenu;
import org.postern.simulator.dcc.InProcess;
import org.postern.simulator.dcc.Simulator;
import org.postern.simulator.dcc.SimulatorSettings;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.Device;
import org.postern.simulator.devices.Devices;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;

/** Constructs, starts and stops the parts of a simulated DCC, and sends alerts that answer no request. */
public final class SimulatedDcc implements AutoCloseable {

    private static final int MAX_SECRETS = 20_000;

    private final Population population;
    private final Devices devices;
    private final SharedSecretCache secrets = new SharedSecretCache(MAX_SECRETS);
    private final Callbacks callbacks;
    private final DccAlerts alerts;
    private final EventRecorder recorder;
    private final DccServices services;
    /** Null for a simulator without ports. */
    private HttpServers servers;

    /** With TLS and ports. */
    public SimulatedDcc(
            Simulator simulator,
            SimulatorSettings settings,
            EcProvider ec,
            FaultMenu faults,
            EventRecorder recorder,
            Clock clock) {
        this(settings, ec, faults, recorder, clock, Callbacks.https(settings.callbackUrl(), tls(settings, "client")));
        try {
            servers =
                    new HttpServers(settings, tls(settings, "server"), services::handle, new ControlService(simulator));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Without TLS and ports. */
    public SimulatedDcc(
            SimulatorSettings settings,
            EcProvider ec,
            FaultMenu faults,
            EventRecorder recorder,
            Clock clock,
            InProcess surroundings) {
        this.recorder = recorder;
        SimulatorPki pki = new SimulatorPki(settings.pkiFolder());
        this.population = pki.population();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        KeyFolder keys = new KeyFolder(pki.secretKeys(), ec, crypto);
        UseCaseTable useCases = UseCaseTable.load();
        this.devices = new Devices(
                pki,
                keys,
                ec,
                surroundings.keys(),
                secrets,
                useCases,
                clock,
                settings.bounds().devices());
        AcbMessages messages = new AcbMessages(devices, keys, crypto, secrets, useCases);
        DccSigners signers = new DccSigners(pki, ec);
        this.callbacks = new Callbacks(settings, surroundings, faults, recorder, clock);
        this.alerts = new DccAlerts(new DccAlerts.Parts(signers, callbacks, faults, recorder, clock));
        this.services = new DccServices(
                new DccServices.Parts(
                        new DuisVerifier(
                                DuisLimits.DEFAULT.withMaxBytes(settings.maxBodyBytes()), signers.directory(), ec),
                        signers,
                        new ServiceCatalogue(),
                        Transformer.fromTables(),
                        population,
                        devices,
                        messages,
                        new DccInventory(population, devices),
                        new FirmwareDistribution(
                                population, devices, callbacks, alerts, recorder, new Random(surroundings.seed())),
                        new DeviceTraffic(new DeviceTraffic.Parts(
                                devices,
                                messages,
                                signers,
                                callbacks,
                                alerts,
                                faults,
                                recorder,
                                clock,
                                settings.answerDelay())),
                        callbacks,
                        faults,
                        recorder,
                        clock),
                settings.bounds());
    }

    private static SSLContext tls(SimulatorSettings settings, String name) {
        return TlsContexts.of(settings.pkiFolder().resolve("simulator/tls"), name);
    }

    /** What goes back for a document that is posted to one of the services. */
    public Reply post(ServiceEndpoint endpoint, byte[] document) {
        return services.handle(endpoint, document);
    }

    public Population population() {
        return population;
    }

    public Devices devices() {
        return devices;
    }

    public int servicesPort() {
        return servers == null ? -1 : servers.servicesPort();
    }

    public int controlPort() {
        return servers == null ? -1 : servers.controlPort();
    }

    /** What can be altered in the Pre-Command that was given for that request. */
    public List<String> fields(String requestId) {
        return services.fields(requestId);
    }

    /** Withholds callbacks from now on. */
    public void keepCallbacks() {
        callbacks.keepBack();
    }

    /** Sends the withheld callbacks. */
    public void releaseCallbacks(int senders, double perSecond) {
        callbacks.release(senders, perSecond);
    }

    /** How many of these are withheld and acknowledged, as JSON. */
    public String releasedCallbacks() {
        return callbacks.released();
    }

    public int outstanding() {
        return callbacks.outstanding();
    }

    /** How full the collections are. */
    public List<CollectionSize> sizes() {
        return Stream.of(
                        services.sizes(),
                        callbacks.sizes(),
                        recorder.sizes(),
                        List.of(new CollectionSize("dcc.shared-secrets", secrets.size(), MAX_SECRETS)),
                        devices.sizes())
                .flatMap(Collection::stream)
                .toList();
    }

    /** Sends a generic alert of a device; gives its ResponseID. */
    public String deviceAlert(Device device, int code, boolean critical, Eui64 user) {
        return alerts.device(device.alert(code, critical, user), user);
    }

    /** Notifies a User that a hub lost its mains supply; returns the alert's ResponseID. */
    public String powerOutage(SimulatedDevice hub, Eui64 user) {
        String mpan = population.home(hub.premises()).stream()
                .filter(d -> d.type() == DeviceType.ESME)
                .map(SimulatedDevice::mpxn)
                .findFirst()
                .orElseThrow();
        return alerts.powerOutage(hub, mpan, user);
    }

    /** The meter's decision about a token that is keyed in. */
    public String keypad(Device device, String digits) {
        String verdict = device.keypad(digits);
        recorder.saw(
                "", "keypad." + verdict, "device", device.identity().deviceId().hex());
        return verdict;
    }

    /** Delivers these bytes as the answer to that request. */
    public void replay(RequestId request, String service, byte[] gbcs) {
        String reference = new ServiceCatalogue().require(service).reference();
        alerts.send(
                request.responseId(),
                Optional.of(request),
                "replay",
                new ResponseBody.ResponseMessage(
                        reference, service, Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(gbcs)))),
                service);
    }

    @Override
    public void close() {
        if (servers != null) {
            servers.close();
        }
        callbacks.close();
        secrets.close();
    }
}
