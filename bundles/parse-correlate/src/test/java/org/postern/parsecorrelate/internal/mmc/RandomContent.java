package org.postern.parsecorrelate.internal.mmc;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecryptedPart;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.DlmsTag;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;
import org.postern.gbcs.ZclFields;

/** Response content of a use case, made from the codec's item lists: correct types, random values. */
final class RandomContent {

    private static final String[] DATES = {"07E7050D", "FFFF0C19", "FFFFFFFF", "07DE021D", "FFFFFFFE", "0000FFFF"};

    private final Random random;
    private int at;
    private String shape;

    RandomContent(long seed) {
        random = new Random(seed);
    }

    /** Items of the response, and the plain text of those that are encrypted. */
    record Dlms(DlmsPayload.AccessResponse response, List<DecryptedPart> parts) {}

    Dlms dlms(UseCaseTable.UseCase use) {
        List<DlmsPayload.ResponseItem> items = new ArrayList<>();
        List<DecryptedPart> parts = new ArrayList<>();
        boolean good = random.nextInt(4) > 0;
        for (UseCaseTable.DlmsItem item : use.dlms(MessageKind.RESPONSE)) {
            int result = good || random.nextInt(5) > 0 ? 0 : random.nextInt(256);
            items.add(new DlmsPayload.ResponseItem(
                    item.operation().orElseThrow(), result, result == 0 ? of(item.shape()) : DlmsData.Null.VALUE));
            if (!item.plain().isEmpty()) {
                DlmsData object =
                        of(item.plain().get(random.nextInt(item.plain().size())));
                parts.add(new DecryptedPart(
                        "item[" + item.position() + "]",
                        item.position(),
                        DecryptedPart.Status.DECRYPTED,
                        "",
                        Optional.of(DlmsData.structure(object)),
                        Optional.empty()));
            }
        }
        return new Dlms(DlmsPayload.AccessResponse.of(1000, items), parts);
    }

    /** Data of a shape such as {@code array[3]<struct(u32,oct)>}. */
    DlmsData of(String text) {
        shape = text;
        at = 0;
        return data();
    }

    private DlmsData data() {
        int start = at;
        while (at < shape.length() && (Character.isLetterOrDigit(shape.charAt(at)) || shape.charAt(at) == '-')) {
            at++;
        }
        String word = shape.substring(start, at);
        switch (word) {
            case "struct": {
                List<DlmsData> elements = new ArrayList<>();
                do {
                    at++;
                    elements.add(data());
                } while (shape.charAt(at) == ',');
                at++;
                return new DlmsData.Structure(elements);
            }
            case "array", "compact-array": {
                int count = random.nextInt(4);
                if (shape.charAt(at) == '[') {
                    int close = shape.indexOf(']', at);
                    int stated = Integer.parseInt(shape.substring(at + 1, close));
                    count = stated > 4 || random.nextBoolean() ? stated : random.nextInt(stated + 1);
                    at = close + 1;
                }
                int inner = at + 1;
                List<DlmsData> elements = new ArrayList<>();
                for (int i = 0; i < Math.max(1, count); i++) {
                    at = inner;
                    elements.add(data());
                }
                at++;
                return new DlmsData.Array(elements.subList(0, count));
            }
            default:
                return leaf(word);
        }
    }

    private DlmsData leaf(String type) {
        return switch (type) {
            case "null" -> DlmsData.Null.VALUE;
            case "bool" -> DlmsData.bool(random.nextBoolean());
            case "bits" -> bits(new int[] {7, 3, 0, 32, 256, 20}[random.nextInt(6)]);
            case "oct" -> new DlmsData.Octets(DlmsTag.OCTET_STRING, octets());
            case "vis" -> DlmsData.visible("Switch " + random.nextInt(99));
            case "utf8" ->
                DlmsData.utf8("{\"outputState\": " + random.nextInt(130) + ", \"inputState\":\"" + random.nextInt(100)
                        + "\"}");
            case "i8" -> DlmsData.i8(random.nextInt(256) - 128);
            case "i16" -> DlmsData.i16(random.nextInt(65536) - 32768);
            case "i32" -> DlmsData.i32(random.nextInt());
            case "u8" -> DlmsData.u8(random.nextInt(random.nextBoolean() ? 8 : 256));
            case "u16" ->
                DlmsData.u16(new int[] {
                            random.nextInt(65536),
                            random.nextInt(64),
                            100 + random.nextInt(9),
                            0x0101,
                            0x2185,
                            0x0302,
                            32,
                            33
                        }
                        [random.nextInt(8)]);
            case "u32" -> DlmsData.u32(random.nextInt() & 0xFFFF_FFFFL);
            case "enum" ->
                DlmsData.enumeration(new int[] {0, 1, 2, 27, 30, 32, 255, random.nextInt(256)}[random.nextInt(8)]);
            default -> throw new IllegalArgumentException("shape " + shape + " at " + at + ": " + type);
        };
    }

    private DlmsData bits(int count) {
        StringBuilder b = new StringBuilder();
        for (int i = 0; i < count; i++) {
            b.append(random.nextInt(3) == 0 ? '1' : '0');
        }
        return DlmsData.bits(b.toString());
    }

