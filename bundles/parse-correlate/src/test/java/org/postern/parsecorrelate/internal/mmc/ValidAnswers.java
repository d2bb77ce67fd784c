package org.postern.parsecorrelate.internal.mmc;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.DecryptedPart;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.Payload;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.Supplement;
import org.postern.gbcs.UseCaseTable;
import org.postern.gbcs.ZclFields;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.testkit.Rtds;

/** Valid responses: the successful ones of the reference data, and one for every use case of the tables. */
final class ValidAnswers {

    static final Eui64 DEVICE = Eui64.parse("00DB1234567890A0");
    static final Eui64 USER = Eui64.parse("90B3D51F30010000");

    /** One result of a DLMS response with the plain text where it is encrypted. */
    record Item(DlmsPayload.ResponseItem item, Optional<DlmsData> plain) {

        Item with(DlmsData data) {
            return plain.isPresent()
                    ? new Item(item, Optional.of(data))
                    : new Item(new DlmsPayload.ResponseItem(item.operation(), item.result(), data), plain);
        }

        DlmsData data() {
            return plain.orElse(item.data());
        }
    }

    /** One component of a GBZ response with the plain payload where it is encrypted. */
    record Part(GbzPayload.Component component, Optional<Bytes> plain) {

        Bytes payload() {
            return plain.orElse(component.payload());
        }

        Part with(Bytes payload) {
            return plain.isPresent()
                    ? new Part(component, Optional.of(payload))
                    : new Part(component.withPayload(payload), plain);
        }
    }

    /** An answer in parts that can be changed one by one; the two lists of the other families are empty. */
    record Answer(
            String name,
            GroupingHeader header,
            List<Item> items,
            List<Part> parts,
            Optional<DerNode> der,
            Optional<GbcsMessage> command) {

        Answer items(List<Item> other) {
            return new Answer(name, header, other, parts, der, command);
        }

        Answer parts(List<Part> other) {
            return new Answer(name, header, items, other, der, command);
        }

        Answer der(DerNode other) {
            return new Answer(name, header, items, parts, Optional.of(other), command);
        }

        boolean dlms() {
            return parts.isEmpty() && der.isEmpty();
        }

        DecryptedMessage message() {
            List<DecryptedPart> plain = new ArrayList<>();
            Payload payload;
            if (der.isPresent()) {
                payload = new Asn1Payload(der.get());
            } else if (dlms()) {
                List<DlmsPayload.ResponseItem> all = new ArrayList<>();
                for (Item item : items) {
                    item.plain()
                            .ifPresent(p -> plain.add(new DecryptedPart(
                                    "item[" + all.size() + "]",
                                    all.size(),
                                    DecryptedPart.Status.DECRYPTED,
                                    "",
                                    Optional.of(p),
                                    Optional.empty())));
                    all.add(item.item());
                }
                payload = DlmsPayload.AccessResponse.of(header.counter(), all);
            } else {
                List<GbzPayload.Component> all = new ArrayList<>();
                for (Part part : parts) {
                    part.plain()
                            .ifPresent(p -> plain.add(new DecryptedPart(
                                    "component[" + all.size() + "]",
                                    all.size(),
                                    DecryptedPart.Status.DECRYPTED,
                                    "",
                                    Optional.empty(),
                                    Optional.of(p))));
                    all.add(part.component());
                }
                payload = GbzPayload.components(all);
            }
            return new DecryptedMessage(GbcsMessage.unsigned(header, payload), plain);
        }
    }

    /** Fields for which the value 1 would mean a failure, or another scale. */
    private static final Map<String, Long> GOOD = Map.of("priceTrailingDigitAndPriceTier", 0x51L, "resultType", 0L);

    private final ZclFields fields = ZclFields.load();
    private final UseCaseTable table;

    ValidAnswers(UseCaseTable table) {
        this.table = table;
    }

    /** The successful responses of the reference data, each with its command if that is available. */
    List<Answer> given() throws Exception {
        return given(true);
    }

    /** The responses of the reference data that report a failure. */
    List<Answer> failed() throws Exception {
        return given(false);
    }

    private List<Answer> given(boolean success) throws Exception {
        Rtds rtds = Rtds.required();
        EcProvider ec = EcProvider.fastest();
        GbcsParser parser = GbcsParser.over(
                new KeyFolder(rtds.keystore(), ec, new GbcsCrypto(ec)),
                ec,
                new SharedSecretCache(64),
                Eui64.parse("90B3D51F30000002"));
        List<Answer> all = new ArrayList<>();
        for (Path file : rtds.messages()) {
            String name = file.getFileName().toString();
            if (name.contains("_RESPONSE_") && !name.startsWith("PCS")) {
                ParsedMessage parsed = parser.parse(Rtds.hex(file));
                if (parsed.success().filter(result -> result == success).isPresent()) {
                    all.add(answer(
                            name.replace("_RESPONSE_GBCS.HEX", ""),
                            parsed.decrypted().orElseThrow(),
                            command(file)));
                }
            }
        }
        return all;
    }

    private static Optional<GbcsMessage> command(Path response) {
        Path file = response.resolveSibling(response.getFileName().toString().replace("_RESPONSE_", "_COMMAND_"));
        return Files.exists(file) ? Optional.of(new GbcsCodec().decode(Rtds.hex(file))) : Optional.empty();
    }

