package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;

/**
 * A message that was built is decoded to the same message; bytes that can be decoded are encoded to the same bytes; all
 * other bytes are refused with a fault code.
 */
class CanonicalFormTest {

    private final GbcsCodec codec = new GbcsCodec();

    @Provide
    Arbitrary<DlmsData> data() {
        Arbitrary<Bytes> bytes =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(Bytes::of);
        Arbitrary<DlmsData> leaf = Arbitraries.oneOf(List.of(
                Arbitraries.just(DlmsData.Null.VALUE),
                Arbitraries.integers().between(0, 255).map(DlmsData.Bool::new),
                bytes.map(b -> new DlmsData.Octets(DlmsTag.OCTET_STRING, b)),
                bytes.map(b -> new DlmsData.Octets(DlmsTag.UTF8_STRING, b)),
                Arbitraries.strings().withChars('0', '1').ofMaxLength(200).map(DlmsData::bits),
                Arbitraries.longs().map(DlmsData::i64),
                Arbitraries.longs().map(DlmsData::u64),
                Arbitraries.longs().between(0, 0xFFFF_FFFFL).map(DlmsData::u32),
                Arbitraries.longs().between(-128, 127).map(DlmsData::i8)));
        return Arbitraries.recursive(
                () -> leaf,
                inner -> Arbitraries.oneOf(List.of(
                        inner.list().ofMaxSize(4).map(DlmsData.Structure::new),
                        inner.list().ofMaxSize(4).map(DlmsData.Array::new))),
                0,
                4);
    }

    @Property(tries = 500)
    void builtDataDecodesToItself(@ForAll("data") DlmsData data) {
        assertThat(codec.decodeData(codec.encodeData(data))).isEqualTo(data);
    }

    @Property(tries = 200)
    void builtMessagesDecodeToThemselves(
            @ForAll("data") DlmsData data, @ForAll long counter, @ForAll long originator, @ForAll long target) {
        GroupingHeader header = GroupingHeader.command(counter, new Eui64(originator), new Eui64(target), 0x004B);
        GbcsMessage built = GbcsMessage.preCommand(
                header,
                DlmsPayload.AccessRequest.of(
                        counter, List.of(DlmsPayload.RequestItem.set(1, "0-0:94.44.0.1", 2, data))));
        GbcsMessage read = codec.decode(codec.encode(built));
        assertThat(read.header()).isEqualTo(header);
        assertThat(read.payload()).isEqualTo(built.payload());
        assertThat(read.toBeSigned()).isEqualTo(built.toBeSigned());
    }

    /** Arbitrary bytes, mostly invalid: bytes that are accepted are canonical. */
    @Property(tries = 3000)
    void whatDecodesEncodesToTheSameBytes(@ForAll @Size(max = 40) byte[] noise) {
        try {
            Bytes bytes = Bytes.of(noise);
            assertThat(codec.encodeData(codec.decodeData(bytes))).isEqualTo(bytes);
        } catch (PosternException e) {
            assertThat(e).isInstanceOf(GbcsRefusal.class);
        }
    }

    @Property(tries = 3000)
    void derThatDecodesEncodesToTheSameBytes(@ForAll("nearDer") Bytes bytes) {
        try {
            assertThat(codec.encodeDer(codec.decodeDer(bytes))).isEqualTo(bytes);
        } catch (PosternException e) {
            assertThat(e).isInstanceOf(GbcsRefusal.class);
        }
    }

    @Provide
    Arbitrary<Bytes> nearDer() {
        Arbitrary<Byte> likely = Arbitraries.of(
                (byte) 0x30,
                (byte) 2,
                (byte) 4,
                (byte) 3,
                (byte) 0,
                (byte) 1,
                (byte) 5,
                (byte) 0x81,
                (byte) 0x82,
                (byte) 0xA0,
                (byte) 0x80,
                (byte) 0xFF);
        return likely.array(byte[].class).ofMinSize(1).ofMaxSize(24).map(b -> Bytes.of(b));
    }

    /** A message with bytes changed, removed or added: it is refused or still canonical. */
    @Property(tries = 3000)
    void damagedMessagesAreRefusedOrCanonical(@ForAll("damaged") byte[] damaged) {
        try {
            assertThat(codec.encode(codec.decode(damaged))).isEqualTo(damaged);
        } catch (PosternException e) {
            assertThat(e).isInstanceOf(GbcsRefusal.class);
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() {
        List<byte[]> all =
                TestVectors.all().stream().map(TestVectors.Vector::bytes).toList();
        return Combinators.combine(
                        Arbitraries.of(all),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.bytes(),
                        Arbitraries.integers().between(0, 2))
                .as((message, where, value, how) -> {
                    int at = (int) (where * (message.length - 1));
                    byte[] changed = new byte[message.length + how - 1];
                    System.arraycopy(message, 0, changed, 0, at);
                    if (how > 0) {
                        changed[at] = value;
                    }
                    int from = how == 2 ? at : at + 1;
                    System.arraycopy(
                            message, from, changed, changed.length - (message.length - from), message.length - from);
                    return changed;
                });
    }
}
