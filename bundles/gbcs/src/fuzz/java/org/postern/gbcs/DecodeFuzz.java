package org.postern.gbcs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Coverage-guided fuzzing of the decoder, seeded with the project's own vectors: {@code mvn test -Pfuzz -pl
 * bundles/gbcs}. Whatever decodes must encode to the same bytes within two steps a byte and 32; anything else must be a
 * {@link GbcsRefusal}.
 */
class DecodeFuzz {

    private static final GbcsCodec CODEC = new GbcsCodec();
    private static final ZclFields ZCL = ZclFields.load();
    private static final Asn1Shapes SHAPES = Asn1Shapes.load();
    private static final UseCaseTable TABLE = UseCaseTable.load();

    static Stream<byte[]> seeds() {
        return TestVectors.all().stream().map(TestVectors.Vector::bytes);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "3m")
    void decode(byte[] data) {
        GbcsMessage message;
        try {
            message = CODEC.decode(data);
        } catch (GbcsRefusal e) {
            return;
        }
        if (!Arrays.equals(CODEC.encode(message), data)) {
            throw new AssertionError("encodes to other bytes");
        }
        if (message.steps() > 2L * data.length + 32) {
            throw new AssertionError(message.steps() + " steps for " + data.length + " bytes");
        }
        readPayload(message);
    }

    /** Runs the readers of the payload of a decoded message. */
    private static void readPayload(GbcsMessage message) {
        if (message.payload() instanceof Asn1Payload a) {
            TABLE.find(message.header().messageCode())
                    .ifPresent(u -> u.asn1().values().forEach(s -> SHAPES.match(s, a.root())));
        } else if (message.payload() instanceof GbzPayload g) {
            List<GbzPayload.Component> components =
                    g instanceof GbzPayload.Components c ? c.components() : ((GbzPayload.Alert) g).components();
            for (GbzPayload.Component c : components) {
                try {
                    if (!c.frame().clusterSpecific() && c.frame().command() == 1) {
                        ZCL.attributes(c.cluster(), c.payload());
                    } else {
                        ZCL.fields(c.cluster(), c.frame(), c.payload());
                    }
                } catch (GbcsRefusal e) {
                    // a payload that does not conform to the table is refused by its reader, not by the codec
                }
            }
        }
    }
}
