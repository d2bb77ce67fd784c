package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;

/** How facts of the inventory affect the transform, and the faults for missing facts. */
class InventoryTest {

    private static final RequestId ID =
            new RequestId(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB1234567890A0"), 7);
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private final Transformer transformer = Transformer.fromTables();

    private static DuisRequest request(String srv, DuisElement body) {
        return new DuisRequest(ID, CommandVariant.CV4, srv, srv, body);
    }

    private static DeviceFacts device(DeviceType type, Map<String, String> attributes) {
        return new DeviceFacts(ID.target(), Optional.ofNullable(type), DeviceFacts.Variant.SINGLE, attributes);
    }

    private String useCase(DuisRequest request, DeviceFacts device) {
        return transformer.explain(request, device, NOW).useCase();
    }

    @Test
    void aServiceOfBothKindsOfMeterNeedsTheType() {
        DuisRequest arm = request("7.3", DuisElement.of("ArmSupply"));
        assertThat(useCase(arm, device(DeviceType.ESME, Map.of()))).isEqualTo("ECS44");
        assertThat(useCase(arm, device(DeviceType.GSME, Map.of()))).isEqualTo("GCS39");
        assertThatThrownBy(() -> useCase(arm, DeviceFacts.unknown(ID.target())))
                .isInstanceOfSatisfying(
                        TransformException.class,
                        refused -> assertThat(refused.fault().code()).isEqualTo("PST-4004"));
    }

    @Test
    void theGasTargetHasPriorityAndTheTypeIsUsedWithoutIt() {
        DuisRequest arm = request("7.3", DuisElement.of("ArmSupply"));
        assertThat(useCase(arm, device(null, Map.of("target", "GSME")))).isEqualTo("GCS39");
        assertThat(useCase(arm, device(DeviceType.GPF, Map.of("target", "GSME"))))
                .isEqualTo("GCS39");
        assertThat(useCase(arm, device(DeviceType.GSME, Map.of("target", "GPF"))))
                .isEqualTo("GCS39");
    }

    @Test
    void aServiceOfOneKindOfMeterNeedsNoInventory() {
        assertThat(useCase(request("7.1", DuisElement.of("EnableSupply")), DeviceFacts.unknown(ID.target())))
                .isEqualTo("ECS42");
        assertThatThrownBy(() ->
                        useCase(request("7.1", DuisElement.of("EnableSupply")), device(DeviceType.GSME, Map.of())))
                .isInstanceOfSatisfying(
                        TransformException.class,
                        refused -> assertThat(refused.fault().code()).isEqualTo("PST-4003"));
    }

    @Test
    void aJoinRefusalNamesEachMissingFact() {
        DuisRequest join = request(
                "8.7.1",
                DuisElement.of("JoinServiceCritical", DuisElement.leaf("OtherDeviceID", "00-DB-12-34-56-78-90-98")));
        assertMissing(join, Map.of(), "inventory/joinMethod");
        assertMissing(join, Map.of("joinMethod", "A"), "inventory/otherDeviceType");
        assertMissing(join, Map.of("joinMethod", "C", "otherDeviceType", "PPMID"), "inventory/otherDeviceCertificate");
        assertThat(useCase(join, device(DeviceType.ESME, Map.of("joinMethod", "A", "otherDeviceType", "HCALCS"))))
                .isEqualTo("CS03A1");
        assertThat(useCase(join, device(DeviceType.PPMID, Map.of("joinMethod", "A", "otherDeviceType", "ESME"))))
                .isEqualTo("CS03A2Critical");
    }

    private void assertMissing(DuisRequest request, Map<String, String> attributes, String field) {
        assertThatThrownBy(() -> useCase(request, device(DeviceType.ESME, attributes)))
                .isInstanceOfSatisfying(TransformException.class, refused -> {
                    assertThat(refused.fault().code()).isEqualTo("PST-4004");
                    assertThat(refused.fault().field()).isEqualTo(field);
                    assertThat(refused.fault().rule()).startsWith("CS03");
                });
    }

    @Test
    void tariffsWithPricesOfTheOtherKindOfMeterAreRefused() {
        DuisElement mixed = DuisElement.of(
                "UpdateImportTariffPrimaryElement",
                DuisElement.of("ElecTariffElements"),
                DuisElement.of("PriceElements", DuisElement.of("GasPriceElements")));
        for (DeviceType type : new DeviceType[] {DeviceType.ESME, DeviceType.GSME}) {
            assertThatThrownBy(() -> useCase(
                            new DuisRequest(ID, CommandVariant.CV4, "1.1", "1.1.1", mixed), device(type, Map.of())))
                    .isInstanceOfSatisfying(
                            TransformException.class,
                            refused -> assertThat(refused.fault().code()).isEqualTo("PST-4003"));
        }
    }

    @Test
    void onlyCriticalServicesAreCorrelated() {
        DuisRequest read =
                new DuisRequest(ID, CommandVariant.CV1, "11.2", "11.2", DuisElement.of("ReadFirmwareVersion"));
        byte[] command = transformer.transform(read, device(DeviceType.ESME, Map.of()), NOW);
        assertThatThrownBy(() -> Correlator.withoutProof(Correlator.DEFAULT_TOLERANCE)
                        .correlate(read, command, device(DeviceType.ESME, Map.of()), NOW))
                .isInstanceOf(TransformException.class)
                .hasMessageContaining("not critical");
    }
}