    private static Answer answer(String name, DecryptedMessage message, Optional<GbcsMessage> command) {
        GroupingHeader header = message.message().header();
        List<Item> items = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        Optional<DerNode> der = Optional.empty();
        if (message.message().payload() instanceof DlmsPayload.AccessResponse r) {
            for (int i = 0; i < r.items().size(); i++) {
                items.add(new Item(r.items().get(i), message.part(i).flatMap(DecryptedPart::data)));
            }
        } else if (message.message().payload() instanceof GbzPayload.Components c) {
            for (int i = 0; i < c.components().size(); i++) {
                parts.add(new Part(c.components().get(i), message.part(i).flatMap(DecryptedPart::zcl)));
            }
        } else {
            der = Optional.of(((Asn1Payload) message.message().payload()).root());
        }
        return new Answer(name, header, items, parts, der, command);
    }

    /** One answer for every list of results that the tables have; ASN.1 is in the reference data. */
    List<Answer> made() {
        List<Answer> all = new ArrayList<>();
        for (UseCaseTable.UseCase use : table.all()) {
            GroupingHeader header =
                    new GroupingHeader(2, 1000, DEVICE, USER, Optional.empty(), use.code(), Supplement.NONE);
            Map<String, List<Item>> lists = new HashMap<>();
            for (UseCaseTable.DlmsItem item : use.dlms()) {
                if (item.direction() == MessageKind.RESPONSE) {
                    List<Item> list = lists.computeIfAbsent(item.variant() + item.listLength(), v -> new ArrayList<>());
                    list.add(item(use.code(), item, list.size()));
                }
            }
            lists.forEach((variant, items) -> all.add(new Answer(
                    "made " + use.name() + " " + variant,
                    header,
                    items,
                    List.of(),
                    Optional.empty(),
                    Optional.empty())));
            if (!use.gbz(MessageKind.RESPONSE).isEmpty()) {
                all.add(new Answer(
                        "made " + use.name(), header, List.of(), parts(use), Optional.empty(), Optional.empty()));
            }
        }
        return all;
    }

    private static Item item(int code, UseCaseTable.DlmsItem item, int position) {
        ShapedData data = new ShapedData(ScaleOracle.dlms(code, position));
        DlmsData value = data.of(item.shape());
        boolean encrypted = item.target().orElseThrow().classId() == 30;
        return new Item(
                new DlmsPayload.ResponseItem(item.operation().orElseThrow(), 0, value),
                encrypted ? Optional.of(data.of(item.plain().get(item.plain().size() - 1))) : Optional.empty());
    }

    private List<Part> parts(UseCaseTable.UseCase use) {
        List<Part> all = new ArrayList<>();
        List<UseCaseTable.GbzItem> commands = use.gbz(MessageKind.COMMAND);
        List<UseCaseTable.GbzItem> answers = use.gbz(MessageKind.RESPONSE).stream()
                .filter(i -> !i.alternative())
                .toList();
        int sequence = 0;
        for (int i = 0; i < commands.size(); i++) {
            for (int n = 0; n < Math.max(1, commands.get(i).minOccurs()); n++) {
                UseCaseTable.GbzItem answer = answers.get(i);
                Bytes payload = payload(commands.get(i), answer);
                GbzPayload.ZclFrame frame = answer.zclFrame(sequence++);
                all.add(
                        answer.encrypted()
                                ? new Part(
                                        GbzPayload.Component.encrypted(
                                                answer.cluster(), n, frame, Bytes.ofHex("3100000000")),
                                        Optional.of(payload))
                                : new Part(
                                        GbzPayload.Component.of(answer.cluster(), frame, payload), Optional.empty()));
            }
        }
        return all;
    }

    private Bytes payload(UseCaseTable.GbzItem command, UseCaseTable.GbzItem answer) {
        if ((answer.frame() & 3) == 0 && answer.command() == 0x0B) {
            return Bytes.of(new byte[] {(byte) command.command(), 0});
        }
        if ((answer.frame() & 3) == 0) {
            return attributes(answer.cluster(), command.attributes());
        }
        Map<String, Long> fixed = new HashMap<>();
        answer.fixed()
                .forEach(f ->
                        fixed.put(f.substring(0, f.indexOf('=')), Long.parseLong(f.substring(f.indexOf('=') + 1), 16)));
        List<ZclFields.Field> values = new ArrayList<>();
        for (String name : fields.command(answer.cluster(), answer.zclFrame(0))
                .orElseThrow()
                .fieldNames()) {
            values.add(
                    name.equals("dayIds")
                            ? ZclFields.bytes(name, Bytes.ofHex("01010101010101"))
                            : ZclFields.number(name, fixed.getOrDefault(name, GOOD.getOrDefault(name, 1L))));
        }
        return fields.payload(answer.cluster(), answer.zclFrame(0), values);
    }

    private Bytes attributes(int cluster, List<Integer> ids) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int id : ids) {
            int type = fields.attributeType(cluster, id);
            out.write(id);
            out.write(id >> 8);
            out.write(0);
            out.write(type);
            String scale = ScaleOracle.zcl(cluster, id);
            if (type == 0x41 || type == 0x42) {
                out.writeBytes(
                        Bytes.ofHex("0830303030303030 31".replace(" ", "")).toArray());
            } else {
                int size = type == 0x30 ? 1 : (type & 7) + 1;
                byte[] value = scale == null
                        ? Bytes.ofHex("0102030405060708").slice(0, size).toArray()
                        : Bytes.ofHex(scale).toArray();
                out.writeBytes(value);
            }
        }
        return Bytes.of(out.toByteArray());
    }
}
