package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertificateEncodingException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Building messages, as a simulator or the Transform does. */
class GbcsMessageTest {

    private static final GroupingHeader HEADER =
            GroupingHeader.command(1001, TestVectors.SUPPLIER, TestVectors.ESME, 0x004B);
    private static final Payload PAYLOAD = DlmsPayload.AccessRequest.of(
            1001, List.of(DlmsPayload.RequestItem.set(1, "0-0:94.44.0.1", 2, DlmsData.u16(900))));
    private final GbcsCodec codec = new GbcsCodec();
    private final TestVectors vectors = TestVectors.open();

    @Test
    void buildsTheHandWrittenPreCommand() {
        GbcsMessage built = GbcsMessage.preCommand(HEADER, PAYLOAD);
        assertThat(built).isEqualTo(TestVectors.message("dlms-precommand-ecs38"));
        assertThat(built.kind()).isEqualTo(MessageKind.PRECOMMAND);
        assertThat(built.signatureState()).isEqualTo(GbcsMessage.SignatureState.NO_FIELD);
        assertThat(built.toBeSigned()).isEqualTo(built.encoded().from(1));
    }

    @Test
    void signsAndWrapsWhatThenAuthenticates() {
        GbcsMessage preCommand = GbcsMessage.preCommand(HEADER, PAYLOAD);
        byte[] signature = vectors.crypto()
                .sign(
                        vectors.keys()
                                .privateKey(TestVectors.SUPPLIER, KeyUse.DIGITAL_SIGNATURE)
                                .orElseThrow(),
                        preCommand.toBeSigned());
        GbcsMessage signed = preCommand.signed(signature);
        byte[] z = vectors.keys()
                .agree(
                        TestVectors.ACB,
                        KeyUse.KEY_AGREEMENT,
                        vectors.keys()
                                .certificate(TestVectors.ESME, KeyUse.KEY_AGREEMENT)
                                .orElseThrow())
                .orElseThrow();
        GbcsMessage command = signed.wrapped(vectors.crypto().mac(z, signed));
        assertThat(command.kind()).isEqualTo(MessageKind.COMMAND);
        assertThat(command.inner()).isEqualTo(signed.encoded());
        assertThat(command.asPreCommand()).isEqualTo(preCommand);
        assertThat(command.unwrapped()).isEqualTo(signed);
        assertThat(codec.decode(codec.encode(command))).isEqualTo(command);
        try (SharedSecretCache cache = new SharedSecretCache(1)) {
            assertThat(vectors.authenticator(cache).authenticate(command).proven())
                    .isTrue();
        }
    }

    /** The same MAC can be computed twice, which the JDK refuses for the same instance of a cipher. */
    @Test
    void macsTheSameMessageTwice() {
        GbcsMessage message = TestVectors.message("dlms-response-ecs17b");
        byte[] z = vectors.keys()
                .agree(
                        TestVectors.SUPPLIER,
                        KeyUse.KEY_AGREEMENT,
                        vectors.keys()
                                .certificate(TestVectors.ESME, KeyUse.KEY_AGREEMENT)
                                .orElseThrow())
                .orElseThrow();
        assertThat(vectors.crypto().mac(z, message))
                .isEqualTo(vectors.crypto().mac(z, message))
                .isEqualTo(message.mac().orElseThrow().toArray());
        assertThat(vectors.crypto().macMatches(z, message)).isTrue();
    }

    @Test
    void containsTheCertificateOfAnotherParty() throws CertificateEncodingException {
        Bytes certificate = Bytes.of(vectors.keys()
                .certificate(TestVectors.OTHER, KeyUse.KEY_AGREEMENT)
                .orElseThrow()
                .getEncoded());
        GbcsMessage built = GbcsMessage.unsigned(
                        HEADER.withSupplement(Supplement.of(TestVectors.OTHER, 5, certificate)), PAYLOAD)
                .wrapped(new byte[12]);
        GbcsMessage read = codec.decode(built.encoded().toArray());
        assertThat(read.header().supplement().certificate()).contains(certificate);
        assertThat(read.header().supplementaryParty()).contains(TestVectors.OTHER);
        assertThat(read.header().supplementaryCounter()).hasValue(5);
    }

