package org.postern.gbcs.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbcsFault;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Obis;

/** Reads access requests, access responses, data notifications and DLMS data (GBCS, DLMS COSEM payloads). */
final class DlmsReader {

    static final int ACCESS_REQUEST = 0xD9;
    static final int ACCESS_RESPONSE = 0xDA;
    static final int DATA_NOTIFICATION = 0x0F;
    static final int SELECTIVE_GET = 4;

    private static final DlmsPayload.Operation[] OPERATIONS = DlmsPayload.Operation.values();
    /** Minimum length of a specification: choice, class, OBIS, attribute. */
    private static final int SPECIFICATION = 10;

    private DlmsReader() {}

    static DlmsPayload payload(Cursor in, GroupingHeader header) {
        int at = in.position();
        int tag = in.u8("DLMS tag");
        int wanted = header.cra() == 1 ? ACCESS_REQUEST : header.cra() == 2 ? ACCESS_RESPONSE : DATA_NOTIFICATION;
        if (tag != wanted) {
            throw in.unknown(at, String.format("DLMS content of this CRA flag begins with %02X", wanted), tag);
        }
        at = in.position();
        int invokeId = (int) in.u32("long invoke id");
        if (invokeId != DlmsPayload.longInvokeId(header.counter())) {
            throw in.refuse(
                    GbcsFault.BROKEN,
                    at,
                    "long invoke id is 20 and the low 24 bits of the originator counter",
                    "another value");
        }
        in.expect(0, "date-time length of the DLMS content");
        return tag == ACCESS_REQUEST
                ? request(in, invokeId)
                : tag == ACCESS_RESPONSE ? response(in, invokeId) : alert(in, invokeId);
    }

