package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.catalogue.Sha256;
import org.postern.ledger.LedgerException;

class PackerTest {

    private static final byte[] TEXT =
            ("<sr:Request schemaVersion=\"5.4\"><sr:Header><sr:RequestID>02-50:7</sr:RequestID></sr:Header>"
                            + "</sr:Request>")
                    .repeat(3)
                    .getBytes(StandardCharsets.UTF_8);

    private final Packer packer = new Packer();

    @AfterEach
    void close() {
        packer.close();
    }

    @ParameterizedTest
    @EnumSource(Dictionary.class)
    void everyDocumentComesBackByteForByte(Dictionary dictionary) {
        byte[] noise = new byte[5000];
        new Random(7).nextBytes(noise);
        for (byte[] document :
                new byte[][] {{}, {0}, TEXT, noise, dictionary.text().clone(), new byte[100_000]}) {
            byte[] kept = packer.pack(dictionary, document);
            assertThat(packer.unpack(kept, "x")).isEqualTo(document);
            assertThat(Packer.sha256Of(kept)).isEqualTo(Sha256.hex(document));
        }
        assertThat(packer.damage()).isEmpty();
    }

    @Test
    void anIncompressibleDocumentIsStoredUncompressed() {
        byte[] noise = new byte[500];
        new Random(7).nextBytes(noise);
        assertThat(packer.pack(Dictionary.ANSWER, noise)).hasSize(37 + 500).startsWith((byte) 0);
        assertThat(packer.pack(Dictionary.REQUEST, TEXT))
                .hasSizeLessThan(37 + TEXT.length / 4)
                .startsWith((byte) 1);
    }

    /**
     * Stored documents can only be read with the dictionary that they were packed with; changing it makes them
     * unreadable.
     */
    @ParameterizedTest
    @CsvSource({
        "REQUEST, 1, 7977154cc3db938b14bb7f0782162724a45966d0e78a87f4cd41d14978c2dfea",
        "ANSWER, 2, cc08868bfc1819298f7978f5aa5a08c7e287ae1d28044beed0dd0bb5b88704a3",
        "DELIVERY, 3, bed6ebff33ed84c5263c10ac7aacf1c88b95626b3df945992ca9c1551ff1845e"
    })
    void aDictionaryThatWasShippedStaysAsItIs(Dictionary dictionary, int number, String sha256) {
        assertThat((int) dictionary.number()).isEqualTo(number);
        assertThat(Sha256.hex(dictionary.text())).isEqualTo(sha256);
    }

    /** A bit that means nothing, behind the end of the deflated text, leaves the document what it is. */
    @Test
    void noDamageMakesAnotherDocument() {
        byte[] kept = packer.pack(Dictionary.REQUEST, TEXT);
        for (int i = 0; i < kept.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = kept.clone();
                damaged[i] ^= (byte) (1 << bit);
                if (i < kept.length - 1) {
                    isDamaged(damaged);
                } else {
                    isDamagedOrTheSame(damaged);
                }
            }
        }
        for (int length = 0; length < kept.length; length++) {
            isDamaged(java.util.Arrays.copyOf(kept, length));
        }
        isDamaged(java.util.Arrays.copyOf(kept, kept.length + 1));
    }

    /** No memory is allocated for an impossible length, and a shorter document is refused. */
    @Test
    void aLengthThatCannotBeIsRefusedAtOnce() {
        byte[] kept = packer.pack(Dictionary.NONE, new byte[1_000_000]);
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 999_999, 1_000_001}) {
            byte[] other = kept.clone();
            ByteBuffer.wrap(other).putInt(1, length);
            isDamaged(other);
        }
    }

    private void isDamagedOrTheSame(byte[] kept) {
        try {
            assertThat(packer.unpack(kept, "x")).isEqualTo(TEXT);
        } catch (LedgerException e) {
            assertThat(e.kind()).isEqualTo(LedgerException.Kind.DOCUMENT_DAMAGED);
        }
    }

    private void isDamaged(byte[] kept) {
        assertThatThrownBy(() -> packer.unpack(kept, "r1/wire")).isInstanceOfSatisfying(LedgerException.class, e -> {
            assertThat(e.kind()).isEqualTo(LedgerException.Kind.DOCUMENT_DAMAGED);
            assertThat(e.fault().field()).isEqualTo("r1/wire");
        });
        assertThat(packer.damage()).isPresent();
    }

    @Test
    void aDeliveryComesBackWithEveryPart() {
        for (Optional<String> json :
                java.util.List.of(Optional.<String>empty(), Optional.of(""), Optional.of("{\"a\":\"\u00e9\"}"))) {
            DeliveryForm form = new DeliveryForm(Map.of("outcome", "a & b = c"), new byte[] {1, 0, 2}, json);
            DeliveryForm back = DeliveryForm.read(form.write(), "x");
            assertThat(back.headers()).isEqualTo(form.headers());
            assertThat(back.body()).isEqualTo(form.body());
            assertThat(back.json()).isEqualTo(json);
        }
        assertThatThrownBy(() -> DeliveryForm.read(new byte[] {0, 0, 0, 9, 0, 0, 0, 0, 1}, "x"))
                .hasMessageContaining("PST-6015");
        assertThatThrownBy(() -> DeliveryForm.read(new byte[] {-1, 0, 0, 9, 0, 0, 0, 0, 1}, "x"))
                .hasMessageContaining("PST-6015");
    }
}
