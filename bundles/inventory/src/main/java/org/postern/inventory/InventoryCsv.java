package org.postern.inventory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.CatalogueFault;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;

/**
 * Reads the file of the device inventory: CSV in UTF-8 with the header {@code deviceId,deviceType,variant,attributes}.
 *
 * <p>deviceId in either notation of an EUI-64; deviceType one of {@link DeviceType} or empty; variant {@code single},
 * {@code twin}, {@code polyphase} or empty for single; attributes {@code key=value} joined by {@code ;}. Values may be
 * enclosed in double quotes. Empty lines and lines that begin with {@code #} are ignored.
 */
public final class InventoryCsv {

    /** Attribute keys that the transform of requests uses. */
    public static final Set<String> ATTRIBUTES =
            Set.of("joinMethod", "otherDeviceType", "otherDeviceCertificate", "target", "generation", "originatorRole");

    private static final String HEADER = "deviceId,deviceType,variant,attributes";

    private InventoryCsv() {}

    /**
     * Reads a file.
     *
     * @return facts by device, in the order of the file
     * @throws PosternException PST-8101 where the file cannot be read, PST-8102 with file and line where a line is
     *     wrong
     */
    public static Map<Eui64, DeviceFacts> read(Path file) {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(file.getFileName().toString(), reader);
        } catch (IOException e) {
            throw new PosternException(
                    InventoryFault.FILE_UNREADABLE.fault(
                            String.valueOf(file.getFileName()), e.getClass().getSimpleName()),
                    e);
        }
    }

    /**
     * Reads all lines; does not close the reader.
     *
     * @param name name for error messages
     */
    public static Map<Eui64, DeviceFacts> read(String name, BufferedReader reader) throws IOException {
        Map<Eui64, DeviceFacts> devices = new LinkedHashMap<>();
        boolean header = false;
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
            if (text.isBlank() || text.startsWith("#")) {
                continue;
            }
            if (!header) {
                if (!text.strip().equals(HEADER)) {
                    throw bad(name, number, "header", HEADER, "another header");
                }
                header = true;
                continue;
            }
            DeviceFacts facts = row(name, number, text);
            if (devices.put(facts.deviceId(), facts) != null) {
                throw bad(name, number, "deviceId", "each device once", "the device is listed twice");
            }
        }
        if (!header) {
            throw bad(name, Math.max(number, 1), "header", HEADER, "no header");
        }
        return devices;
    }

    private static DeviceFacts row(String name, int line, String text) {
        List<String> cells = cells(name, line, text);
        if (cells.size() > 4) {
            throw bad(name, line, "line", "four columns", cells.size() + " columns");
        }
        while (cells.size() < 4) {
            cells.add("");
        }
        try {
            return new DeviceFacts(
                    Eui64.parse(cells.get(0)),
                    type(cells.get(1)),
                    variant(cells.get(2)),
                    attributes(name, line, cells.get(3)));
        } catch (IllegalArgumentException e) {
            throw bad(
                    name,
                    line,
                    "deviceType or variant",
                    "a value of the DUIS schema, or single, twin, polyphase",
                    "another value");
        } catch (PosternException e) {
            if (e.fault().kind() == CatalogueFault.NOT_AN_EUI64) {
                throw bad(name, line, "deviceId", e.fault().rule(), e.fault().cause());
            }
            throw e;
        }
    }

    private static Optional<DeviceType> type(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(DeviceType.valueOf(text.toUpperCase(Locale.ROOT)));
    }

    private static DeviceFacts.Variant variant(String text) {
        return text.isEmpty() ? DeviceFacts.Variant.SINGLE : DeviceFacts.Variant.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static Map<String, String> attributes(String name, int line, String text) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String pair : text.split(";")) {
            if (pair.isBlank()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair.strip() : pair.substring(0, equals).strip();
            if (equals < 0 || !ATTRIBUTES.contains(key)) {
                throw bad(
                        name,
                        line,
                        "attributes",
                        "key=value with a key of "
                                + ATTRIBUTES.stream().sorted().toList(),
                        "another text");
            }
            if (attributes.put(key, pair.substring(equals + 1).strip()) != null) {
                throw bad(name, line, "attributes", "each key once", "the key " + key + " occurs twice");
            }
        }
        return attributes;
    }

    private static List<String> cells(String name, int line, String text) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        if (quoted) {
            throw bad(name, line, "line", "quotes in pairs", "an open quote");
        }
        cells.add(cell.toString().strip());
        return cells;
    }

    private static PosternException bad(String name, int line, String field, String rule, String cause) {
        return new PosternException(InventoryFault.INVENTORY_LINE.fault(name + ":" + line + " " + field, rule, cause));
    }
}
