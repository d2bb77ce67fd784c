package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbzPayload;
import org.postern.inventory.DeviceFacts;

/** Which log of a gas device service 6.13 reads: its own, or the gas proxy's copy of the gas meter's log. */
class GasLogsTest {

    @ParameterizedTest
    @CsvSource({
        "GSME,Event,13",
        "GSME,GSMEEvent,13",
        "GPF,Event,13",
        "GPF,GSMEEvent,16",
        "GSME,Security,04",
        "GSME,GSMESecurity,04",
        "GPF,Security,04",
        "GPF,GSMESecurity,07"
    })
    void theLogIsNamedByItsNumber(DeviceType device, String log, String number) {
        Eui64 target = Eui64.parse("00DB1234567890A3");
        DuisRequest request = new DuisRequest(
                new RequestId(Eui64.parse("90B3D51F30010000"), target, 1001),
                CommandVariant.CV1,
                "6.13",
                "6.13",
                DuisElement.of(
                        "ReadEventOrSecurityLog",
                        DuisElement.of(
                                "ReadLogPeriod",
                                DuisElement.leaf("StartDateTime", "2026-01-01T00:00:00.00Z"),
                                DuisElement.leaf("EndDateTime", "2026-02-01T00:00:00.00Z")),
                        DuisElement.leaf("LogToRead", log)));
        byte[] bytes = Transformer.fromTables()
                .transform(request, DeviceFacts.of(target, device), Instant.parse("2026-02-02T00:00:00Z"));
        GbzPayload.Components payload = (GbzPayload.Components)
                new GbcsCodec().decode(Arrays.copyOf(bytes, bytes.length - 1)).payload();
        assertThat(payload.components()).hasSize(1);
        assertThat(payload.components().get(0).payload().hex()).startsWith(number + "0000");
    }
}
