package org.postern.simulator.devices;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.devices.internal.messages.CommandExecution;
import org.postern.simulator.devices.internal.messages.DeviceAlerts;
import org.postern.simulator.devices.internal.messages.MessageProtection;
import org.postern.simulator.devices.internal.messages.PlayedDevice;
import org.postern.simulator.devices.internal.security.AnchorCells;
import org.postern.simulator.devices.internal.security.DeviceKeys;
import org.postern.simulator.devices.internal.security.TrustAnchors;
import org.postern.simulator.devices.internal.state.DeviceLog;
import org.postern.simulator.devices.internal.state.DeviceState;
import org.postern.simulator.pki.KeySource;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;

/** All devices of a population. Safe between threads; each device does one thing at a time. */
public final class Devices {

    private final Map<Eui64, Device> byId = new LinkedHashMap<>();
    private final List<DeviceState> states = new ArrayList<>();
    private final CommandExecution execution;

    /**
     * Makes them, new, as of now.
     *
     * @param keys of the DCC and the devices, from {@link SimulatorPki#secretKeys}
     * @param ec with which the devices use keys that they make
     * @param source source of these keys
     * @param secrets cache of agreed values, of the devices and of those that share it
     * @param bounds how much each device remembers
     */
    public Devices(
            SimulatorPki pki,
            KeyFolder keys,
            EcProvider ec,
            KeySource source,
            SharedSecretCache secrets,
            UseCaseTable useCases,
            Clock clock,
            DeviceBounds bounds) {
        Population population = pki.population();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        AnchorCells cells = new AnchorCells(keys, pki.secretKeys());
        MessageProtection protection = new MessageProtection(crypto, secrets, useCases);
        this.execution = new CommandExecution(protection, secrets, useCases, cells.root(), clock);
        DeviceAlerts alerts = new DeviceAlerts(protection, clock);
        for (SimulatedDevice device : population.devices()) {
            TrustAnchors anchors = cells.of(device);
            DeviceState state = new DeviceState(
                    device,
                    population.seed(),
                    clock.millis(),
                    anchors,
                    new DeviceKeys(device.deviceId(), anchors, keys, ec, crypto, source),
                    crypto,
                    new DeviceLog(population.home(device.premises()).stream()
                            .filter(other -> !other.equals(device))
                            .toList()),
                    bounds);
            states.add(state);
            byId.put(device.deviceId(), new PlayedDevice(state, execution, alerts));
        }
    }

    /** All of them, home by home. */
    public Collection<Device> all() {
        return List.copyOf(byId.values());
    }

    /** How full the collections of the devices are, for each kind the fullest. */
    public Collection<CollectionSize> sizes() {
        Map<String, CollectionSize> fullest = new TreeMap<>();
        Stream.concat(states.stream().flatMap(state -> state.sizes().stream()), execution.sizes())
                .forEach(size -> fullest.merge(size.name(), size, CollectionSize::orFuller));
        return List.copyOf(fullest.values());
    }

    /** The device of that id. */
    public Optional<Device> find(Eui64 deviceId) {
        return Optional.ofNullable(byId.get(deviceId));
    }
}
