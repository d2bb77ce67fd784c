package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.ecprovider.EcProvider;
import org.postern.testkit.Rtds;

/**
 * Inverts every single bit of many messages, one at a time. The changed message has to be refused with a fault code, or
 * not to be proven authentic; no other exception is permitted; and decoding must not need more than two steps per byte
 * plus 32.
 *
 * <p>There are no unprotected bytes. The bytes outside MAC and signature (wrapper, tag DF, signature length) have
 * exactly one permitted value. Pre-Commands have no protection and are excluded.
 */
class MutationTest {

    /** Number of reference messages whose bits are all inverted, smallest first; 735 of them can be checked. */
    private static final int MESSAGES = Integer.getInteger("postern.mutations", 500);

    @Test
    void everyInvertedBitOfTheOwnVectorsIsDetected() {
        TestVectors vectors = TestVectors.open();
        List<byte[]> messages = TestVectors.all().stream()
                .filter(v -> v.kind() != MessageKind.PRECOMMAND && v.code() != 0x0090)
                .map(TestVectors.Vector::bytes)
                .toList();
        try (SharedSecretCache cache = new SharedSecretCache(100)) {
            Flips flips = new Flips(vectors.authenticator(cache));
            messages.forEach(flips::flip);
            assertThat(flips.failures).isEmpty();
            assertThat(flips.messages).isEqualTo(27);
        }
    }

    @Test
    void everyInvertedBitOfTheReferenceMessagesIsDetected() {
        Rtds rtds = Rtds.required();
        EcProvider ec = EcProvider.fastest();
        GbcsCrypto crypto = new GbcsCrypto(ec);
        KeyFolder keys = new KeyFolder(rtds.keystore(), ec, crypto);
        TreeMap<String, byte[]> bySize = new TreeMap<>();
        for (Path file : rtds.messages()) {
            String name = file.getFileName().toString();
            // the MACs of PCS01 and PCS02 cannot be checked
            if (!name.contains("PRECOMMAND") && !name.startsWith("PCS0")) {
                byte[] message = Rtds.hex(file);
                bySize.put(String.format("%05d %s", message.length, name), message);
            }
        }
        try (SharedSecretCache cache = new SharedSecretCache(1000)) {
            Flips flips = new Flips(
                    new Authenticator(crypto, keys, cache, UseCaseTable.load(), Eui64.parse("90B3D51F30000002")));
            bySize.values().stream().limit(MESSAGES).forEach(flips::flip);
            assertThat(flips.failures).isEmpty();
            assertThat(flips.messages).isEqualTo(MESSAGES);
            assertThat(flips.flips).isGreaterThan(MESSAGES * 8L * 50);
            assertThat(flips.refused).isPositive().isLessThan(flips.flips);
        }
    }

    /** Inverts bits and counts the results. */
    private static final class Flips {

        private final Authenticator authenticator;
        private final List<String> failures = new ArrayList<>();
        private int messages;
        private long flips;
        private long refused;

        Flips(Authenticator authenticator) {
            this.authenticator = authenticator;
        }

        void flip(byte[] original) {
            messages++;
            GbcsCodec codec = new GbcsCodec(new DecodeLimits(1 << 20, 24, 250_000, 2L * original.length + 32));
            assertThat(authenticator.authenticate(codec.decode(original)).proven())
                    .isTrue();
            for (int bit = 0; bit < original.length * 8; bit++) {
                byte[] changed = original.clone();
                changed[bit / 8] ^= (byte) (0x80 >> bit % 8);
                flips++;
                try {
                    if (authenticator.authenticate(codec.decode(changed)).proven()) {
                        failures.add("message " + messages + " bit " + bit + " is not protected");
                    }
                } catch (PosternException e) {
                    refused++;
                    if (e.fault().rule().contains("steps")) {
                        failures.add("message " + messages + " bit " + bit + ": " + e.getMessage());
                    }
                } catch (RuntimeException e) {
                    failures.add("message " + messages + " bit " + bit + " crashes: " + e);
                }
            }
        }
    }
}
