package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The project's own test vectors: hand-written hex, protected by independent code with the project's own keys. */
class OwnVectorsTest {

    private final GbcsCodec codec = new GbcsCodec();
    private final TestVectors vectors = TestVectors.open();

    static List<TestVectors.Vector> vectors() {
        return TestVectors.all();
    }

    @Test
    void thereAreTwoOfEveryFamilyAndKind() {
        Map<String, Long> counts = vectors().stream()
                .collect(Collectors.groupingBy(
                        v -> codec.decode(v.bytes()).payload().family() + " " + v.kind(), Collectors.counting()));
        assertThat(counts)
                .hasSize(12)
                .allSatisfy((cell, count) -> assertThat(count).as(cell).isGreaterThanOrEqualTo(2));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void decodesAsTheIndexStatesAndEncodesToTheSameBytes(TestVectors.Vector vector) {
        GbcsMessage message = codec.decode(vector.bytes());
        assertThat(message.kind()).isEqualTo(vector.kind());
        assertThat(message.header().messageCode()).isEqualTo(vector.code());
        assertThat(message.header().originator()).isEqualTo(vector.originator());
        assertThat(message.header().target()).isEqualTo(vector.target());
        assertThat(message.header().counter()).isEqualTo(vector.counter());
        assertThat(codec.encode(message)).isEqualTo(vector.bytes());
        assertThat(message.steps()).isPositive().isLessThanOrEqualTo(2L * vector.bytes().length + 32);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void authenticatesAndDecrypts(TestVectors.Vector vector) {
        GbcsMessage message = codec.decode(vector.bytes());
        try (SharedSecretCache cache = new SharedSecretCache(10)) {
            Authentication found = vectors.authenticator(cache).authenticate(message);
            boolean betweenDevices = vector.code() == 0x0090;
            assertThat(found.mac().verdict())
                    .isEqualTo(
                            !vector.protection().contains("MAC")
                                    ? Verdict.ABSENT
                                    : betweenDevices ? Verdict.UNCHECKED : Verdict.VALID);
            assertThat(found.signature().verdict())
                    .isEqualTo(vector.protection().contains("SIG") ? Verdict.VALID : Verdict.ABSENT);
            DecryptedMessage clear = new Decryptor(vectors.crypto(), codec, vectors.keys(), cache).decrypt(message);
            assertThat(clear.parts()).hasSize(vector.encrypted());
            assertThat(clear.allDecrypted()).isEqualTo(vector.encrypted() > 0);
        }
    }

    private DecryptedMessage decrypt(String name) {
        try (SharedSecretCache cache = new SharedSecretCache(10)) {
            return new Decryptor(vectors.crypto(), codec, vectors.keys(), cache).decrypt(TestVectors.message(name));
        }
    }

    @Test
    void readsTheRegistersOfAProtectedRead() {
        DlmsData plain = decrypt("dlms-response-ecs17b").parts().get(0).data().orElseThrow();
        assertThat(plain.at(0).asLong()).isEqualTo(305_419_896);
        assertThat(plain.at(2).asLong()).isEqualTo(4660);
        assertThat(plain.at(3, 1)).isEqualTo(DlmsData.enumeration(32));
    }

    @Test
    void decryptsWhatWasEncryptedForTheSupplementaryParty() {
        DecryptedMessage clear = decrypt("dlms-response-ecs21b-other-party");
        assertThat(clear.message().header().supplement()).isEqualTo(Supplement.of(TestVectors.OTHER, 1, 77));
        assertThat(clear.parts().get(0).data().orElseThrow().at(0, 1).asLong()).isEqualTo(0xA1B2);
    }

    @Test
    void readsAnEncryptedGasRegister() {
        DecryptedMessage clear = decrypt("gbz-response-gcs13a");
        GbzPayload.Component component =
                ((GbzPayload.Components) clear.message().payload()).components().get(0);
        assertThat(ZclFields.load()
                        .attributes(
                                component.cluster(),
                                clear.zclPayload(component, 0).orElseThrow()))
                .singleElement()
                .satisfies(a -> {
                    assertThat(a.name()).isEqualTo("currentSummationDelivered");
                    assertThat(a.number()).isEqualTo(1_234_567);
                });
    }

    @Test
    void readsAnEncryptedSnapshotAlert() {
        DecryptedMessage clear = decrypt("gbz-alert-gcs53");
        GbzPayload.Alert alert = (GbzPayload.Alert) clear.message().payload();
        assertThat(alert.alertCode()).isEqualTo(0x8F0A);
        GbzPayload.Component component = alert.components().get(0);
        List<ZclFields.Field> fields = ZclFields.load()
                .fields(
                        component.cluster(),
                        component.frame(),
                        clear.zclPayload(component, 0).orElseThrow());
        assertThat(fields)
                .filteredOn(f -> f.name().equals("currentSummationDelivered"))
                .singleElement()
                .satisfies(f -> assertThat(f.number()).isEqualTo(123_456_789));
        assertThat(fields)
                .filteredOn(f -> f.name().equals("tariffTouRegister"))
                .extracting(ZclFields.Field::number)
                .containsExactly(1L, 2L);
        assertThat(fields)
                .filteredOn(f -> f.name().equals("tariffBlockCounter"))
                .extracting(ZclFields.Field::number)
                .containsExactly(3L);
    }

    @Test
    void readsEveryDataType() {
        DlmsPayload.AccessResponse response = (DlmsPayload.AccessResponse)
                TestVectors.message("dlms-response-types").payload();
        DlmsData all = response.items().get(0).data();
        assertThat(all.at(0)).isEqualTo(DlmsData.bool(true));
        assertThat(((DlmsData.BitString) all.at(2)).bits()).isEqualTo(12);
        assertThat(List.of(
                        all.at(3).asLong(),
                        all.at(4).asLong(),
                        all.at(5).asLong(),
                        all.at(6).asLong()))
                .containsExactly(-2L, -128L, -32768L, -3L);
        assertThat(Long.toUnsignedString(all.at(7).asLong())).isEqualTo("18446744073709551615");
        assertThat(((DlmsData.Octets) all.at(9)).text()).isEqualTo("\u00A3");
        assertThat(all.at(15).elements()).hasSize(2);
        assertThat(((DlmsData.CompactArray) all.at(15)).elements().get(1))
                .isEqualTo(DlmsData.structure(DlmsData.u32(0x1C374A81), DlmsData.u16(2)));
    }

    @Test
    void knowsTheFromDateOfAComponent() {
        List<GbzPayload.Component> components = ((GbzPayload.Components)
                        TestVectors.message("gbz-command-from-date").payload())
                .components();
        assertThat(components.get(0).fromDate()).hasValue(0x1C374A80L);
        assertThat(components.get(1).fromDate()).isEmpty();
    }

    @Test
    void preservesTheLongLengthsOfDevicesAndRefusesThemInCommands() {
        GbcsMessage response = TestVectors.message("asn1-response-cs02b-wide");
        DerNode root = ((Asn1Payload) response.payload()).root();
        assertThat(root)
                .isInstanceOfSatisfying(
                        DerNode.Constructed.class, c -> assertThat(c.wide()).isTrue());
        GbcsMessage command = GbcsMessage.preCommand(
                GroupingHeader.command(1, TestVectors.SUPPLIER, TestVectors.ESME, 0x0102), response.payload());
        byte[] wide = command.encoded().toArray();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> codec.decode(wide))
                .isInstanceOfSatisfying(
                        GbcsRefusal.class, e -> assertThat(e.offset()).isEqualTo(command.contentOffset() + 1));
    }
}
