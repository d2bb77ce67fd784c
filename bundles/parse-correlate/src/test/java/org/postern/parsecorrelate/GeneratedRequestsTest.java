package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.postern.duis.SchemaValidator;
import org.postern.gbcs.GbcsCodec;
import org.postern.inventory.DeviceFacts;
import org.postern.testkit.Rtds;

/**
 * Requests for every critical service that are generated from the schema: none is refused, no value is lost, and no two
 * requests are confused.
 */
class GeneratedRequestsTest {

    private static final Instant BUILT = Instant.parse("2026-11-23T12:00:00Z");
    private static final RequestId ID =
            new RequestId(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB1234567890A0"), 4711);
    private static final int MOST = 300;
    private static final int RANDOM = 80;

    private final Transformer transformer = Transformer.fromTables();
    private final Correlator correlator = Correlator.withoutProof(Correlator.DEFAULT_TOLERANCE);
    private final GbcsCodec codec = new GbcsCodec();
    private int values;

    @Test
    void everyCriticalRequestOfTheSchemaIsTransformedReadBackAndDistinguished() throws Exception {
        Rtds rtds = Rtds.required();
        SchemaRequests schema = new SchemaRequests(rtds.duisSchema());
        SchemaValidator validator = SchemaValidator.of(rtds.root().resolve("schemas"));
        Map<String, Integer> cases = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (ServiceRow service : new ServiceCatalogue().rows()) {
            if (!service.critical()) {
                continue;
            }
            List<SchemaRequests.Made> bodies = schema.bodies(service.bodyElement(), beginnings(service), MOST, RANDOM);
            for (DeviceFacts device : devices(service)) {
                for (SchemaRequests.Made made : bodies) {
                    DuisRequest request = request(service, made.body());
                    Optional<byte[]> bytes = transformed(request, device, wrong, service);
                    if (bytes.isEmpty()) {
                        continue;
                    }
                    cases.merge(service.variant(), 1, Integer::sum);
                    check(service, made, request, device, bytes.get(), wrong);
                }
            }
            for (SchemaRequests.Made made : bodies) {
                try {
                    validator.validate(
                            DuisWriter.write(request(service, made.body())).toArray());
                } catch (PosternException invalid) {
                    wrong.add(service.variant() + " " + made.decisions() + " is not schema-valid: "
                            + invalid.getMessage());
                }
            }
        }
        System.out.println("generated requests per service: " + cases + ", in all "
                + cases.values().stream().mapToInt(n -> n).sum()
                + "; values of the request looked for in the decoded message: " + values);
        assertThat(wrong.subList(0, Math.min(20, wrong.size()))).isEmpty();
        assertThat(cases).hasSize(37);
        assertThat(cases.values().stream().mapToInt(n -> n).sum()).isGreaterThan(3000);
    }

    private void check(
            ServiceRow service,
            SchemaRequests.Made made,
            DuisRequest request,
            DeviceFacts device,
            byte[] bytes,
            List<String> wrong) {
        String name = service.variant() + " " + made.decisions();
        if (!Arrays.equals(codec.encode(codec.decode(bytes)), bytes)) {
            wrong.add(name + " does not read back");
        }
        if (!(correlator.correlate(request, bytes, device, BUILT) instanceof Correlation.Identical)) {
            wrong.add(name + " does not correlate with itself");
        }
        RequestValues expected = new RequestValues(request.body());
        values += expected.size();
        for (String missing : expected.missingFrom(codec.decode(bytes))) {
            wrong.add(name + " loses " + missing);
        }
        // one decision at a time: the message must change, and the correlator must report a difference
        if (made.decisions().size() != 1 || made.beginning() == null || silent(made, device)) {
            return;
        }
        Optional<byte[]> plain = transformed(request(service, made.beginning()), device, wrong, service);
        if (plain.isPresent()) {
            if (Arrays.equals(plain.get(), bytes)) {
                wrong.add(name + " makes no difference");
            } else if (!(correlator.correlate(request, plain.get(), device, BUILT) instanceof Correlation.Different)) {
                wrong.add(name + " is taken for another request");
            }
        }
    }

    /**
     * Values for which GBCS has no field: an electricity meter's mode when its balance is adjusted, a count of
     * thresholds in addition to the thresholds.
     */
    private static boolean silent(SchemaRequests.Made made, DeviceFacts device) {
        String decision = made.decisions().keySet().iterator().next();
        boolean electricity = device.deviceType().orElseThrow() == DeviceType.ESME;
        return electricity && decision.endsWith("choice PrepaymentMode|CreditMode")
                || decision.contains("NumberOfThresholds")
                || decision.contains("GasTariffElements") && decision.contains("ThresholdMatrix")
                || decision.endsWith("OtherDeviceID value") && made.decisions().containsValue(0);
    }

    private Optional<byte[]> transformed(
            DuisRequest request, DeviceFacts device, List<String> wrong, ServiceRow service) {
        try {
            return Optional.of(transformer.transform(request, device, BUILT));
        } catch (TransformException refused) {
            // another device's kind of request, or halves for different meters; a year that gas cannot write; a special
            // day that is
            // not in the calendar; a prepayment floor of another party without its own
            if (!refused.fault().code().equals("PST-4003")
                    && !refused.fault().rule().contains("that the calendar defines")
                    && !refused.fault().rule().contains("the message has one byte for it")
                    && !refused.fault().field().equals("UpdateSecurityCredentialsKRP/RemotePartyFloorSeqNumber")) {
                wrong.add(service.variant() + " " + refused.getMessage());
            }
            return Optional.empty();
        }
    }

    /**
     * Starting points for services for which a single decision is not sufficient: tariff and prices for the same kind
     * of meter; roles whose credentials 6.15.1 replaces.
     */
    private static List<Map<String, Integer>> beginnings(ServiceRow service) {
        String role = "UpdateSecurityCredentialsKRP/RemotePartyRole value";
        return switch (service.variant()) {
            case "1.1.1" ->
                List.of(
                        Map.of(),
                        Map.of(
                                "UpdateImportTariffPrimaryElement/choice ElecTariffElements|GasTariffElements",
                                1,
                                "UpdateImportTariffPrimaryElement/PriceElements/choice ElectricityPriceElements|GasPriceElements",
                                1));
            case "6.15.1" -> List.of(Map.of(role, 1), Map.of(role, 4), Map.of(role, 6));
            default -> List.of(Map.of());
        };
    }

    private static DuisRequest request(ServiceRow service, DuisElement body) {
        return new DuisRequest(ID, CommandVariant.CV4, service.reference(), service.variant(), body);
    }

    private static List<DeviceFacts> devices(ServiceRow service) {
        if (service.variant().equals("8.7.1")) {
            return List.of(
                    device(
                            DeviceType.ESME,
                            DeviceFacts.Variant.SINGLE,
                            Map.of("joinMethod", "A", "otherDeviceType", "HCALCS")),
                    device(
                            DeviceType.PPMID,
                            DeviceFacts.Variant.SINGLE,
                            Map.of("joinMethod", "A", "otherDeviceType", "ESME")),
                    device(
                            DeviceType.GSME,
                            DeviceFacts.Variant.SINGLE,
                            Map.of(
                                    "joinMethod",
                                    "C",
                                    "otherDeviceType",
                                    "PPMID",
                                    "otherDeviceCertificate",
                                    "MAMCAQE=")));
        }
        if (service.variant().equals("1.6")) {
            return List.of(
                    device(DeviceType.ESME, DeviceFacts.Variant.TWIN, Map.of()),
                    device(DeviceType.ESME, DeviceFacts.Variant.SINGLE, Map.of()),
                    device(DeviceType.GSME, DeviceFacts.Variant.SINGLE, Map.of()));
        }
        return List.of(
                device(DeviceType.ESME, DeviceFacts.Variant.SINGLE, Map.of()),
                device(DeviceType.GSME, DeviceFacts.Variant.SINGLE, Map.of()));
    }

    private static DeviceFacts device(DeviceType type, DeviceFacts.Variant variant, Map<String, String> attributes) {
        return new DeviceFacts(ID.target(), Optional.of(type), variant, attributes);
    }
}
