package org.postern.parsecorrelate.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.SchemaTables;
import org.postern.parsecorrelate.TransformException;
import org.postern.parsecorrelate.Transformed;
import org.postern.parsecorrelate.Transformer;
import org.postern.parsecorrelate.internal.transform.TableTransformer;

/**
 * Every change of a request's meaning that the schema permits changes its Pre-Command. Requests are generated from the
 * official schema; every Pre-Command is read back with a table that is independent of the transform and must have the
 * values of the request. A larger run: {@code -Dpostern.reading.shapes=200 -Dpostern.reading.pairs=2000}.
 */
class ReadingBackTest {

    private static final Instant BUILT = Instant.parse("2026-11-23T12:00:00Z");
    private static final RequestId ID =
            new RequestId(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB1234567890A0"), 4711);
    private static final int SHAPES = Integer.getInteger("postern.reading.shapes", 4);
    private static final int PAIRS = Integer.getInteger("postern.reading.pairs", 40);

    private final Transformer transformer = Transformer.fromTables();
    private final PreCommandReader reader = new PreCommandReader();
    private final NotCarried notCarried = new NotCarried();
    private final Map<String, int[]> counts = new TreeMap<>();
    private final Set<String> useCases = new TreeSet<>();
    private final List<String> wrong = new ArrayList<>();

    /** Result for a body. */
    private enum Outcome {
        SAME,
        OTHER,
        REFUSED
    }

    @Test
    void everyCriticalRequestIsReadBackFromItsPreCommandHoweverItIsChanged() throws Exception {
        SchemaTables schema = new SchemaTables();
        for (ServiceRow service : new ServiceCatalogue().rows()) {
            if (!service.critical()) {
                continue;
            }
            SchemaTables.Shape shape = schema.shape(service.bodyElement());
            for (int seed = 0; seed < SHAPES * weight(service); seed++) {
                IdentityHashMap<DuisElement, String> types = new IdentityHashMap<>();
                DuisElement body = schema.distinct(service.bodyElement(), seed, types);
                for (DeviceFacts device : devices(service)) {
                    body(new Case(service, device, shape, seed), body, types);
                }
            }
        }
        counts.forEach((kind, n) -> System.out.printf(
                "%-22s other %6d, same meaning and bytes %5d, refused as they must be %5d%n", kind, n[1], n[0], n[2]));
        System.out.println("in all "
                + counts.values().stream().flatMapToInt(Arrays::stream).sum()
                + "; use cases read back: " + useCases.size()
                + " " + useCases);
        notCarried.counts().forEach(row -> System.out.println("not carried: " + row));
        assertThat(wrong.stream().limit(12).toList()).isEmpty();
        assertThat(notCarried.unused()).isEmpty();
        assertThat(useCases).containsAll(new TableTransformer().table().criticalNames());
    }

    /** Bodies with several choices, of which random forms cover only some. */
    private static int weight(ServiceRow service) {
        return switch (service.variant()) {
            case "1.1.1" -> 6;
            case "1.2.1", "6.15.1" -> 4;
            case "1.5", "1.6", "6.7", "6.8" -> 8;
            default -> 1;
        };
    }

    /** A service, its device, the form of the body in the schema, and the seed of the generated body. */
    private record Case(ServiceRow service, DeviceFacts device, SchemaTables.Shape shape, int seed) {

        @Override
        public String toString() {
            return service.variant() + " seed " + seed + " "
                    + device.deviceType().orElseThrow() + device.attributes();
        }
    }

    /**
     * The results for the unchanged request: bytes, message code, and the values for which its use case has a field.
     */
    private record Original(byte[] bytes, String code, Map<String, String> carried) {}

    private Transformed transformed(Case one, DuisElement body) {
        ServiceRow service = one.service();
        return transformer.explain(
                new DuisRequest(ID, CommandVariant.CV4, service.reference(), service.variant(), body),
                one.device(),
                BUILT);
    }

    private void body(Case one, DuisElement body, Map<DuisElement, String> types) {
        RequestFacts facts = new RequestFacts(body, one.shape());
        Transformed made;
        try {
            made = transformed(one, body);
        } catch (TransformException refused) {
            // another device's command
            if (!refused.fault().code().equals("PST-4003") && facts.problems().isEmpty() && !facts.mayBeRefused()) {
                wrong.add(one + " is refused: " + refused.getMessage());
            }
            return;
        }
        useCases.add(made.useCase());
        String code = String.format("%04X", made.messageCode());
        Original original = new Original(made.bytes(), code, notCarried.carried(code, facts.values()));
        judge("unchanged", "", one, body, original);
        for (Mutations.Mutant mutant : new Mutations(body, one.shape(), types).all(PAIRS, new Random(one.seed()))) {
            judge(mutant.kind(), mutant.what(), one, mutant.body(), original);
        }
    }

    private void judge(String kind, String what, Case one, DuisElement body, Original original) {
        String name = kind + ", " + one + " " + what;
        RequestFacts facts = new RequestFacts(body, one.shape());
        Transformed made;
        try {
            made = transformed(one, body);
        } catch (TransformException refused) {
            if (facts.problems().isEmpty() && !facts.mayBeRefused()) {
                wrong.add(name + " is refused: " + refused.getMessage());
            }
            count(kind, Outcome.REFUSED);
            return;
        }
        if (!facts.problems().isEmpty()) {
            wrong.add(name + " is not refused: " + facts.problems());
            return;
        }
        PreCommandReader.Read read;
        try {
            read = reader.read(made.bytes(), body.name());
        } catch (RuntimeException unreadable) {
            wrong.add(name + " as " + made + " is not read back: " + unreadable);
            return;
        }
        Map<String, String> wanted = notCarried.carried(read.code(), facts.values());
        if (!wanted.equals(read.values())) {
            wrong.add(name + " as " + made + " is read back as another: " + difference(wanted, read.values()));
        }
        boolean same = wanted.equals(original.carried()) && read.code().equals(original.code());
        if (same != Arrays.equals(made.bytes(), original.bytes())) {
            wrong.add(name
                    + (same ? " means the same and gives other bytes" : " means another and gives the same bytes"));
        }
        count(kind, same ? Outcome.SAME : Outcome.OTHER);
    }

    private void count(String kind, Outcome outcome) {
        counts.computeIfAbsent(kind, k -> new int[3])[outcome.ordinal()]++;
    }

    private static String difference(Map<String, String> wanted, Map<String, String> read) {
        Map<String, String> all = new TreeMap<>();
        wanted.forEach((path, value) -> {
            if (!value.equals(read.get(path))) {
                all.put(path, "in the request " + value + ", read " + read.get(path));
            }
        });
        read.forEach((path, value) -> {
            if (!wanted.containsKey(path)) {
                all.put(path, "not in the request, read " + value);
            }
        });
        return all.toString().substring(0, Math.min(400, all.toString().length()));
    }

    private static List<DeviceFacts> devices(ServiceRow service) {
        return switch (service.variant()) {
            case "8.7.1" ->
                List.of(
                        device(DeviceType.ESME, Map.of("joinMethod", "A", "otherDeviceType", "HCALCS")),
                        device(DeviceType.PPMID, Map.of("joinMethod", "A", "otherDeviceType", "ESME")),
                        device(
                                DeviceType.GSME,
                                Map.of(
                                        "joinMethod",
                                        "C",
                                        "otherDeviceType",
                                        "PPMID",
                                        "otherDeviceCertificate",
                                        "MAMCAQE=")));
            case "6.15.1" ->
                List.of(
                        device(DeviceType.ESME, Map.of()),
                        device(DeviceType.ESME, Map.of("originatorRole", "LoadController")));
            case "2.1" ->
                List.of(
                        device(DeviceType.ESME, Map.of()),
                        device(DeviceType.ESME, Map.of("generation", "earlier")),
                        device(DeviceType.GSME, Map.of()));
            default -> List.of(device(DeviceType.ESME, Map.of()), device(DeviceType.GSME, Map.of()));
        };
    }

    private static DeviceFacts device(DeviceType type, Map<String, String> attributes) {
        return new DeviceFacts(ID.target(), Optional.of(type), DeviceFacts.Variant.SINGLE, attributes);
    }
}
