package org.postern.simulator.devices.internal.messages;

import java.util.ArrayList;
import java.util.List;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbzPayload;

/**
 * How a device reports that it could not carry out a command: the last item of a COSEM answer with a result and null
 * data, the one before it too where there are several; the last ZigBee components likewise with a default response.
 */
final class Failures {

    private static final int HARDWARE_FAULT = 1;
    private static final int OTHER_REASON = 250;
    private static final int DEFAULT_RESPONSE = 0x0B;
    private static final int ZCL_HARDWARE_FAILURE = 0xC0;
    private static final int ZCL_OTHER = 0xFF;

    private Failures() {}

    /** @param request whose items are answered */
    static DlmsPayload.AccessResponse dlms(DlmsPayload.AccessRequest request) {
        List<DlmsPayload.ResponseItem> items = new ArrayList<>();
        int last = request.items().size() - 1;
        for (int i = 0; i <= last; i++) {
            DlmsPayload.RequestItem asked = request.items().get(i);
            // what was read fails whole: without a value there is no success
            int result = i == Math.max(0, last - 1) || asked.operation() == DlmsPayload.Operation.GET
                    ? HARDWARE_FAULT
                    : i == last ? OTHER_REASON : 0;
            items.add(new DlmsPayload.ResponseItem(asked.operation(), result, DlmsData.Null.VALUE));
        }
        return new DlmsPayload.AccessResponse(request.longInvokeId(), items);
    }

    /** @param request whose commands the failures name */
    static GbzPayload.Components gbz(GbzPayload.Components request) {
        List<GbzPayload.Component> components = new ArrayList<>();
        int last = request.components().size() - 1;
        for (int i = 0; i <= last; i++) {
            GbzPayload.Component asked = request.components().get(i);
            int status = i == Math.max(0, last - 1) ? ZCL_HARDWARE_FAILURE : i == last ? ZCL_OTHER : 0;
            components.add(GbzPayload.Component.of(
                    asked.cluster(),
                    new GbzPayload.ZclFrame(
                            asked.frame().fromServer() ? 0x00 : 0x08,
                            asked.frame().sequence(),
                            DEFAULT_RESPONSE),
                    Bytes.of(new byte[] {(byte) asked.frame().command(), (byte) status})));
        }
        return GbzPayload.components(components);
    }
}
