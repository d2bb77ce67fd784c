package org.postern.securitylogging.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.securitylogging.LoggedEvent;

/** The format of a record, and lines that are refused. */
class RecordsTest {

    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final String HASH = "ab".repeat(32);
    private static final String JSON = "{\"n\":7,\"at\":\"2026-01-02T03:04:05Z\",\"id\":\"SL-206\",\"actor\":\"a\","
            + "\"channel\":\"http\",\"door\":\"http\",\"object\":\"o\",\"outcome\":\"DONE\","
            + "\"details\":{\"k\":\"v\",\"l\":\"w\"}}";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aRecordHasExactlyOneFormat() {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("k", "v");
        details.put("l", "w");
        byte[] json = Records.json(7, AT, "SL-206", "a", "http", "o", "DONE", details);
        assertThat(new String(json, StandardCharsets.US_ASCII)).isEqualTo(JSON);
        byte[] link = new byte[32];
        java.util.Arrays.fill(link, (byte) 0xAB);
        assertThat(new String(Records.line(link, json), StandardCharsets.US_ASCII))
                .isEqualTo(HASH + " " + JSON + "\n");
    }

    @Test
    void aRecordIsReadBack() {
        assertThat(Records.parse(bytes(HASH + " " + JSON)))
                .isEqualTo(
                        new LoggedEvent(7, AT, "SL-206", "a", "http", "o", "DONE", Map.of("k", "v", "l", "w"), HASH));
    }

    @Test
    void aMemberAfterTheDetailsIsAMemberOfTheRecord() {
        String json = JSON.replace("\"outcome\":\"DONE\",", "").replace("}}", "},\"outcome\":\"DONE\"}");
        assertThat(Records.parse(bytes(HASH + " " + json)).outcome()).isEqualTo("DONE");
    }

    @Test
    void linesThatAreNotRecordsAreRefused() {
        assertThat(Records.parse(bytes(HASH + " " + JSON))).isNotNull();
        for (String wrong : new String[] {
            "",
            HASH,
            HASH + " ",
            HASH + "\t" + JSON,
            HASH.toUpperCase(java.util.Locale.ROOT) + " " + JSON,
            "g" + HASH.substring(1) + " " + JSON,
            HASH + " [" + JSON + "]",
            HASH + " " + JSON.substring(0, JSON.length() - 1),
            HASH + " " + JSON.replace("\"v\"", "[\"v\"]"),
            HASH + " " + JSON.replace(":7", ":\"x\""),
            HASH + " " + JSON.replace("2026-01-02T", "2026-99-02T"),
            HASH + " " + JSON.replace("\"outcome\":\"DONE\",", ""),
            HASH + " " + JSON.replace("\"channel\":\"http\",\"door\":\"http\",", ""),
        }) {
            assertThat(Records.parse(bytes(wrong))).as(wrong).isNull();
        }
    }

    @Test
    void theHashCoversThePreviousHashAndEveryByteOfItsRange() {
        byte[] json = bytes("xx{abc}yy");
        byte[] link = Records.link(Records.GENESIS, json, 2, 5);
        assertThat(link).hasSize(32).isEqualTo(Records.link(Records.GENESIS, bytes("{abc}"), 0, 5));
        assertThat(Records.link(link, json, 2, 5)).isNotEqualTo(link);
        assertThat(Records.link(Records.GENESIS, bytes("{abd}"), 0, 5)).isNotEqualTo(link);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "~", "plain text", "Zoë", "ключ", "\uFFFD"})
    void printableTextIsNotChanged(String text) {
        assertThat(Records.clean(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n", "\r", "\t", "\0", "\u001F", "\u007F", "\u0085", "\u00AD", "\u202E", "\u2028", "\u2029", "\uD800",
                "\uE000", "\uFFFE"
            })
    void charactersThatCouldStartALineOrHideTextAreReplaced(String text) {
        assertThat(Records.clean("a" + text + "b")).isEqualTo("a?b");
    }

    @Test
    void aTextIsTruncatedAfterFiveHundredCharacters() {
        assertThat(Records.clean("x".repeat(500))).isEqualTo("x".repeat(500));
        assertThat(Records.clean("x".repeat(501))).isEqualTo("x".repeat(500) + "...");
        assertThat(Records.clean("é".repeat(500))).isEqualTo("é".repeat(500));
        assertThat(Records.clean("é".repeat(501))).isEqualTo("é".repeat(500) + "...");
        assertThat(Records.clean(null)).isEmpty();
    }
}
