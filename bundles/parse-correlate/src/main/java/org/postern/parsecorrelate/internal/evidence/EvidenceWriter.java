package org.postern.parsecorrelate.internal.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Sha256;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.ComparedField;
import org.postern.parsecorrelate.Difference;
import org.postern.parsecorrelate.EvidenceFile;

/** Writes evidence as JSON with the members in a fixed order, so that the same evidence always gives the same bytes. */
public final class EvidenceWriter {

    private static final JsonFactory FACTORY = new JsonFactory();

    private EvidenceWriter() {}

    /** Writes a part of the JSON document. */
    private interface Part {
        void to(JsonGenerator json) throws IOException;
    }

    private static byte[] bytes(Part part) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            part.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static byte[] write(EvidenceFile file) {
        String digest = digest(file);
        return bytes(json -> {
            json.useDefaultPrettyPrinter();
            all(json, file, digest);
        });
    }

    public static String digest(EvidenceFile file) {
        return Sha256.hex(bytes(json -> all(json, file, null)));
    }

    public static String rows(List<Map<String, String>> rows) {
        return new String(bytes(json -> rows(json, rows)), StandardCharsets.UTF_8);
    }

    private static void all(JsonGenerator json, EvidenceFile file, @Nullable String digest) throws IOException {
        json.writeStartObject();
        json.writeStringField("format", EvidenceFile.FORMAT);
        json.writeStringField("id", file.id());
        json.writeStringField("requestId", file.requestId());
        json.writeStringField("service", file.service());
        json.writeStringField("verdict", file.verdict());
        json.writeStringField("ruleVersion", file.ruleVersion());
        json.writeStringField("useCase", file.useCase());
        json.writeFieldName("device");
        device(json, file.device());
        json.writeStringField("exchangedAt", time(file.exchangedAt()));
        json.writeNumberField("toleranceSeconds", file.tolerance().toSeconds());
        json.writeStringField("request", base64(file.request()));
        json.writeStringField("requestSha256", file.requestSha256());
        json.writeStringField("preCommand", base64(file.preCommand()));
        json.writeStringField("preCommandSha256", file.preCommandSha256());
        json.writeFieldName("excused");
        rows(json, file.excused());
        json.writeFieldName("differences");
        rows(json, file.differences());
        json.writeFieldName("signing");
        if (file.signing().isEmpty()) {
            json.writeNull();
        } else {
            signing(json, file.signing().get());
        }
        if (digest != null) {
            json.writeStringField("digest", digest);
        }
        json.writeEndObject();
    }

    private static void device(JsonGenerator json, DeviceFacts device) throws IOException {
        json.writeStartObject();
        json.writeStringField("deviceId", device.deviceId().hex());
        json.writeStringField("deviceType", device.deviceType().map(Enum::name).orElse(""));
        json.writeStringField("variant", device.variant().name());
        json.writeObjectFieldStart("attributes");
        for (Map.Entry<String, String> attribute : new TreeMap<>(device.attributes()).entrySet()) {
            json.writeStringField(attribute.getKey(), attribute.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void signing(JsonGenerator json, EvidenceFile.Signing signing) throws IOException {
        json.writeStartObject();
        json.writeStringField("signature", base64(signing.signature()));
        json.writeStringField("keyAlias", signing.keyAlias());
        json.writeStringField("issuer", signing.issuer());
        json.writeStringField("serial", signing.serial());
        json.writeStringField("certificate", base64(signing.certificate()));
        json.writeStringField("proofConsumedAt", time(signing.proofConsumedAt()));
        json.writeEndObject();
    }

    private static void rows(JsonGenerator json, List<Map<String, String>> rows) throws IOException {
        json.writeStartArray();
        for (Map<String, String> row : rows) {
            json.writeStartObject();
            for (Map.Entry<String, String> member : row.entrySet()) {
                json.writeStringField(member.getKey(), member.getValue());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    public static Map<String, String> excused(ComparedField field, Instant exchangedAt) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("path", field.path());
        row.put("position", field.position());
        row.put("value", field.got());
        field.time().ifPresent(time -> {
            row.put("time", time.toString());
            row.put(
                    "secondsFromExchange",
                    Long.toString(Duration.between(exchangedAt.truncatedTo(ChronoUnit.SECONDS), time)
                            .toSeconds()));
        });
        row.put("rule", field.rule());
        return row;
    }

    public static Map<String, String> difference(Difference difference) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("path", difference.path());
        row.put("expected", difference.expected());
        row.put("got", difference.got());
        row.put("rule", difference.rule());
        return row;
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
