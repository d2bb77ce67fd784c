package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsFault;
import org.postern.gbcs.GbzPayload;

/** Reads GBZ components and alerts (GBCS, GBZ payloads). */
final class GbzReader {

    private static final int CONTROL_BITS =
            GbzPayload.Component.LAST | GbzPayload.Component.ENCRYPTED | GbzPayload.Component.FROM_DATE;
    /** Control, cluster, length. */
    private static final int COMPONENT_HEAD = 5;

    private GbzReader() {}

    static GbzPayload payload(Cursor in, boolean alert) {
        in.u16("profile id");
        int at = in.position();
        int count = in.u8("number of components");
        if (!alert) {
            if (count == 0) {
                throw in.refuse(GbcsFault.BROKEN, at, "at least one component", "there is none");
            }
            return new GbzPayload.Components(components(in, count));
        }
        int code = in.u16("alert code");
        long time = in.u32("alert time");
        at = in.position();
        Bytes rest = in.bytes(in.remaining(), "alert content");
        if (!areComponents(rest, count)) {
            return new GbzPayload.Alert(count, code, time, rest, List.of());
        }
        in.back(at);
        return new GbzPayload.Alert(count, code, time, Bytes.EMPTY, components(in, count));
    }

    /** True where control bytes, lengths and count are those of a list of components. */
    private static boolean areComponents(Bytes b, int count) {
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (b.length() - at < COMPONENT_HEAD || (b.at(at) & ~CONTROL_BITS) != 0) {
                return false;
            }
            boolean last = (b.at(at) & GbzPayload.Component.LAST) != 0;
            boolean encrypted = (b.at(at) & GbzPayload.Component.ENCRYPTED) != 0;
            int length = (int) b.number(at + 3, 2);
            int minLength = encrypted ? 7 : (b.at(at) & GbzPayload.Component.FROM_DATE) != 0 ? 7 : 3;
            if (last != (i == count - 1) || length < minLength || length > b.length() - at - COMPONENT_HEAD) {
                return false;
            }
            if (encrypted && b.number(at + COMPONENT_HEAD + 5, 2) != length - 7) {
                return false;
            }
            at += COMPONENT_HEAD + length;
        }
        return count > 0 && at == b.length();
    }

    private static List<GbzPayload.Component> components(Cursor in, int count) {
        List<GbzPayload.Component> components = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            components.add(component(in, i == count - 1));
        }
        return components;
    }

    private static GbzPayload.Component component(Cursor in, boolean last) {
        in.node();
        int at = in.position();
        int control = in.u8("control byte");
        if ((control & ~CONTROL_BITS) != 0) {
            throw in.unknown(at, "control byte has no bits but 01, 02 and 10", control);
        }
        if ((control & GbzPayload.Component.LAST) != 0 != last) {
            throw in.unknown(at, "the last component, and no other, has control bit 01", control);
        }
        int cluster = in.u16("cluster");
        int length = in.u16("component length");
        int outer = in.open(length, "component");
        boolean encrypted = (control & GbzPayload.Component.ENCRYPTED) != 0;
        Optional<GbzPayload.Encryption> encryption = Optional.empty();
        OptionalLong from = OptionalLong.empty();
        if (encrypted) {
            in.expect(0, "additional control");
            encryption = Optional.of(new GbzPayload.Encryption(0, in.u8("frame counter")));
        } else if ((control & GbzPayload.Component.FROM_DATE) != 0) {
            from = OptionalLong.of(in.u32("from date-time"));
        }
        GbzPayload.ZclFrame frame =
                new GbzPayload.ZclFrame(in.u8("frame control"), in.u8("ZCL sequence"), in.u8("command"));
        if (encrypted) {
            at = in.position();
            int cipher = in.u16("cipher length");
            if (cipher != in.remaining()) {
                throw in.refuse(
                        GbcsFault.BYTES_LEFT_OVER,
                        at,
                        "the cipher text fills the component",
                        cipher + " of " + in.remaining() + " bytes");
            }
        }
        Bytes payload = in.bytes(in.remaining(), "ZCL payload");
        in.close(outer, "component");
        return new GbzPayload.Component(control, cluster, encryption, from, frame, payload);
    }
}
