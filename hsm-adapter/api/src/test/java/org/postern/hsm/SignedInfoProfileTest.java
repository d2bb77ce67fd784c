package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedInfoProfileTest {

    private static final String DIGEST = Base64.getEncoder().encodeToString(new byte[32]);

    static byte[] signedInfo(String prefix) {
        return signedInfo(prefix, DIGEST).getBytes(StandardCharsets.UTF_8);
    }

    private static String signedInfo(String prefix, String digest) {
        String p = prefix.isEmpty() ? "" : prefix + ":";
        String x = prefix.isEmpty() ? "" : ":" + prefix;
        return ("<%SignedInfo xmlns" + x + "=\"http://www.w3.org/2000/09/xmldsig#\">"
                        + "<%CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">"
                        + "</%CanonicalizationMethod>"
                        + "<%SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\">"
                        + "</%SignatureMethod><%Reference URI=\"\"><%Transforms>"
                        + "<%Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\">"
                        + "</%Transform>"
                        + "</%Transforms><%DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">"
                        + "</%DigestMethod><%DigestValue>" + digest
                        + "</%DigestValue></%Reference></%SignedInfo>")
                .replace("%", p);
    }

    private static boolean matches(String text) {
        return SignedInfoProfile.matches(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ds", "dsig", "a", "z", "A", "Z", "d0", "d9", "none", "abcdefghijklmnop"})
    void anyShortPrefixOfLettersAndDigitsIsAccepted(String prefix) {
        assertThat(SignedInfoProfile.matches(signedInfo(prefix))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "9a",
                "d-s",
                "d s",
                "d/",
                "d:",
                "d@",
                "d[",
                "d`",
                "d{",
                "@",
                "[",
                "`",
                "{",
                "dé",
                "abcdefghijklmnopq"
            })
    void anyOtherPrefixIsRefused(String prefix) {
        assertThat(SignedInfoProfile.matches(signedInfo(prefix))).isFalse();
    }

    @Test
    void aPrefixIsTheSameThroughout() {
        assertThat(matches(signedInfo("ds", DIGEST).replaceFirst("<ds:", "<dt:")))
                .isFalse();
    }

    @Test
    void noByteOutsideTheDigestMayDiffer() {
        for (String prefix : new String[] {"", "ds", "dsig"}) {
            byte[] good = signedInfo(prefix);
            int digest = new String(good, StandardCharsets.US_ASCII).indexOf(DIGEST);
            for (int i = 0; i < good.length; i++) {
                if (i < digest || i >= digest + DIGEST.length()) {
                    byte[] changed = good.clone();
                    changed[i] ^= 2;
                    assertThat(SignedInfoProfile.matches(changed))
                            .as("byte " + i)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void nothingMayBeAddedOrMissing() {
        byte[] good = signedInfo("ds");
        assertThat(SignedInfoProfile.matches(null)).isFalse();
        assertThat(SignedInfoProfile.matches(new byte[0])).isFalse();
        assertThat(SignedInfoProfile.matches(new byte[] {'<'})).isFalse();
        assertThat(SignedInfoProfile.matches(Arrays.copyOf(good, good.length - 1)))
                .isFalse();
        assertThat(SignedInfoProfile.matches(Arrays.copyOf(good, good.length + 1)))
                .isFalse();
        assertThat(matches(signedInfo("ds", DIGEST + "A"))).isFalse();
        assertThat(matches(signedInfo("ds", DIGEST.substring(1)))).isFalse();
    }

    @Test
    void theDigestIsBase64OfThirtyTwoBytes() {
        for (char right : "AZaz09+/".toCharArray()) {
            assertThat(matches(signedInfo("ds", String.valueOf(right).repeat(43) + "=")))
                    .isTrue();
        }
        for (char wrong : "@[`{:.,*-_= \n\0~".toCharArray()) {
            for (int place : new int[] {0, 1, 42}) {
                StringBuilder digest = new StringBuilder(DIGEST);
                digest.setCharAt(place, wrong);
                assertThat(matches(signedInfo("ds", digest.toString())))
                        .as("character " + (int) wrong + " at " + place)
                        .isFalse();
            }
        }
        assertThat(matches(signedInfo("ds", "A".repeat(44)))).isFalse();
    }
}
