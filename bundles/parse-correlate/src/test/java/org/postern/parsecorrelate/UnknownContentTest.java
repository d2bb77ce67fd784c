package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.Deviation;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.OpaquePayload;
import org.postern.gbcs.Supplement;
import org.postern.gbcs.Verdict;

/**
 * Messages with an unknown code and content of no known payload family: their MAC or signature is checked as for any
 * message.
 */
class UnknownContentTest {

    private static final int UNKNOWN = 0x7ABC;
    private static final Bytes CONTENT = Bytes.ofHex("4711C0FFEE00FF");

    private final OwnMessages own = new OwnMessages();

    private byte[] signed(GroupingHeader header, Bytes content) {
        GbcsMessage bare = GbcsMessage.unsigned(header, new OpaquePayload(content));
        return bare.signed(own.crypto()
                        .sign(
                                own.keys()
                                        .privateKey(header.originator(), KeyUse.DIGITAL_SIGNATURE)
                                        .orElseThrow(),
                                bare.toBeSigned()))
                .encoded()
                .toArray();
    }

    private static GroupingHeader alert(int code) {
        return new GroupingHeader(
                3, 77, OwnMessages.ESME, OwnMessages.SUPPLIER, Optional.empty(), code, Supplement.NONE);
    }

    // no family; content that begins like DLMS, GBZ and DER but is not; no content
    @ParameterizedTest
    @ValueSource(
            strings = {"4711C0FFEE00FF", "DA", "DA2000000009FF", "0109FFFFFF", "0F20", "3082FFFF00", "30", "00", ""})
    void aResponseIsProvenByItsMacAndDeliveredUnchanged(String content) {
        byte[] message = own.wrapped(
                OwnMessages.response(UNKNOWN, OwnMessages.ESME, OwnMessages.SUPPLIER, 9),
                new OpaquePayload(Bytes.ofHex(content)));
        ParsedMessage parsed = own.parser().parse(message);
        assertThat(parsed.ok()).as(parsed.reason()).isTrue();
        assertThat(parsed.proven()).isTrue();
        assertThat(parsed.mac().verdict()).isEqualTo(Verdict.VALID);
        assertThat(parsed.success()).isEmpty();
        assertThat(parsed.mmc()).isEmpty();
        assertThat(parsed.deviations()).extracting(Deviation::kind).containsExactly(Deviation.Kind.UNKNOWN);
        assertThat(parsed.reason())
                .contains("message code 7ABC is not known")
                .contains("the protection that this message code requires is not known");
        GbcsMessage read = parsed.message().orElseThrow();
        assertThat(read.header().counter()).isEqualTo(9);
        assertThat(read.encoded().toArray()).isEqualTo(message);
        assertThat(own.codec().encode(read)).isEqualTo(message);
    }

    @Test
    void aResponseIsProvenByItsSignatureToo() {
        ParsedMessage parsed = own.parser()
                .parse(signed(OwnMessages.response(UNKNOWN, OwnMessages.ESME, OwnMessages.SUPPLIER, 9), CONTENT));
        assertThat(parsed.proven()).as(parsed.reason()).isTrue();
        assertThat(parsed.signature().verdict()).isEqualTo(Verdict.VALID);
        assertThat(parsed.success()).isEmpty();
    }

    @Test
    void anAlertIsProvenAndItsMessageIsComplete() {
        byte[] message = signed(alert(UNKNOWN), CONTENT);
        ParsedMessage parsed = own.parser().parse(message);
        assertThat(parsed.proven()).as(parsed.reason()).isTrue();
        assertThat(parsed.flag()).contains("7ABC");
        assertThat(parsed.mmc()
                        .orElseThrow()
                        .root()
                        .find("Body/DeviceAlertMessage/GBCSData")
                        .orElseThrow()
                        .text())
                .isEqualTo(java.util.Base64.getEncoder().encodeToString(message));
    }

    @Test
    void aMessageOfAnotherPartyIsRefusedWithTheFailedCheck() {
        byte[] message = signed(alert(UNKNOWN), CONTENT);
        message[message.length - 1] ^= 1;
        ParsedMessage parsed = own.parser().parse(message);
        assertThat(parsed.ok()).isFalse();
        assertThat(parsed.fault().orElseThrow().code()).isEqualTo("PST-4010");
        assertThat(parsed.signature().verdict()).isEqualTo(Verdict.INVALID);
        assertThat(parsed.message()).isPresent();
    }

    @Test
    void contentThatAKnownCodeCannotHaveIsRefused() {
        ParsedMessage parsed = own.parser()
                .parse(own.wrapped(
                        OwnMessages.response(0x0069, OwnMessages.ESME, OwnMessages.SUPPLIER, 9),
                        new OpaquePayload(CONTENT)));
        assertThat(parsed.ok()).isFalse();
        assertThat(parsed.fault().orElseThrow().code()).startsWith("PST-300");
    }

    @Test
    void aMessageThatIsCutIsRefused() {
        byte[] message = signed(alert(UNKNOWN), CONTENT);
        for (int length = 0; length < message.length; length++) {
            assertThat(own.parser().parse(Arrays.copyOf(message, length)).ok())
                    .as("%d bytes", length)
                    .isFalse();
        }
    }

    @Test
    void anyContentIsReadAndNoChangeOfItIsProven() {
        SplittableRandom random = new SplittableRandom(20261128);
        for (int i = 0; i < 500; i++) {
            byte[] content = new byte[random.nextInt(300)];
            random.nextBytes(content);
            byte[] message = signed(alert(0x7000 + random.nextInt(0xFFF)), Bytes.of(content));
            assertThat(own.parser().parse(message).proven())
                    .as(Bytes.of(content).hex())
                    .isTrue();
            message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(own.parser().parse(message).proven())
                    .as(Bytes.of(message).hex())
                    .isFalse();
        }
    }
}
