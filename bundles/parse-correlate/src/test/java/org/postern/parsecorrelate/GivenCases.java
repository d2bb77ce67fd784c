package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.catalogue.DeviceType;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.internal.correlate.MessageCertificates;
import org.postern.testkit.Rtds;

/** The requests and messages of the reference data, and the inventory that follows from their names and device ids. */
final class GivenCases {

    /** Build time of the gas messages of the reference data. */
    static final Instant BUILT = Instant.parse("2015-01-01T00:00:00Z");

    private static final DuisReader READER = new DuisReader(DuisLimits.DEFAULT);
    private static final Pattern CERTIFICATE = Pattern.compile("(Certificate>)([A-Za-z0-9+/=\\s]{200,})(<)");

    private GivenCases() {}

    /** One request and the message of the same name. */
    record Pair(String name, DuisRequest request, byte[] message) {

        DeviceFacts device() {
            return GivenCases.device(name, request, message);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Pairs of request and Pre-Command. */
    static List<Pair> preCommands(Rtds rtds) {
        return pairs(rtds, "_PRECOMMAND_GBCS.HEX");
    }

    /** Pairs of request and command, those with a Pre-Command left out. */
    static List<Pair> commands(Rtds rtds) {
        List<String> critical = preCommands(rtds).stream().map(Pair::name).toList();
        return pairs(rtds, "_COMMAND_GBCS.HEX").stream()
                .filter(pair -> !critical.contains(pair.name()))
                .toList();
    }

    private static List<Pair> pairs(Rtds rtds, String ending) {
        Map<String, Path> messages = new TreeMap<>();
        for (Path file : rtds.messages()) {
            String name = file.getFileName().toString();
            if (name.endsWith(ending)) {
                messages.put(name.substring(0, name.length() - ending.length()), file);
            }
        }
        List<Pair> pairs = rtds.requests().stream()
                .map(file -> Map.entry(file.getFileName().toString().replace("_REQUEST_DUIS.XML", ""), file))
                .filter(entry -> messages.containsKey(entry.getKey()))
                .map(entry ->
                        new Pair(entry.getKey(), request(entry.getValue()), Rtds.hex(messages.get(entry.getKey()))))
                .toList();
        assertThat(pairs).as("pairs of requests and *%s", ending).isNotEmpty();
        return pairs;
    }

    static DuisRequest request(Path file) {
        return READER.readRequest(text(file).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The request with its certificates replaced by those of the message. */
    static DuisRequest withCertificatesOf(byte[] message, Path file) {
        Iterator<byte[]> certificates = MessageCertificates.of(message).iterator();
        Matcher matcher = CERTIFICATE.matcher(text(file));
        StringBuilder changed = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(
                    changed,
                    Matcher.quoteReplacement(matcher.group(1)
                            + Base64.getEncoder().encodeToString(certificates.next())
                            + matcher.group(3)));
        }
        matcher.appendTail(changed);
        return READER.readRequest(changed.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static DeviceFacts device(String name, DuisRequest request, byte[] message) {
        Map<String, String> attributes = new HashMap<>();
        if (name.startsWith("CS03A1")) {
            attributes.put("joinMethod", "A");
            attributes.put("otherDeviceType", "HCALCS");
        } else if (name.startsWith("CS03A2")) {
            attributes.put("joinMethod", "A");
            attributes.put("otherDeviceType", "ESME");
        } else if (name.startsWith("CS03B")) {
            attributes.put("joinMethod", "B");
            attributes.put("otherDeviceType", "GPF");
        } else if (name.startsWith("CS03C")) {
            attributes.put("joinMethod", "C");
            attributes.put("otherDeviceType", "PPMID");
            attributes.put(
                    "otherDeviceCertificate", Base64.getEncoder().encodeToString(MessageCertificates.ofJoin(message)));
        }
        if (name.startsWith("ECS25r2")) {
            attributes.put("originatorRole", "NetworkOperator");
        }
        DeviceFacts.Variant variant = name.contains("TWIN") ? DeviceFacts.Variant.TWIN : DeviceFacts.Variant.SINGLE;
        if (name.startsWith("ECS29b") || name.startsWith("ECS29d")) {
            variant = DeviceFacts.Variant.POLYPHASE;
        }
        return new DeviceFacts(request.requestId().target(), Optional.of(type(request)), variant, attributes);
    }

    private static DeviceType type(DuisRequest request) {
        String id = request.requestId().target().hex();
        return switch (id.substring(id.length() - 2)) {
            case "A1" -> DeviceType.GSME;
            case "A2" -> DeviceType.CHF;
            case "A3" -> DeviceType.GPF;
            case "A4" -> DeviceType.PPMID;
            case "A5", "A6" -> DeviceType.HCALCS;
            default -> DeviceType.ESME;
        };
    }

    /** The same facts with one more attribute. */
    static DeviceFacts with(DeviceFacts facts, String key, String value) {
        Map<String, String> more = new HashMap<>(facts.attributes());
        more.put(key, value);
        return new DeviceFacts(facts.deviceId(), facts.deviceType(), facts.variant(), more);
    }
}
