package org.postern.parsecorrelate.internal.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.EvidenceFile;
import org.postern.parsecorrelate.ParseCorrelateFault;

/**
 * Reads evidence strictly: the file must have exactly the members of the format, each with the type that the format
 * defines.
 */
public final class EvidenceReader {

    private static final int MAX_TEXT_LENGTH = 40_000_000;
    private static final int MAX_DEPTH = 6;
    private static final Set<String> MEMBERS = Set.of(
            "format",
            "id",
            "requestId",
            "service",
            "verdict",
            "ruleVersion",
            "useCase",
            "device",
            "exchangedAt",
            "toleranceSeconds",
            "request",
            "requestSha256",
            "preCommand",
            "preCommandSha256",
            "excused",
            "differences",
            "signing",
            "digest");
    private static final Set<String> SIGNING =
            Set.of("signature", "keyAlias", "issuer", "serial", "certificate", "proofConsumedAt");
    private static final Set<String> DEVICE = Set.of("deviceId", "deviceType", "variant", "attributes");
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT_LENGTH)
                    .build())
            .build();

    private EvidenceReader() {}

    public static EvidenceFile read(byte[] json) {
        Map<String, Object> members = object("evidence", tree(json), MEMBERS);
        if (!EvidenceFile.FORMAT.equals(members.get("format"))) {
            throw bad("format", EvidenceFile.FORMAT, "another format, or none");
        }
        Object signing = members.get("signing");
        return new EvidenceFile(
                text(members, "id"),
                text(members, "requestId"),
                text(members, "service"),
                text(members, "verdict"),
                text(members, "ruleVersion"),
                text(members, "useCase"),
                device("device", members.get("device")),
                time(members, "exchangedAt"),
                Duration.ofSeconds(number(members, "toleranceSeconds")),
                base64(members, "request"),
                text(members, "requestSha256"),
                base64(members, "preCommand"),
                text(members, "preCommandSha256"),
                rows("excused", members.get("excused")),
                rows("differences", members.get("differences")),
                signing == null ? Optional.empty() : Optional.of(signing(signing)),
                Optional.of(text(members, "digest")));
    }

    public static List<Map<String, String>> rows(String json) {
        return rows("rows", tree(json.getBytes(StandardCharsets.UTF_8)));
    }

    public static DeviceFacts device(String json) {
        return device("device", tree(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static EvidenceFile.Signing signing(Object value) {
        Map<String, Object> members = object("signing", value, SIGNING);
        return new EvidenceFile.Signing(
                base64(members, "signature"),
                text(members, "keyAlias"),
                text(members, "issuer"),
                text(members, "serial"),
                base64(members, "certificate"),
                time(members, "proofConsumedAt"));
    }

    private static DeviceFacts device(String field, @Nullable Object value) {
        Map<String, Object> members = object(field, value, DEVICE);
        Map<String, String> attributes = row(field + "/attributes", members.get("attributes"));
        String type = text(members, "deviceType");
        try {
            return new DeviceFacts(
                    Eui64.parse(text(members, "deviceId")),
                    type.isEmpty() ? Optional.empty() : Optional.of(DeviceType.valueOf(type)),
                    DeviceFacts.Variant.valueOf(text(members, "variant")),
                    attributes);
        } catch (IllegalArgumentException e) {
            throw bad(field, "a device id, a device type of DUIS and a variant", "something else");
        }
    }

    private static List<Map<String, String>> rows(String field, @Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            throw bad(field, "an array", "something else, or nothing");
        }
        List<Map<String, String>> rows = new ArrayList<>();
        list.forEach(element -> rows.add(row(field, element)));
        return rows;
    }

    private static Map<String, String> row(String field, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw bad(field, "an object of texts", "something else, or nothing");
        }
        Map<String, String> row = new LinkedHashMap<>();
        map.forEach((name, member) -> {
            if (!(member instanceof String text)) {
                throw bad(field + "/" + name, "a text", "something else");
            }
            row.put((String) name, text);
        });
        return row;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String field, @Nullable Object value, Set<String> names) {
        if (!(value instanceof Map<?, ?> map)) {
            throw bad(field, "an object", "something else, or nothing");
        }
        if (!map.keySet().equals(names)) {
            throw bad(
                    field,
                    "the members " + names.stream().sorted().toList() + " and no other",
                    "others: " + map.keySet().stream().sorted().toList());
        }
        return (Map<String, Object>) map;
    }

    private static String text(Map<String, Object> members, String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw bad(name, "a text", "something else");
    }

    private static long number(Map<String, Object> members, String name) {
        if (members.get(name) instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return number;
        }
        throw bad(name, "a number of seconds", "something else");
    }

    private static Instant time(Map<String, Object> members, String name) {
        try {
            return Instant.parse(text(members, name));
        } catch (DateTimeException e) {
            throw bad(name, "a time such as 2026-11-26T09:00:00Z", "something else");
        }
    }

    private static byte[] base64(Map<String, Object> members, String name) {
        try {
            return Base64.getDecoder().decode(text(members, name));
        } catch (IllegalArgumentException e) {
            throw bad(name, "base64", "something else");
        }
    }

    private static @Nullable Object tree(byte[] json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            Object tree = value(parser);
            if (parser.nextToken() != null) {
                throw bad("evidence", "one JSON value", "more follows it");
            }
            return tree;
        } catch (IOException e) {
            throw bad("evidence", "JSON", "something else: " + e.getClass().getSimpleName());
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> members = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, value(parser));
            }
            return members;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser));
            }
            return elements;
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        throw bad("evidence", "objects, arrays, texts and whole numbers", token == null ? "nothing" : "something else");
    }

    private static PosternException bad(String field, String rule, String cause) {
        return new PosternException(ParseCorrelateFault.EVIDENCE_UNREADABLE.fault(field, rule, cause));
    }
}
