package org.postern.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;

class InventoryCsvTest {

    private static final String HEADER = "deviceId,deviceType,variant,attributes\n";

    private static Map<Eui64, DeviceFacts> read(String text) throws IOException {
        return InventoryCsv.read("t.csv", new BufferedReader(new StringReader(text)));
    }

    @Test
    void bothNotationsOfTheIdentifierAndEveryColumnAreRead() throws IOException {
        Map<Eui64, DeviceFacts> devices = read("\uFEFF# written by hand\n" + HEADER
                + "00-DB-12-34-56-78-90-01,ESME,twin,joinMethod=C;otherDeviceType=GSME\n\n00db123456789002,,,\n"
                + "00DB123456789003,gpf,single,\"otherDeviceCertificate=MIIB==\"\n");
        DeviceFacts first = devices.get(Eui64.parse("00DB123456789001"));
        assertThat(first.deviceType()).contains(DeviceType.ESME);
        assertThat(first.variant()).isEqualTo(DeviceFacts.Variant.TWIN);
        assertThat(first.attributes()).containsEntry("joinMethod", "C").containsEntry("otherDeviceType", "GSME");
        assertThat(devices.get(Eui64.parse("00DB123456789002")))
                .isEqualTo(DeviceFacts.unknown(Eui64.parse("00DB123456789002")));
        assertThat(devices.get(Eui64.parse("00DB123456789003")).attributes())
                .containsEntry("otherDeviceCertificate", "MIIB==");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "00DB12345678900,ESME,,|deviceId",
                "00DB123456789001,TOASTER,,|deviceType",
                "00DB123456789001,ESME,quad,|variant",
                "00DB123456789001,ESME,,colour=red|attributes",
                "00DB123456789001,ESME,,target|attributes",
                "00DB123456789001,ESME,,target=GPF;target=GSME|attributes",
                "00DB123456789001,ESME,,a,b|columns",
                "00DB123456789001,ESME,,'|x"
            })
    void aWrongLineIsReportedWithFileAndLine(String line, String where) {
        String text = line.equals("00DB123456789001,ESME,,'") ? "00DB123456789001,ESME,,\"open" : line;
        assertThatThrownBy(() -> read(HEADER + text))
                .isInstanceOf(PosternException.class)
                .hasMessageContaining("PST-8102")
                .hasMessageContaining("t.csv:2");
        assertThat(where).isNotEmpty();
    }

    @Test
    void aDeviceListedTwiceAndAMissingHeaderAreRefused() {
        assertThatThrownBy(() -> read(HEADER + "00DB123456789001,ESME,,\n00-DB-12-34-56-78-90-01,GSME,,\n"))
                .hasMessageContaining("t.csv:3");
        assertThatThrownBy(() -> read("00DB123456789001,ESME,,\n")).hasMessageContaining("header");
        assertThatThrownBy(() -> read("")).hasMessageContaining("no header");
    }
}
