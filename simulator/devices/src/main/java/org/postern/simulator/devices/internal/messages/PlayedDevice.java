package org.postern.simulator.devices.internal.messages;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.PartyKeys;
import org.postern.simulator.devices.CommandResult;
import org.postern.simulator.devices.CredentialsChange;
import org.postern.simulator.devices.Device;
import org.postern.simulator.devices.DeviceAlert;
import org.postern.simulator.devices.internal.state.DeviceState;
import org.postern.simulator.pki.SimulatedDevice;

/** One device: its state, and what all devices have in common. */
public final class PlayedDevice implements Device {

    private final DeviceState state;
    private final CommandExecution execution;
    private final DeviceAlerts alerts;

    public PlayedDevice(DeviceState state, CommandExecution execution, DeviceAlerts alerts) {
        this.state = state;
        this.execution = execution;
        this.alerts = alerts;
    }

    @Override
    public SimulatedDevice identity() {
        return state.device();
    }

    @Override
    public PartyKeys keys() {
        return state.keys();
    }

    @Override
    public long register(Instant now) {
        return state.consumption().primary().at(now);
    }

    @Override
    public String firmwareHex() {
        return state.firmware().hex();
    }

    @Override
    public boolean supplyEnabled() {
        return state.supplyEnabled();
    }

    @Override
    public int pending() {
        return state.pending().size();
    }

    @Override
    public Optional<CommandResult> carryOut(GbcsMessage command, boolean fails) {
        return execution.carryOut(state, command, fails);
    }

    @Override
    public DeviceAlert alert(int code, boolean critical, Eui64 recipient) {
        return alerts.generic(state, code, critical, recipient);
    }

    @Override
    public DeviceAlert firmware(byte[] image, String version, Eui64 recipient) {
        return alerts.firmware(state, image, version, recipient);
    }

    @Override
    public String keypad(String digits) {
        return execution.keypad(state, digits);
    }

    @Override
    public void updateDeviceLog(Eui64 device, boolean drop, Optional<DeviceType> type) {
        state.log().update(device, drop, type);
    }

    @Override
    public Optional<CredentialsChange> nextCredentialsChange() {
        return Optional.ofNullable(state.nextCredentialsChange());
    }
}
