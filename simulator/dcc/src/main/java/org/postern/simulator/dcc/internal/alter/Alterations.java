package org.postern.simulator.dcc.internal.alter;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.Payload;

/**
 * Every single alteration of one Pre-Command by the name of its field, in the order of the message. Each gives the
 * whole message with that one thing changed; lengths and counts around it are made to fit, unless they are what is
 * changed.
 */
public final class Alterations {

    private final GbcsMessage message;
    private final Map<String, Supplier<byte[]>> all = new LinkedHashMap<>();
    private String lastValue = "";

    private Alterations(GbcsMessage message) {
        this.message = message;
    }

    /** All alterations; {@code value} is that of the last value in the content. */
    public static Map<String, Supplier<byte[]>> of(byte[] preCommand) {
        Alterations alterations = new Alterations(new GbcsCodec().decode(preCommand));
        new HeaderAlterations(alterations).add();
        alterations
                .message
                .payload()
                .fold(
                        d -> {
                            new DlmsAlterations(alterations, (DlmsPayload.AccessRequest) d).add();
                            return d;
                        },
                        g -> {
                            new GbzAlterations(alterations, (GbzPayload.Components) g).add();
                            return g;
                        },
                        a -> {
                            new Asn1Alterations(alterations, a).add();
                            return a;
                        },
                        o -> {
                            throw new IllegalStateException("no Pre-Command");
                        });
        alterations.all.put("value", alterations.all.get(alterations.lastValue));
        return alterations.all;
    }

    GbcsMessage message() {
        return message;
    }

    /** An alteration that gives the whole message. */
    void bytes(String field, Supplier<byte[]> altered) {
        all.put(field, altered);
    }

    /** One that gives another payload. */
    void payload(String field, Supplier<? extends Payload> altered) {
        all.put(
                field,
                () -> GbcsMessage.preCommand(message.header(), altered.get())
                        .encoded()
                        .toArray());
    }

    /** One that gives other content bytes. */
    void content(String field, Supplier<byte[]> altered) {
        all.put(field, () -> withContent(altered.get()));
    }

    /** Says that the field is a value: the last one has a name of its own. */
    void value(String field) {
        lastValue = field;
    }

    private byte[] withContent(byte[] content) {
        byte[] whole = message.encoded().toArray();
        int before = message.contentOffset() - lengthOf(message.content().length()).length;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(whole, 0, before);
        out.writeBytes(lengthOf(content.length));
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** A BER length in its shortest form. */
    static byte[] lengthOf(int length) {
        return length < 0x80
                ? new byte[] {(byte) length}
                : length < 0x100
                        ? new byte[] {(byte) 0x81, (byte) length}
                        : new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length};
    }

    /** The same length, one byte longer than it need be. */
    static byte[] longLengthOf(int length) {
        return length < 0x80
                ? new byte[] {(byte) 0x81, (byte) length}
                : length < 0x100
                        ? new byte[] {(byte) 0x82, 0, (byte) length}
                        : new byte[] {(byte) 0x83, 0, (byte) (length >> 8), (byte) length};
    }

    /** The bytes with one bit of one of them turned over. */
    static Bytes flip(Bytes bytes, int index, int bit) {
        byte[] copy = bytes.toArray();
        copy[index] ^= (byte) bit;
        return Bytes.of(copy);
    }

    static <T> List<T> without(List<T> list, int index) {
        List<T> copy = new ArrayList<>(list);
        copy.remove(index);
        return copy;
    }

    static <T> List<T> plus(List<T> list, int index, T more) {
        List<T> copy = new ArrayList<>(list);
        copy.add(index, more);
        return copy;
    }

    static <T> List<T> with(List<T> list, int index, T other) {
        List<T> copy = new ArrayList<>(list);
        copy.set(index, other);
        return copy;
    }

    /** The list with the element and its neighbour changed over; empty where they are alike or there is no next one. */
    static <T> Optional<List<T>> swapped(List<T> list, int index) {
        if (index + 1 >= list.size() || list.get(index).equals(list.get(index + 1))) {
            return Optional.empty();
        }
        List<T> copy = new ArrayList<>(list);
        Collections.swap(copy, index, index + 1);
        return Optional.of(copy);
    }
}
