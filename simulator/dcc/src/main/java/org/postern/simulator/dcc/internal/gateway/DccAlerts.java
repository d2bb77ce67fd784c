package org.postern.simulator.dcc.internal.gateway;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.catalogue.Table;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.Throttle;
import org.postern.gbcs.GroupingHeader;
import org.postern.simulator.dcc.EventRecorder;
import org.postern.simulator.dcc.FaultKind;
import org.postern.simulator.dcc.FaultMenu;
import org.postern.simulator.devices.CredentialsChange;
import org.postern.simulator.devices.Device;
import org.postern.simulator.devices.DeviceAlert;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;

/**
 * What the DCC sends a User without a request: alerts of devices, and its own about what has happened (DUIS schema,
 * DCCAlert).
 */
final class DccAlerts {

    /** Everything it works with. */
    record Parts(DccSigners signers, Callbacks callbacks, FaultMenu faults, EventRecorder recorder, Clock clock) {}

    private static final String ANY = "-";
    private static final int SUPPLIER_BY_COS = 7;
    private static final Map<Integer, String> ROLES =
            Map.of(2, "Supplier", 3, "NetworkOperator", 4, "ACB", 8, "LoadController");

    private final Parts parts;
    private final AtomicLong counter;
    private final Map<String, String> codes = new HashMap<>();

    DccAlerts(Parts parts) {
        this.parts = parts;
        this.counter = new AtomicLong(parts.clock().millis());
        for (Table.Row row : Table.resource(DccAlerts.class, "dcc-alerts.tsv", "payload", "outcome", "code")
                .rows()) {
            codes.put(row.text("payload") + "/" + row.text("outcome"), row.text("code"));
        }
    }

    /** Sends a device's alert; returns its ResponseID. */
    String device(DeviceAlert alert, Eui64 user) {
        GroupingHeader header = alert.message().header();
        ResponseId id = new ResponseId(header.originator(), user, header.counter());
        send(
                id,
                Optional.empty(),
                "device-alert",
                new ResponseBody.DeviceAlertMessage(
                        alert.code(),
                        Throttle.NONE,
                        Bytes.of(alert.message().encoded().toArray())),
                "");
        return id.toString();
    }

    /** Notifies a User that a hub lost its mains supply three minutes ago; returns the alert's ResponseID. */
    String powerOutage(SimulatedDevice hub, String mpan, Eui64 user) {
        return dcc(
                user,
                ANY,
                DuisElement.of(
                        "PowerOutageEvent",
                        DuisElement.leaf("CommsHubDeviceID", hub.deviceId().dashed()),
                        DuisElement.leaf(
                                "StartDateTime",
                                DuisWriter.dateTime(parts.clock().instant().minusSeconds(180))),
                        DuisElement.leaf("MPxN", mpan)));
    }

    /** Notifies the originator that a hub's list of devices was changed, or that it was not. */
    void deviceLog(DuisRequest request, boolean done) {
        dcc(
                request.requestId().originator(),
                done ? "done" : "failed",
                DuisElement.of(
                        "UpdateHANDeviceLogResult",
                        DuisElement.leaf(
                                "UpdateHANDeviceLogServiceRequestID",
                                request.requestId().toString())));
    }

    /** Notifies the originator that an image has reached a device. */
    void firmwareDelivered(DuisRequest request, SimulatedDevice hub, SimulatedDevice device, String version) {
        dcc(
                request.requestId().originator(),
                ANY,
                DuisElement.of(
                        "CSPFirmwareDeliveryStatus",
                        DuisElement.leaf(
                                "UpdateFirmwareRequestID", request.requestId().toString()),
                        DuisElement.leaf("CommsHubDeviceID", hub.deviceId().dashed()),
                        DuisElement.leaf("TargetDeviceID", device.deviceId().dashed()),
                        DuisElement.leaf("FirmwareVersion", version),
                        DuisElement.leaf(
                                "TimeStamp", DuisWriter.dateTime(parts.clock().instant())),
                        DuisElement.leaf("CommsHubTransferStatus", "Success")));
    }

