package org.postern.simulator.pki.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Table;
import org.postern.simulator.pki.SimulatedDevice;

/** Which devices of a home join each other, and by which method, from this bundle's table. */
public final class JoinTable {

    private static final String CERTIFICATES = "C";

    private record Row(DeviceType device, DeviceType other, String method) {}

    private record Pair(SimulatedDevice other, String method) {}

    private final List<Row> rows;

    private JoinTable(List<Row> rows) {
        this.rows = rows;
    }

    /** Reads the table. */
    public static JoinTable load() {
        return new JoinTable(Table.resource(JoinTable.class, "joins.tsv", "device", "other", "method").rows().stream()
                .map(r -> new Row(
                        r.constant("device", DeviceType.class),
                        r.constant("other", DeviceType.class),
                        r.text("method")))
                .toList());
    }

    /**
     * Inventory attributes of the device.
     *
     * @param home all devices of its home
     * @param other the partner; where it is none of the home, one of those that the table gives, in turn by home
     * @param certificates base64 DER of a device's key-agreement certificate, or empty
     */
    public Map<String, String> attributes(
            SimulatedDevice device,
            List<SimulatedDevice> home,
            Optional<Eui64> other,
            Function<Eui64, String> certificates) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (device.type() == DeviceType.GSME || device.type() == DeviceType.GPF) {
            attributes.put("target", device.type().name());
        }
        if (device.type() == DeviceType.CHF) {
            attributes.put("otherDeviceType", admitted(home, other).name());
            return attributes;
        }
        List<Pair> pairs = pairs(device, home);
        pairs.stream()
                .filter(p -> other.filter(p.other().deviceId()::equals).isPresent())
                .findFirst()
                .or(() -> pairs.isEmpty() ? Optional.empty() : Optional.of(pairs.get(device.premises() % pairs.size())))
                .ifPresent(pair -> {
                    attributes.put("joinMethod", pair.method());
                    attributes.put("otherDeviceType", pair.other().type().name());
                    String certificate = pair.method().equals(CERTIFICATES)
                            ? certificates.apply(pair.other().deviceId())
                            : "";
                    if (!certificate.isEmpty()) {
                        attributes.put("otherDeviceCertificate", certificate);
                    }
                });
        return attributes;
    }

    /** What a hub is asked to admit: the device named, or else the last one of the home. */
    private static DeviceType admitted(List<SimulatedDevice> home, Optional<Eui64> other) {
        return home.stream()
                .filter(d -> other.filter(d.deviceId()::equals).isPresent())
                .findFirst()
                .orElse(home.get(home.size() - 1))
                .type();
    }

    private List<Pair> pairs(SimulatedDevice device, List<SimulatedDevice> home) {
        List<Pair> pairs = new ArrayList<>();
        for (Row row : rows) {
            if (row.device() == device.type()) {
                home.stream().filter(d -> d.type() == row.other()).forEach(d -> pairs.add(new Pair(d, row.method())));
            }
        }
        return pairs;
    }
}
