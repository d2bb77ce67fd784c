package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.PartyKeys;
import org.postern.gbcs.SharedSecretCache;
import org.postern.testkit.Rtds;

/** Reading ends with a result for any bytes, and the documents are schema-valid for any values. */
class HostileBytesTest {

    private static final PartyKeys NO_KEYS = new PartyKeys() {
        @Override
        public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
            return Optional.empty();
        }
    };

    /** Without keys no message is refused because of its MAC, so that changed values reach the mapping. */
    private final GbcsParser keyless =
            GbcsParser.over(NO_KEYS, EcProvider.fastest(), new SharedSecretCache(1), Corpus.ACB);

    @Test
    void random_bytes_are_refused_with_a_typed_fault() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && i % 2 == 0) {
                bytes[0] = (byte) (i % 4 == 0 ? 0xDD : 0xDF);
            }
            ParsedMessage parsed = keyless.parse(bytes);
            assertThat(parsed.ok()).isFalse();
            assertThat(parsed.fault().orElseThrow().code()).matches("PST-3\\d{3}");
            assertThat(parsed.reason()).isNotEmpty();
        }
    }

    @Test
    void a_message_cut_short_anywhere_is_refused() throws Exception {
        byte[] whole = Rtds.hex(new Corpus().message("ECS24_4.11.1_SUCCESS_RESPONSE_GBCS.HEX"));
        for (int length = 0; length < whole.length; length++) {
            ParsedMessage parsed = keyless.parse(Arrays.copyOf(whole, length));
            assertThat(parsed.ok()).as("%d bytes", length).isFalse();
            assertThat(parsed.message()).isEmpty();
        }
    }

    @Test
    void altered_messages_never_throw_and_their_documents_stay_valid() throws Exception {
        Corpus corpus = new Corpus();
        Random random = new Random(2);
        Map<String, String> refused = new TreeMap<>();
        int documents = 0;
        for (Path file : corpus.messages()) {
            if (!file.toString().contains("RESPONSE") && !file.toString().contains("ALERT")) {
                continue;
            }
            byte[] good = Rtds.hex(file);
            for (int i = 0; i < 6; i++) {
                byte[] bad = good.clone();
                for (int flips = 0; flips <= i % 3; flips++) {
                    int from = Math.min(45, bad.length - 1);
                    int at = from + random.nextInt(Math.max(1, bad.length - from - 12));
                    bad[at] = (byte) (random.nextBoolean() ? bad[at] ^ 1 << random.nextInt(8) : random.nextInt(256));
                }
                ParsedMessage parsed = keyless.parse(bad);
                assertThat(parsed.fault().map(f -> f.code())).isNotEqualTo(Optional.of("PST-4090"));
                if (parsed.mmc().isPresent()) {
                    documents++;
                    corpus.refusal(parsed.mmc().get()).ifPresent(r -> refused.put(file.getFileName() + " " + r, ""));
                }
            }
        }
        assertThat(refused.keySet()).isEmpty();
        assertThat(documents).isGreaterThan(1000);
    }

    @Test
    void with_the_keys_no_altered_response_is_taken_for_genuine() throws Exception {
        Corpus corpus = new Corpus();
        Random random = new Random(3);
        List<String> names = List.of(
                "ECS17b_4.1.1_SINGLE_SUCCESS_RESPONSE_GBCS.HEX",
                "GCS13a_4.1.1_SUCCESS_RELIABLE_GSME_RESPONSE_GBCS.HEX",
                "CS06_11.3_IMMEDIATE_ERROR_RESPONSE_GBCS.HEX",
                "ECS80_NA_8F36_ALERT_GBCS.HEX");
        for (String name : names) {
            byte[] good = Rtds.hex(corpus.message(name));
            assertThat(corpus.parser().parse(good).proven()).as(name).isTrue();
            for (int i = 0; i < 200; i++) {
                byte[] bad = good.clone();
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                assertThat(corpus.parser().parse(bad).proven()).as(name).isFalse();
            }
        }
    }
}
