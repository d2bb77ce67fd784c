package org.postern.parsecorrelate.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/**
 * Numbered and repeated elements are sorted by their numbers; repeated, missing and impossible numbers are refused with
 * their path.
 */
class PositionsTest {

    private static final RequestId ID =
            new RequestId(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB1234567890A0"), 1);
    private static final Instant BUILT = Instant.parse("2015-01-01T00:00:00Z");
    private final TableTransformer transformer = new TableTransformer();

    private byte[] transformed(String service, DuisElement body, DeviceType type) {
        ServiceRow row = new ServiceCatalogue().require(service);
        return transformer.transform(
                new DuisRequest(
                        ID, row.critical() ? CommandVariant.CV4 : CommandVariant.CV1, row.reference(), service, body),
                new DeviceFacts(ID.target(), Optional.of(type), DeviceFacts.Variant.SINGLE, Map.of()),
                BUILT);
    }

    private static DuisElement numbered(String name, String attribute, int number, DuisElement... content) {
        return DuisElement.of(name, content).with(attribute, String.valueOf(number));
    }

    private static DuisElement price(int index, int value) {
        return DuisElement.leaf("TOUPrice", String.valueOf(value)).with("index", String.valueOf(index));
    }

    private static DuisElement gasPrices(DuisElement... prices) {
        return DuisElement.of(
                "UpdatePricePrimaryElement",
                DuisElement.of(
                        "PriceElements",
                        DuisElement.of(
                                "GasPriceElements",
                                DuisElement.leaf("CurrencyUnits", "GBP"),
                                DuisElement.leaf("StandingCharge", "1"),
                                DuisElement.of("TOUTariff", prices))));
    }

    private void refused(String service, DuisElement body, String field) {
        assertThatThrownBy(() -> transformed(service, body, DeviceType.GSME))
                .isInstanceOfSatisfying(TransformException.class, e -> {
                    assertThat(e.fault().code()).isEqualTo("PST-4002");
                    assertThat(e.fault().field()).isEqualTo(field);
                });
    }

    @Test
    void numbersHavePriorityOverTheOrderInTheDocument() {
        byte[] inOrder = transformed("1.2.1", gasPrices(price(1, 10), price(2, 20), price(4, 40)), DeviceType.GSME);
        assertThat(transformed("1.2.1", gasPrices(price(4, 40), price(1, 10), price(2, 20)), DeviceType.GSME))
                .isEqualTo(inOrder);
        assertThat(transformed("1.2.1", gasPrices(price(1, 20), price(2, 10), price(4, 40)), DeviceType.GSME))
                .isNotEqualTo(inOrder);
    }

    @Test
    void aRepeatedOrImpossibleNumberIsRefusedWithItsPath() {
        String prices = "UpdatePricePrimaryElement/PriceElements/GasPriceElements/TOUTariff/TOUPrice";
        refused("1.2.1", gasPrices(price(1, 10), price(2, 20), price(1, 30)), prices + "[3]/@index");
        refused("1.2.1", gasPrices(price(1, 10), price(5, 20)), prices + "[2]/@index");
        refused("1.2.1", gasPrices(price(0, 10)), prices + "/@index");
        refused("1.2.1", gasPrices(price(1, 10), DuisElement.leaf("TOUPrice", "7")), prices + "[2]/@index");
        refused(
                "7.5",
                DuisElement.of(
                        "ActivateAuxiliaryLoad",
                        numbered("ActivateALCSHCALCS", "index", 6, DuisElement.leaf("Duration", "1"))),
                "ActivateAuxiliaryLoad/ActivateALCSHCALCS/@index");
    }

    @Test
    void elementsWithoutANumberInTheMessageMustBeComplete() {
        List<DuisElement> buttons = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            buttons.add(DuisElement.leaf("AddToBoostButton", i == 2 ? "true" : "false")
                    .with("index", String.valueOf(i)));
        }
        byte[] inOrder = transformed("7.9", DuisElement.of("AddAuxiliaryLoadToBoostButton", buttons), DeviceType.ESME);
        Collections.reverse(buttons);
        assertThat(transformed("7.9", DuisElement.of("AddAuxiliaryLoadToBoostButton", buttons), DeviceType.ESME))
                .isEqualTo(inOrder);
        buttons.remove(3);
        refused(
                "7.9",
                DuisElement.of("AddAuxiliaryLoadToBoostButton", buttons),
                "AddAuxiliaryLoadToBoostButton/AddToBoostButton[1]/@index");
    }

    @Test
    void everyAttributeAndRepeatedElementOfTheSchemaHasItsRowAndTheSchemasRange() throws Exception {
        List<String> rows = new ArrayList<>();
        List<String> wanted = new ArrayList<>();
        for (Positions.Row row : transformer.table().positions().rows()) {
            rows.add(String.join("/", row.path()));
        }
        TreeSet<String> used = new TreeSet<>();
        SchemaTables schema = new SchemaTables();
        for (ServiceRow service : new ServiceCatalogue().rows()) {
            if (transformer.table().names(service.variant()).isEmpty()) {
                continue;
            }
            schema.places(service.bodyElement()).forEach((path, ranges) -> {
                Optional<Positions.Row> row = transformer.table().positions().rows().stream()
                        .filter(r -> matches(r, path))
                        .findFirst();
                row.ifPresent(r -> used.add(String.join("/", r.path())));
                boolean fits = row.isPresent()
                        && ranges.entrySet().stream()
                                .allMatch(attribute -> row.get().key().equals("@" + attribute.getKey())
                                        && (row.get().first() + ".." + row.get().last()).equals(attribute.getValue()));
                if (!fits) {
                    wanted.add(path + " " + ranges);
                }
            });
        }
        assertThat(wanted).isEmpty();
        assertThat(used).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(rows).hasSizeGreaterThan(50);
    }

    private static boolean matches(Positions.Row row, String path) {
        String[] steps = path.split("/");
        if (steps.length != row.path().size()) {
            return false;
        }
        for (int i = 0; i < steps.length; i++) {
            if (!row.path().get(i).equals("*") && !row.path().get(i).equals(steps[i])) {
                return false;
            }
        }
        return true;
    }
}
