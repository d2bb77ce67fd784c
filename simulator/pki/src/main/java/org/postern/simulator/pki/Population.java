package org.postern.simulator.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.InventoryCsv;
import org.postern.simulator.pki.internal.JoinTable;

/**
 * The devices that the simulator plays, a function of a seed and a number of homes alone. Every home has a
 * communications hub and an electricity meter, three of four a gas meter with its proxy, half a prepayment display; and
 * in turn a load controller (HCALCS), an in-home display or another consumer device (CAD). One electricity meter in
 * seven has two elements (homes 6, 13, ...), one three phases (homes 5, 12, ...).
 *
 * <p>Their EUI-64s begin with {@code 02-50-4F-53}, locally administered, so that none is that of a real device.
 */
public final class Population {

    private static final long PREFIX = 0x0250_4F53_0000_0000L;
    private static final List<DeviceType> IN_TURN = List.of(DeviceType.HCALCS, DeviceType.IHD, DeviceType.CAD);

    private final long seed;
    private final int premises;
    private final Map<Eui64, SimulatedDevice> devices = new LinkedHashMap<>();
    private final Map<Integer, List<SimulatedDevice>> homes = new HashMap<>();
    private final JoinTable joins = JoinTable.load();
    private final Map<Eui64, DeviceFacts> further;

    /**
     * @param seed which population
     * @param premises number of homes, 1 to 65535
     * @throws PosternException PST-9001 where the number of homes is out of range
     */
    public Population(long seed, int premises) {
        this(seed, premises, Map.of());
    }

    private Population(long seed, int premises, Map<Eui64, DeviceFacts> further) {
        this.further = further;
        if (premises < 1 || premises > 0xFFFF) {
            throw new PosternException(SimulatorFault.PREMISES.fault("premises", Integer.toString(premises)));
        }
        this.seed = seed;
        this.premises = premises;
        Random random = new Random(seed);
        for (int home = 0; home < premises; home++) {
            String mpan = digits(random, "10", 13);
            String mprn = digits(random, "7", 10);
            add(DeviceType.CHF, home, DeviceFacts.Variant.SINGLE, "");
            add(DeviceType.ESME, home, variant(home), mpan);
            if (home % 4 != 3) {
                add(DeviceType.GPF, home, DeviceFacts.Variant.SINGLE, mprn);
                add(DeviceType.GSME, home, DeviceFacts.Variant.SINGLE, mprn);
            }
            if (home % 2 == 0) {
                add(DeviceType.PPMID, home, DeviceFacts.Variant.SINGLE, "");
            }
            add(IN_TURN.get(home % IN_TURN.size()), home, DeviceFacts.Variant.SINGLE, "");
        }
    }

    private static DeviceFacts.Variant variant(int home) {
        return switch (home % 7) {
            case 5 -> DeviceFacts.Variant.POLYPHASE;
            case 6 -> DeviceFacts.Variant.TWIN;
            default -> DeviceFacts.Variant.SINGLE;
        };
    }

    private static String digits(Random random, String start, int length) {
        StringBuilder text = new StringBuilder(start);
        while (text.length() < length) {
            text.append((char) ('0' + random.nextInt(10)));
        }
        return text.toString();
    }

    private void add(DeviceType type, int home, DeviceFacts.Variant variant, String mpxn) {
        Eui64 id = new Eui64(PREFIX | 0xE0L + type.ordinal() << 24 | (seed & 0xFF) << 16 | home + 1);
        SimulatedDevice device = new SimulatedDevice(id, type, variant, home, mpxn);
        devices.put(id, device);
        homes.computeIfAbsent(home, h -> new ArrayList<>()).add(device);
    }

    /** The seed. */
    public long seed() {
        return seed;
    }

    /** Number of homes. */
    public int premises() {
        return premises;
    }

    /** All devices, home by home. */
    public Collection<SimulatedDevice> devices() {
        return List.copyOf(devices.values());
    }

    /** All devices of that type, in the order of homes. */
    public List<SimulatedDevice> devices(DeviceType type) {
        return devices.values().stream().filter(d -> d.type() == type).toList();
    }

    /** The device of that id. */
    public Optional<SimulatedDevice> find(Eui64 deviceId) {
        return Optional.ofNullable(devices.get(deviceId));
    }

    /** All devices of one home, the hub first. */
    public List<SimulatedDevice> home(int number) {
        return List.copyOf(homes.getOrDefault(number, List.of()));
    }

    /** The homes that have this MPAN or MPRN. */
    public List<SimulatedDevice> byMpxn(String mpxn) {
        return devices.values().stream().filter(d -> d.mpxn().equals(mpxn)).toList();
    }

    /**
     * What an inventory must state of the device so that every service can be transformed for it (docs/transform.md).
     *
     * @param other the other device of a join; where empty or not of the same home, the one that the device is joined
     *     with in {@link #inventoryCsv}
     * @param certificates base64 DER of a device's key-agreement certificate, or empty where there is none
     */
    public DeviceFacts facts(SimulatedDevice device, Optional<Eui64> other, Function<Eui64, String> certificates) {
        Map<String, String> attributes =
                new LinkedHashMap<>(joins.attributes(device, home(device.premises()), other, certificates));
        Optional.ofNullable(further.get(device.deviceId())).ifPresent(more -> attributes.putAll(more.attributes()));
        return new DeviceFacts(device.deviceId(), Optional.of(device.type()), device.variant(), attributes);
    }

    /** The inventory as CSV without certificates: {@code deviceId,deviceType,variant,attributes}. */
    public String inventoryCsv() {
        return inventoryCsv(device -> "");
    }

    /**
     * The inventory as CSV. A row holds one join, so a device with several partners in its home has the facts of one of
     * them, in turn by home; for another one its row must be changed first.
     *
     * @param certificates as in {@link #facts}
     */
    public String inventoryCsv(Function<Eui64, String> certificates) {
        List<String> lines = new ArrayList<>();
        lines.add("deviceId,deviceType,variant,attributes");
        for (SimulatedDevice device : devices.values()) {
            String attributes = facts(device, Optional.empty(), certificates).attributes().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(a -> a.getKey() + '=' + a.getValue())
                    .collect(Collectors.joining(";"));
            lines.add(device.deviceId().hex()
                    + ','
                    + device.type()
                    + ','
                    + (device.type() == DeviceType.ESME
                            ? device.variant().name().toLowerCase(java.util.Locale.ROOT)
                            : "")
                    + ','
                    + attributes);
        }
        return String.join("\n", lines) + "\n";
    }

    /** Stores seed and number of homes in a file. */
    public void save(Path file) throws IOException {
        Files.writeString(file, "seed=" + seed + "\npremises=" + premises + "\n");
    }

    /**
     * The population that was saved in the file. A file {@code facts.csv} beside it, in the form of the inventory, may
     * state more of devices, for example {@code generation=earlier}: its attributes override the population's own.
     *
     * @throws PosternException PST-9002 where the file cannot be used, PST-8102 where a line of facts.csv breaks a rule
     */
    public static Population load(Path file) {
        Properties values = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            values.load(reader);
            Path facts = file.resolveSibling("facts.csv");
            return new Population(
                    Long.parseLong(values.getProperty("seed", "")),
                    Integer.parseInt(values.getProperty("premises", "")),
                    Files.exists(facts) ? InventoryCsv.read(facts) : Map.of());
        } catch (IOException | NumberFormatException e) {
            throw new PosternException(
                    SimulatorFault.POPULATION_FILE.fault(file.getFileName().toString(), "cannot be read"), e);
        }
    }
}