    private Bytes octets() {
        String date = DATES[random.nextInt(DATES.length)];
        return switch (random.nextInt(9)) {
            case 0 -> Bytes.EMPTY;
            case 1 -> Bytes.ofHex(String.format("%02X", random.nextInt(256)));
            case 2 -> Bytes.ofHex(String.format("%02X%02X0000", random.nextInt(26), random.nextInt(60)));
            case 3 -> Bytes.ofHex(date + "FF");
            case 4 -> Bytes.ofHex("00DB1234567890A" + random.nextInt(10));
            case 5 -> Bytes.ofHex(date + "FF0A1E0000" + "8000FF");
            case 6 -> Bytes.ofHex("0000000000000000");
            case 7 ->
                Bytes.ofHex(String.format(
                        "%02X00000%d%04X",
                        0xE0 + 8 * random.nextInt(4), 1 << random.nextInt(4), random.nextInt(65536)));
            default -> any(random.nextInt(40));
        };
    }

    Bytes any(int length) {
        byte[] b = new byte[length];
        random.nextBytes(b);
        return Bytes.of(b);
    }

    /** ZCL type and value of the scales that the use cases specify. */
    private static final Map<String, String> SCALES = Map.of(
            "0702/0300",
            "3001",
            "0702/0301",
            "22010000",
            "0702/0302",
            "22E80300",
            "0700/0617",
            "1850",
            "0700/0616",
            "213A03",
            "0700/0305",
            "3001",
            "0702/0B11",
            "3001");

    private final ZclFields fields = ZclFields.load();

    /** Components of a response. */
    GbzPayload.Components gbz(UseCaseTable.UseCase use) {
        List<GbzPayload.Component> all = new ArrayList<>();
        for (UseCaseTable.GbzItem item : use.gbz(MessageKind.RESPONSE)) {
            int count = item.minOccurs() == item.maxOccurs() ? 1 : random.nextInt(Math.min(4, item.maxOccurs()) + 1);
            for (int i = 0; i < count; i++) {
                boolean failed = random.nextInt(8) == 0;
                Bytes payload = failed
                        ? Bytes.of(new byte[] {
                            (byte) item.command(), (byte) (random.nextBoolean() ? 0x8B : random.nextInt(256))
                        })
                        : item.command() == 1 && (item.frame() & 3) == 0 ? attributes(use, item) : command();
                GbzPayload.ZclFrame frame = new GbzPayload.ZclFrame(
                        failed ? item.frame() & ~3 : item.frame(), all.size() & 0xFF, failed ? 0x0B : item.command());
                all.add(GbzPayload.Component.of(item.cluster(), frame, payload));
            }
        }
        return GbzPayload.components(all);
    }

    private Bytes attributes(UseCaseTable.UseCase use, UseCaseTable.GbzItem item) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Integer> ids = use.gbz(MessageKind.COMMAND).stream()
                .filter(c -> c.cluster() == item.cluster() && c.command() == 0)
                .flatMap(c -> c.attributes().stream())
                .toList();
        for (int id : ids) {
            out.write(id);
            out.write(id >> 8);
            if (random.nextInt(10) == 0) {
                out.write(random.nextInt(256) | 1);
                continue;
            }
            out.write(0);
            String scale = SCALES.get(String.format("%04X/%04X", item.cluster(), id));
            if (scale != null && random.nextInt(4) > 0) {
                out.writeBytes(Bytes.ofHex(scale).toArray());
                continue;
            }
            int type = random.nextInt(4) > 0
                    ? fields.attributeType(item.cluster(), id)
                    : new int[] {0x20, 0x21, 0x22, 0x23, 0x25, 0x2B, 0x30, 0x18, 0x19, 0x41, 0x42}[random.nextInt(11)];
            out.write(type);
            int size = type == 0x30 ? 1 : type >= 0x41 ? random.nextInt(34) : (type & 7) + 1;
            if (type >= 0x41) {
                out.write(size);
            }
            out.writeBytes(any(size).toArray());
        }
        return Bytes.of(out.toByteArray());
    }

    private Bytes command() {
        // a layout is satisfied by enough bytes; small ones in front keep counts small
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < 60 + random.nextInt(60); i++) {
            out.write(random.nextInt(6) == 0 ? random.nextInt(256) : random.nextInt(5));
        }
        return Bytes.of(out.toByteArray());
    }

    /** A DER tree of the kinds that responses hold. */
    DerNode der(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return switch (random.nextInt(6)) {
                case 0 -> DerNode.integer(random.nextInt(30));
                case 1 -> DerNode.enumerated(new int[] {0, 5, 10, 25, 127, 99}[random.nextInt(6)]);
                case 2 -> DerNode.octets(any(random.nextBoolean() ? 8 : 4));
                case 3 -> DerNode.bits(Bytes.ofHex(new String[] {"0780", "0308", "0204", "0101"}[random.nextInt(4)]));
                case 4 -> DerNode.time("20150101000000Z");
                default -> DerNode.nothing();
            };
        }
        List<DerNode> children = new ArrayList<>();
        for (int i = 0; i < random.nextInt(6); i++) {
            children.add(der(depth - 1));
        }
        return DerNode.sequence(children);
    }
}
