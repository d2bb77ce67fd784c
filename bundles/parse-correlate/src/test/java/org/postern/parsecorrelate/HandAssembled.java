package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;

/**
 * Pre-Commands that are written by hand, byte by byte, from the standard (GBCS, Grouping Header and Use Cases). The
 * tables of this bundle serve both transform and parsing, so a round trip alone would prove little.
 */
abstract class HandAssembled {

    static final RequestId ID =
            new RequestId(Eui64.parse("90B3D51F30010000"), Eui64.parse("00DB1234567890A0"), 0x01020304L);
    /** 2015-01-01 in seconds since 2000 is 1C374A80; ZigBee writes the low byte first. */
    static final Instant BUILT = Instant.parse("2015-01-01T00:00:00Z");

    static final String T = "804A371C";
    /** Any time from now on: effective at once. */
    static final String AT_ONCE = "090C 000000000000000000 8000FF";
    /** 2030-01-15 09:30:10, weekday not given, hundredths 0, deviation and status not given. */
    static final String LATER = "090C 07EE 01 0F FF 09 1E 0A 00 8000 FF";

    static final String NEVER = "090C FFFFFFFFFFFFFFFFFF 8000FF";
    final Transformer transformer = Transformer.fromTables();

    /**
     * Checks a DLMS message. Its content is D9, invoke id 20 and the low 24 bits of the counter, no date-time, count,
     * specifications, count, data.
     */
    void dlms(String srv, DuisElement body, String code, int items, String specifications, String data) {
        dlms(srv, body, DeviceFacts.Variant.SINGLE, code, items, specifications, data);
    }

    void dlms(
            String srv,
            DuisElement body,
            DeviceFacts.Variant variant,
            String code,
            int items,
            String specifications,
            String data) {
        String count = String.format("%02X", items);
        expect(
                srv,
                body,
                new DeviceFacts(ID.target(), Optional.of(DeviceType.ESME), variant, Map.of()),
                code,
                "D9 20020304 00" + count + specifications + count + data);
    }

    /**
     * Checks a message to a gas meter. GBZ content is 0109, count; for each component control, cluster, length, frame
     * control, sequence, command, and the payload with the low byte first.
     */
    void gas(String srv, DuisElement body, String code, String content) {
        expect(srv, body, DeviceFacts.of(ID.target(), DeviceType.GSME), code, content);
    }

    void expect(String srv, DuisElement body, DeviceFacts device, String code, String content) {
        ServiceRow service = new ServiceCatalogue().require(srv);
        DuisRequest request = new DuisRequest(ID, CommandVariant.CV4, service.reference(), srv, body);
        byte[] inner = hex(content);
        // DF, transaction id: 09, command 01, counter; originator; target; no date-time; two bytes of other
        // information: the code
        byte[] header = hex("DF 09 01 0000000001020304 08 90B3D51F30010000 08 00DB1234567890A0 00 02" + code);
        byte[] length = hex(
                inner.length < 0x80
                        ? String.format("%02X", inner.length)
                        : inner.length < 0x100
                                ? String.format("81%02X", inner.length)
                                : String.format("82%04X", inner.length));
        String whole = HexFormat.of().formatHex(header)
                + HexFormat.of().formatHex(length)
                + HexFormat.of().formatHex(inner);
        assertThat(HexFormat.of().formatHex(transformer.transform(request, device, BUILT)))
                .isEqualTo(whole);
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    static DuisElement e(String name, DuisElement... children) {
        return DuisElement.of(name, children);
    }

    static DuisElement v(String name, String text) {
        return DuisElement.leaf(name, text);
    }

    static DuisElement later() {
        return v("ExecutionDateTime", "2030-01-15T09:30:10.00Z");
    }

    static DuisElement cancelled() {
        return v("ExecutionDateTime", "3000-12-31T00:00:00.00Z");
    }
}