    private static DlmsPayload request(Cursor in, int invokeId) {
        int count = in.count("number of specifications", SPECIFICATION);
        List<DlmsPayload.Operation> operations = new ArrayList<>(count);
        List<DlmsPayload.Target> targets = new ArrayList<>(count);
        List<Optional<DlmsPayload.Selection>> selections = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            in.node();
            int at = in.position();
            int choice = in.u8("choice");
            if (choice < 1 || choice > SELECTIVE_GET) {
                throw in.unknown(at, "choice is 1 get, 2 set, 3 action or 4 get with selection", choice);
            }
            operations.add(choice == SELECTIVE_GET ? DlmsPayload.Operation.GET : OPERATIONS[choice - 1]);
            int classId = in.u16("class");
            Obis obis = new Obis(in.number(6, "OBIS"));
            targets.add(new DlmsPayload.Target(classId, obis, in.u8("attribute or method")));
            selections.add(
                    choice == SELECTIVE_GET
                            ? Optional.of(new DlmsPayload.Selection(in.u8("access selector"), data(in)))
                            : Optional.empty());
        }
        sameCount(in, count, "number of data is that of the specifications");
        List<DlmsPayload.RequestItem> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(new DlmsPayload.RequestItem(operations.get(i), targets.get(i), selections.get(i), data(in)));
        }
        return new DlmsPayload.AccessRequest(invokeId, items);
    }

    private static DlmsPayload response(Cursor in, int invokeId) {
        in.expect(0, "specification echo");
        int count = in.count("number of data", 1);
        List<DlmsData> data = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            data.add(data(in));
        }
        sameCount(in, count, "number of results is that of the data");
        List<DlmsPayload.ResponseItem> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = in.position();
            int choice = in.u8("choice");
            if (choice < 1 || choice >= SELECTIVE_GET) {
                throw in.unknown(at, "choice is 1 get, 2 set or 3 action", choice);
            }
            items.add(new DlmsPayload.ResponseItem(OPERATIONS[choice - 1], in.u8("result"), data.get(i)));
        }
        return new DlmsPayload.AccessResponse(invokeId, items);
    }

    private static DlmsPayload alert(Cursor in, int invokeId) {
        int at = in.position();
        DlmsData body = data(in);
        if (!(body instanceof DlmsData.Structure s)
                || s.elements().size() < 2
                || s.elements().get(0).tag() != DlmsTag.UINT16
                || s.elements().get(1).tag() != DlmsTag.OCTET_STRING
                || s.elements().get(1).asBytes().length() != DlmsDateTime.LENGTH) {
            throw in.refuse(
                    GbcsFault.BROKEN, at, "an alert is a structure of u16, octet string of 12 and more", "other data");
        }
        return new DlmsPayload.DataNotification(invokeId, s);
    }

    private static void sameCount(Cursor in, int count, String rule) {
        int at = in.position();
        int other = in.count("count", 1);
        if (other != count) {
            throw in.refuse(GbcsFault.BROKEN, at, rule, other + " and " + count);
        }
    }

    static DlmsData data(Cursor in) {
        int at = in.position();
        int code = in.u8("data tag");
        DlmsTag tag = DlmsTag.of(code);
        if (tag == null) {
            throw in.unknown(at, "a known DLMS data tag", code);
        }
        return switch (tag) {
            case ARRAY -> new DlmsData.Array(list(in));
            case STRUCTURE -> new DlmsData.Structure(list(in));
            case COMPACT_ARRAY -> compactArray(in);
            default -> value(in, tag);
        };
    }

    private static List<DlmsData> list(Cursor in) {
        in.node();
        int count = in.count("number of elements", 1);
        in.down();
        List<DlmsData> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            elements.add(data(in));
        }
        in.up();
        return elements;
    }

    /** A value without its tag. */
    private static DlmsData value(Cursor in, DlmsTag tag) {
        in.node();
        return switch (tag) {
            case NULL -> DlmsData.Null.VALUE;
            case BOOLEAN -> new DlmsData.Bool(in.u8("boolean"));
            case BIT_STRING -> bitString(in);
            case OCTET_STRING, VISIBLE_STRING, UTF8_STRING ->
                new DlmsData.Octets(tag, in.bytes(in.length("string length"), "string"));
            case FLOAT32, FLOAT64, DATE_TIME, DATE, TIME -> new DlmsData.Octets(tag, in.bytes(tag.size(), "value"));
            default -> new DlmsData.Whole(tag, whole(in, tag));
        };
    }

    private static long whole(Cursor in, DlmsTag tag) {
        long value = in.number(tag.size(), "number");
        int unused = 64 - 8 * tag.size();
        return tag.signed() ? value << unused >> unused : value;
    }

    private static DlmsData bitString(Cursor in) {
        int at = in.position();
        int bits = in.ber("number of bits");
        Bytes bytes = in.bytes((int) ((bits + 7L) / 8), "bit string");
        if (bits % 8 != 0 && (bytes.at(bytes.length() - 1) & 0xFF >> bits % 8) != 0) {
            throw in.refuse(GbcsFault.NOT_CANONICAL, at, "padding bits of a bit string are zero", "a bit is set");
        }
        return new DlmsData.BitString(bits, bytes);
    }

    private static DlmsData compactArray(Cursor in) {
        in.node();
        DlmsData.TypeDescription type = type(in);
        int length = in.length("length of a compact array");
        int at = in.position();
        int outer = in.open(length, "compact array");
        Bytes contents = in.bytes(length, "compact array");
        in.back(at);
        List<DlmsData> elements = new ArrayList<>();
        while (in.remaining() > 0) {
            int before = in.position();
            elements.add(packed(in, type));
            if (in.position() == before) {
                throw in.refuse(
                        GbcsFault.BROKEN, before, "elements of a compact array take up bytes", "an empty element");
            }
        }
        in.close(outer, "compact array");
        return new DlmsData.CompactArray(type, contents, elements);
    }

    private static DlmsData.TypeDescription type(Cursor in) {
        in.node();
        int at = in.position();
        int code = in.u8("type tag");
        DlmsTag tag = DlmsTag.of(code);
        if (tag == null || tag == DlmsTag.COMPACT_ARRAY) {
            throw in.unknown(at, "a type a compact array may hold", code);
        }
        if (tag == DlmsTag.ARRAY) {
            int count = in.u16("number of elements");
            in.down();
            DlmsData.TypeDescription inner = type(in);
            in.up();
            return new DlmsData.TypeDescription(tag, count, List.of(inner));
        }
        if (tag != DlmsTag.STRUCTURE) {
            return new DlmsData.TypeDescription(tag, 0, List.of());
        }
        int count = in.count("number of element types", 1);
        in.down();
        List<DlmsData.TypeDescription> inner = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            inner.add(type(in));
        }
        in.up();
        return new DlmsData.TypeDescription(tag, 0, inner);
    }

    private static DlmsData packed(Cursor in, DlmsData.TypeDescription type) {
        if (type.tag() != DlmsTag.ARRAY && type.tag() != DlmsTag.STRUCTURE) {
            return value(in, type.tag());
        }
        in.node();
        boolean array = type.tag() == DlmsTag.ARRAY;
        int count = array ? type.count() : type.inner().size();
        List<DlmsData> elements = new ArrayList<>(Math.min(count, 256));
        for (int i = 0; i < count; i++) {
            elements.add(packed(in, type.inner().get(array ? 0 : i)));
        }
        return array ? new DlmsData.Array(elements) : new DlmsData.Structure(elements);
    }
}