    @Test
    void answersItsCommandAndAlertsWithATime() {
        GroupingHeader answer = HEADER.withSupplement(Supplement.of(TestVectors.OTHER, 7))
                .response()
                .withDateTime(DlmsDateTime.of(java.time.Instant.parse("2026-11-23T12:34:56Z"), true)
                        .withClockStatus(0));
        GbcsMessage response = GbcsMessage.unsigned(answer, DlmsPayload.AccessResponse.of(1001, List.of()))
                .wrapped(new byte[12]);
        GbcsMessage read = codec.decode(response.encoded().toArray());
        assertThat(read.kind()).isEqualTo(MessageKind.RESPONSE);
        assertThat(read.header()).isEqualTo(answer);
        assertThat(read.header().originator()).isEqualTo(TestVectors.ESME);
        assertThat(read.header().dateTime().orElseThrow().instant())
                .contains(java.time.Instant.parse("2026-11-23T12:34:56Z"));
        assertThat(read.header().dateTime().orElseThrow().dayOfWeek()).isEqualTo(1);
        GbcsMessage alert = GbcsMessage.unsigned(
                        GroupingHeader.alert(9, TestVectors.ESME, TestVectors.SUPPLIER, 0x1001),
                        DlmsPayload.DataNotification.of(9, 0x8002, DlmsDateTime.IMMEDIATE, List.of(DlmsData.u8(1))))
                .wrapped(new byte[12]);
        DlmsPayload.DataNotification seen = (DlmsPayload.DataNotification)
                codec.decode(alert.encoded().toArray()).payload();
        assertThat(seen.alertCode()).isEqualTo(0x8002);
        assertThat(seen.time()).isEqualTo(DlmsDateTime.IMMEDIATE);
        assertThat(seen.more()).containsExactly(DlmsData.u8(1));
    }

    @Test
    void setsTheLastComponentBitOnlyOnTheLastComponent() {
        ZclFields zcl = ZclFields.load();
        GbzPayload.ZclFrame frame = new GbzPayload.ZclFrame(0x01, 0, 0x09);
        Bytes level = zcl.payload(0x0705, frame, List.of(ZclFields.number("lowCreditWarningLevel", 2000)));
        GbzPayload.ZclFrame cap = new GbzPayload.ZclFrame(0x01, 1, 0x0C);
        Bytes capPayload = zcl.payload(
                0x0705,
                cap,
                List.of(
                        ZclFields.number("providerId", 0),
                        ZclFields.number("issuerEventId", 0x1C374A80),
                        ZclFields.number("implementationDateTime", 0),
                        ZclFields.number("overallDebtCap", 100_000)));
        GbzPayload.Components components = GbzPayload.components(List.of(
                GbzPayload.Component.from(0x1C374A80, 0x0705, frame, level),
                GbzPayload.Component.of(0x0705, cap, capPayload)));
        assertThat(components)
                .isEqualTo(TestVectors.message("gbz-command-from-date").payload());
        assertThatThrownBy(() -> zcl.payload(0x0705, frame, List.of(ZclFields.number("other", 1))))
                .hasMessageContaining("PST-3022");
        assertThatThrownBy(
                        () -> zcl.payload(0x0705, frame, List.of(ZclFields.number("lowCreditWarningLevel", 1L << 32))))
                .hasMessageContaining("PST-3022");
        assertThatThrownBy(() -> zcl.fields(0x0705, frame, Bytes.ofHex("0000"))).hasMessageContaining("PST-3020");
        assertThatThrownBy(() -> zcl.fields(0x0999, frame, level)).hasMessageContaining("PST-3021");
    }

    @Test
    void itsTextFormContainsNoSecretsOrPayloads() {
        GbcsMessage message = TestVectors.message("dlms-response-ecs17b");
        assertThat(message.toString()).isEqualTo("RESPONSE 0027 0A22000000000001>0A11000000000001 #1005");
        assertThat(message.content().toString()).isEqualTo(message.content().length() + " bytes");
    }

    @Test
    void refusesToBuildMessagesThatCouldNotBeDecoded() {
        GbcsMessage preCommand = GbcsMessage.preCommand(HEADER, PAYLOAD);
        assertThatThrownBy(() -> preCommand.wrapped(new byte[12])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> preCommand.signed(new byte[63])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GbcsMessage.preCommand(HEADER.response(), PAYLOAD))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DlmsData.u8(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DlmsData.i16(32768)).isInstanceOf(IllegalArgumentException.class);
    }
}
