package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpTokenTest {

    private final HttpToken token = new HttpToken("s3cret:t\u00f6ken");

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isAcceptedAsBearerAndAsPasswordOfAnyUser() {
        for (String right : List.of(
                "Bearer s3cret:t\u00f6ken",
                "bearer   s3cret:t\u00f6ken ",
                basic("anybody:s3cret:t\u00f6ken"),
                basic(":s3cret:t\u00f6ken"))) {
            assertThat(token.accepts(right)).as(right).isTrue();
        }
    }

    @Test
    void nothingElseIsAccepted() {
        for (String wrong : Arrays.asList(
                null,
                "",
                "Bearer",
                "Bearer ",
                "Bearer s3cret",
                "Bearer s3cret:t\u00f6ken2",
                "s3cret:t\u00f6ken",
                "Basic s3cret:t\u00f6ken",
                "Basic ====",
                basic("s3cret"),
                basic("anybody:S3cret:t\u00f6ken"),
                "Digest s3cret:t\u00f6ken")) {
            assertThat(token.accepts(wrong)).as(wrong).isFalse();
        }
    }
}
