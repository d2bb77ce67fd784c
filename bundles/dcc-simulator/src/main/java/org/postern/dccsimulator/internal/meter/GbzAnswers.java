package org.postern.dccsimulator.internal.meter;

import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;

/**
 * What a ZigBee device answers, component by component: attributes from a table of this bundle, a good default response
 * to what is set or published, and "not found" to a request for what was never stored.
 */
final class GbzAnswers {

    private static final int READ_ATTRIBUTES = 0x00;
    private static final int READ_ATTRIBUTES_RESPONSE = 0x01;
    private static final int DEFAULT_RESPONSE = 0x0B;
    private static final int SUCCESS = 0x00;
    private static final int NOT_FOUND = 0x8B;
    private static final int UNSUPPORTED_ATTRIBUTE = 0x86;
    private static final int OCTET_STRING = 0x41;
    private static final int TEXT = 0x42;

    private record Attribute(int type, String value) {
    }

    private final UseCaseTable useCases;
    private final Clock clock;
    private final Map<Integer, Attribute> attributes = new HashMap<>();

    GbzAnswers(UseCaseTable useCases, Clock clock) {
        this.useCases = useCases;
        this.clock = clock;
        for (String[] row : Table.rows("zigbee-values.tsv")) {
            attributes.put(Integer.parseInt(row[0] + row[1], 16), new Attribute(Integer.parseInt(row[2], 16), row[3]));
        }
    }

    GbzPayload.Components answer(Meter meter, int messageCode, GbzPayload.Components request, UnaryOperator<Bytes> encrypt) {
        List<UseCaseTable.GbzItem> rows = useCases.find(messageCode).map(u -> u.gbz(MessageKind.RESPONSE)).orElse(List.of());
        List<GbzPayload.Component> answers = new ArrayList<>();
        int encrypted = 0;
        for (int i = 0; i < request.components().size(); i++) {
            GbzPayload.Component asked = request.components().get(i);
            UseCaseTable.GbzItem row = row(rows, asked.cluster(), i);
            GbzPayload.ZclFrame frame = asked.frame();
            if (!frame.clusterSpecific() && frame.command() == READ_ATTRIBUTES) {
                boolean secret = row != null && row.encrypted();
                GbzPayload.ZclFrame answer = new GbzPayload.ZclFrame(row == null ? 0x08 : row.frame(), frame.sequence(),
                        READ_ATTRIBUTES_RESPONSE);
                Bytes values = read(meter, asked);
                answers.add(secret ? GbzPayload.Component.encrypted(asked.cluster(), encrypted++, answer, encrypt.apply(values))
                        : GbzPayload.Component.of(asked.cluster(), answer, values));
            } else {
                boolean wanted = row != null && row.command() != DEFAULT_RESPONSE;
                answers.add(GbzPayload.Component.of(asked.cluster(),
                        new GbzPayload.ZclFrame(serverCluster(asked.cluster()) ? 0x08 : 0x00, frame.sequence(), DEFAULT_RESPONSE),
                        Bytes.of(new byte[] {(byte) frame.command(), (byte) (wanted ? NOT_FOUND : SUCCESS)})));
            }
        }
        return GbzPayload.components(answers);
    }

    private static UseCaseTable.GbzItem row(List<UseCaseTable.GbzItem> rows, int cluster, int position) {
        return rows.stream().filter(r -> r.cluster() == cluster && r.position() == position && !r.alternative()).findFirst()
                .or(() -> rows.stream().filter(r -> r.cluster() == cluster).findFirst()).orElse(null);
    }

    /** Metering and prepayment: the device is the server of these clusters, and a client of those that publish to it. */
    private static boolean serverCluster(int cluster) {
        return cluster == 0x0702 || cluster == 0x0705;
    }

    private Bytes read(Meter meter, GbzPayload.Component asked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at + 1 < asked.payload().length(); at += 2) {
            int id = (int) asked.payload().littleEndian(at, 2);
            little(out, id, 2);
            Attribute attribute = attributes.get(asked.cluster() << 16 | id);
            if (attribute == null) {
                out.write(UNSUPPORTED_ATTRIBUTE);
                continue;
            }
            out.write(SUCCESS);
            out.write(attribute.type());
            if (attribute.type() == OCTET_STRING || attribute.type() == TEXT) {
                Bytes text = attribute.value().equals("firmware") ? meter.firmware() : Bytes.ofHex(attribute.value().substring(4));
                out.write(text.length());
                out.writeBytes(text.toArray());
            } else {
                little(out, number(meter, attribute, id), size(attribute.type()));
            }
        }
        return Bytes.of(out.toByteArray());
    }

    private long number(Meter meter, Attribute attribute, int id) {
        return switch (attribute.value()) {
            case "register" -> meter.register(clock.instant());
            case "zero" -> 0;
            case "small" -> Math.floorMod(meter.device().deviceId().value() * 31 + id, 100L);
            default -> Long.parseLong(attribute.value());
        };
    }

    /** Bytes of a ZCL number type. */
    private static int size(int type) {
        return switch (type) {
            case 0x18, 0x20, 0x30, 0x08, 0x10, 0x28 -> 1;
            case 0x19, 0x21, 0x29, 0x31 -> 2;
            case 0x22, 0x1A, 0x2A -> 3;
            case 0x25, 0x1D, 0x2D -> 6;
            default -> 4;
        };
    }

    private static void little(ByteArrayOutputStream out, long value, int size) {
        for (int i = 0; i < size; i++) {
            out.write((int) (value >> 8 * i));
        }
    }
}