    /** Notifies all Users concerned of every replacement of credentials in that device since the last call. */
    void credentials(DuisRequest request, Device device) {
        for (Optional<CredentialsChange> next = device.nextCredentialsChange();
                next.isPresent();
                next = device.nextCredentialsChange()) {
            CredentialsChange change = next.get();
            Eui64 asked = request.requestId().originator();
            Set<Eui64> concerned = new LinkedHashSet<>(List.of(asked));
            change.before().ifPresent(concerned::add);
            change.replaced().forEach(r -> concerned.add(r.party()));
            DuisElement updated = updated(device, change);
            concerned.stream().filter(p -> SimulatorPki.role(p) != null).forEach(user -> dcc(user, ANY, updated));
            if (change.mode() == SUPPLIER_BY_COS) {
                dcc(
                        asked,
                        ANY,
                        DuisElement.of(
                                "ChangeOfSupplier",
                                DuisElement.leaf(
                                        "ChangeOfSupplierServiceRequestID",
                                        request.requestId().toString())));
                change.before()
                        .filter(before -> !before.equals(asked) && SimulatorPki.role(before) != null)
                        .ifPresent(before ->
                                dcc(before, ANY, DuisElement.of("ChangeOfSupplier", lost(device.identity()))));
            }
        }
    }

    private static DuisElement updated(Device device, CredentialsChange change) {
        List<DuisElement> elements = new ArrayList<>();
        elements.add(DuisElement.leaf("DeviceID", device.identity().deviceId().dashed()));
        elements.add(DuisElement.leaf("RemotePartyRole", ROLES.getOrDefault(change.role(), "Supplier")));
        if (change.floor().isPresent()) {
            List<DuisElement> floors = new ArrayList<>(List.of(DuisElement.leaf(
                    "RemotePartyFloorSeqNumber", Long.toString(change.floor().getAsLong()))));
            change.topUp()
                    .ifPresent(f ->
                            floors.add(DuisElement.leaf("RemotePartyPrepaymentTopUpFloorSeqNumber", Long.toString(f))));
            elements.add(DuisElement.of("RemotePartySeqNumberChange", floors));
        }
        change.replaced()
                .forEach(r -> elements.add(DuisElement.of(
                        "Certificates",
                        DuisElement.leaf(
                                "CertificateType",
                                switch (r.use()) {
                                    case DIGITAL_SIGNATURE -> "DigitalSigning";
                                    case PREPAYMENT -> "KeyAgreementTopUp";
                                    case KEY_AGREEMENT -> "KeyAgreement";
                                }),
                        DuisElement.leaf("CertificateHash", Base64.getEncoder().encodeToString(r.sha1())))));
        return DuisElement.of("SecurityCredentialsUpdated", elements);
    }

    private static DuisElement lost(SimulatedDevice device) {
        return DuisElement.of(
                "DeviceChangeOfSupplier",
                DuisElement.leaf("DeviceID", device.deviceId().dashed()),
                DuisElement.leaf("DeviceType", device.type().name()),
                DuisElement.of("MPxNs", DuisElement.leaf("ImportMPxN", device.mpxn())));
    }

    private String dcc(Eui64 user, String outcome, DuisElement payload) {
        ResponseId id = new ResponseId(SimulatorPki.ACCESS_CONTROL_BROKER, user, counter.incrementAndGet());
        send(
                id,
                Optional.empty(),
                "dcc-alert",
                new ResponseBody.DccAlertMessage(codes.get(payload.name() + "/" + outcome), Throttle.NONE, payload),
                "");
        return id.toString();
    }

    /** Sends a document of the DCC. */
    void send(ResponseId id, Optional<RequestId> request, String what, ResponseBody body, String service) {
        FaultMenu.Occasion occasion = new FaultMenu.Occasion(FaultKind.Stage.CALLBACK, id.originator(), service, 0);
        DuisResponse response = new DuisResponse(
                DuisRequest.SCHEMA_VERSION,
                request,
                Optional.of(id),
                "I0",
                parts.clock().instant(),
                body);
        String name = request.map(RequestId::toString).orElse(id.toString());
        if (parts.callbacks().full()) {
            parts.recorder().saw(name, "callback.given-up", "kind", response.kind());
            return;
        }
        parts.recorder().saw(name, what, "kind", response.kind());
        parts.callbacks()
                .send(
                        new Callbacks.Parcel(
                                name,
                                response.kind(),
                                occasion,
                                () -> parts.signers().sign(response, occasion, parts.faults(), parts.recorder())),
                        Duration.ZERO);
    }
}
