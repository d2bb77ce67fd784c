package org.postern.securitylogging.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Sha256;
import org.postern.securitylogging.LoggedEvent;

/**
 * The format of a record on disk: 64 hex digits of its hash, a blank, one JSON object in ASCII, a line feed. The hash
 * is SHA-256 over the hash of the record before it (32 bytes; zero bytes before the first record) and the bytes of the
 * JSON object.
 *
 * <p>The JSON has the interface of the event twice: as {@code channel}, and under its former name {@code door}. A
 * verifier of an earlier release requires {@code door} and ignores members that it does not know; this one reads
 * either. The hash covers the bytes as they are, so the additional member does not affect verification in either
 * direction.
 */
public final class Records {

    /** Hash that precedes the first record. */
    static final byte[] GENESIS = new byte[32];

    /** Id of the record that opens a segment. */
    public static final String OPENED = "SL-001";

    /** Id of the record that seals a segment. */
    public static final String SEALED = "SL-009";

    /** Id of the record that reports missing records. */
    static final String MISSING = "SL-003";

    /** Length of the hash in hex digits and of the blank after it. */
    static final int PREFIX = 65;

    private static final int TEXT_LIMIT = 500;
    private static final JsonFactory JSON =
            new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Records() {}

    static byte[] link(byte[] previous, byte[] json, int offset, int length) {
        MessageDigest digest = Sha256.start();
        digest.update(previous);
        digest.update(json, offset, length);
        return digest.digest();
    }

    /** The JSON of one record. */
    static byte[] json(
            long number,
            Instant at,
            String id,
            String actor,
            String channel,
            String object,
            String outcome,
            Map<String, ? extends CharSequence> details) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(400);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("n", number);
            json.writeStringField("at", at.toString());
            json.writeStringField("id", id);
            json.writeStringField("actor", clean(actor));
            json.writeStringField("channel", clean(channel));
            json.writeStringField("door", clean(channel));
            json.writeStringField("object", clean(object));
            json.writeStringField("outcome", outcome);
            json.writeObjectFieldStart("details");
            for (Map.Entry<String, ? extends CharSequence> member : details.entrySet()) {
                json.writeStringField(clean(member.getKey()), clean(member.getValue()));
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    // characters that could start a new line, control a terminal or hide text: JSON escapes them, but they would take
    // effect when the text is displayed
    static String clean(CharSequence text) {
        if (text == null) {
            return "";
        }
        String shown = text.toString();
        if (plain(shown)) {
            return shown;
        }
        StringBuilder clean = new StringBuilder(Math.min(shown.length(), TEXT_LIMIT));
        for (int i = 0; i < shown.length(); i++) {
            if (clean.length() >= TEXT_LIMIT) {
                return clean.append("...").toString();
            }
            char c = shown.charAt(i);
            int type = Character.getType(c);
            boolean bad = Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE
                    || type == Character.PRIVATE_USE
                    || type == Character.UNASSIGNED;
            clean.append(bad ? '?' : c);
        }
        return clean.toString();
    }

    /** True for a short text of printable ASCII characters, which needs no replacement. */
    private static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return text.length() <= TEXT_LIMIT;
    }

    static byte[] line(byte[] link, byte[] json) {
        byte[] line = new byte[PREFIX + json.length + 1];
        byte[] hex = HexFormat.of().formatHex(link).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(hex, 0, line, 0, hex.length);
        line[PREFIX - 1] = ' ';
        System.arraycopy(json, 0, line, PREFIX, json.length);
        line[line.length - 1] = '\n';
        return line;
    }

    /** Reads a line without its line feed; the hash is not checked. Null where the line is not a valid record. */
    static @Nullable LoggedEvent parse(byte[] line) {
        if (line.length <= PREFIX || line[PREFIX - 1] != ' ') {
            return null;
        }
        String hash = new String(line, 0, PREFIX - 1, StandardCharsets.US_ASCII);
        try (JsonParser json = JSON.createParser(line, PREFIX, line.length - PREFIX)) {
            Map<String, String> members = new LinkedHashMap<>();
            Map<String, String> details = new LinkedHashMap<>();
            if (!hash.matches("[0-9a-f]{64}") || json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            Map<String, String> into = members;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    into = details;
                } else if (token == JsonToken.END_OBJECT) {
                    into = members;
                } else if (token == JsonToken.START_ARRAY) {
                    // no record has an array; its elements have no name
                    return null;
                } else if (token != JsonToken.FIELD_NAME) {
                    into.put(json.currentName(), json.getText());
                }
            }
            String channel = members.getOrDefault("channel", members.get("door"));
            if (!members.keySet().containsAll(java.util.List.of("n", "at", "id", "actor", "object", "outcome"))
                    || channel == null) {
                return null;
            }
            return new LoggedEvent(
                    Long.parseLong(member(members, "n")),
                    Instant.parse(member(members, "at")),
                    member(members, "id"),
                    member(members, "actor"),
                    channel,
                    member(members, "object"),
                    member(members, "outcome"),
                    details,
                    hash);
        } catch (IOException | NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    private static String member(Map<String, String> members, String name) {
        return Objects.requireNonNull(members.get(name), name);
    }
}
