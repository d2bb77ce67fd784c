package org.postern.parsecorrelate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.internal.transform.Message;
import org.postern.parsecorrelate.internal.transform.TableTransformer;
import org.postern.testkit.Rtds;

/**
 * One request and its message for every critical use case of the tables: from the reference data if it has one,
 * otherwise generated from the schema.
 */
final class Specimens {

    static final Instant BUILT = GivenCases.BUILT;
    private static final TableTransformer TRANSFORMER = new TableTransformer();

    private static List<Specimen> made = List.of();

    private Specimens() {}

    /** A request, the device, and the message that the tables make. */
    record Specimen(DuisRequest request, DeviceFacts device, Message message) {

        String name() {
            return message.useCaseName();
        }
    }

    static synchronized List<Specimen> all(Rtds rtds) throws Exception {
        if (made.isEmpty()) {
            made = List.copyOf(make(rtds));
        }
        return made;
    }

    private static List<Specimen> make(Rtds rtds) throws Exception {
        List<Specimen> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (GivenCases.Pair pair : GivenCases.preCommands(rtds)) {
            for (Message message : TRANSFORMER.candidates(pair.request(), pair.device(), BUILT)) {
                if (seen.add(message.useCaseName())) {
                    DeviceFacts device = message.useCaseName().equals("ECS08")
                            ? GivenCases.with(pair.device(), "generation", "earlier")
                            : pair.device();
                    found.add(new Specimen(pair.request(), device, message));
                }
            }
        }
        SchemaRequests schema = new SchemaRequests(rtds.duisSchema());
        for (ServiceRow service : new ServiceCatalogue().rows()) {
            if (service.critical()) {
                for (SchemaRequests.Made made : schema.bodies(service.bodyElement(), List.of(Map.of()), 60, 20)) {
                    generated(service, made, seen, found);
                }
            }
        }
        return found;
    }

    private static void generated(
            ServiceRow service, SchemaRequests.Made made, Set<String> seen, List<Specimen> found) {
        RequestId id = new RequestId(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB1234567890A0"), 4711);
        DuisRequest request =
                new DuisRequest(id, CommandVariant.CV4, service.reference(), service.variant(), made.body());
        for (DeviceType type : List.of(DeviceType.ESME, DeviceType.GSME)) {
            for (Map<String, String> attributes : List.of(
                    Map.<String, String>of(),
                    Map.of("originatorRole", "LoadController"),
                    Map.of("joinMethod", "C", "otherDeviceType", "PPMID", "otherDeviceCertificate", "MAMCAQE="))) {
                DeviceFacts device =
                        new DeviceFacts(id.target(), Optional.of(type), DeviceFacts.Variant.SINGLE, attributes);
                try {
                    Message message =
                            TRANSFORMER.candidates(request, device, BUILT).get(0);
                    if (seen.add(message.useCaseName())) {
                        found.add(new Specimen(request, device, message));
                    }
                } catch (TransformException notForThisDevice) {
                    // another device's command
                }
            }
        }
    }
}
