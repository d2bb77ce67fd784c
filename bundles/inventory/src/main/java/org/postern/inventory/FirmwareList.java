package org.postern.inventory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.PosternException;

/**
 * Firmware images that may be activated. A CSV file in UTF-8 with the header {@code sha256,deviceType,version}: SHA-256
 * of the image as 64 hex digits, a {@link DeviceType}, and the version for display, at most 32 characters. An image for
 * devices of several types has a line for each. Empty lines and lines that begin with {@code #} are ignored. Immutable.
 */
public final class FirmwareList {

    /** The empty list, which is used where the file is missing. */
    public static final FirmwareList EMPTY = new FirmwareList(List.of());

    private static final String HEADER = "sha256,deviceType,version";
    private static final Pattern DIGEST = Pattern.compile("[0-9A-Fa-f]{64}");
    private static final int COLUMNS = 3;
    private static final int MAX_VERSION_LENGTH = 32;

    private final List<Image> images;

    private FirmwareList(List<Image> images) {
        this.images = List.copyOf(images);
    }

    /**
     * An image that may be activated.
     *
     * @param sha256 64 upper-case hex digits
     * @param deviceType type of the devices for which it is intended
     * @param version version for display
     */
    public record Image(String sha256, DeviceType deviceType, String version) {}

    /** The images with this digest, in upper or lower case hex; one for each type of device. */
    public List<Image> find(String sha256) {
        String digest = sha256.toUpperCase(Locale.ROOT);
        return images.stream().filter(image -> image.sha256().equals(digest)).toList();
    }

    /** Number of lines. */
    public int size() {
        return images.size();
    }

    /**
     * Reads a file.
     *
     * @throws PosternException PST-8101 where it cannot be read, PST-8103 with file and line where a line is wrong
     */
    public static FirmwareList read(Path file) {
        String name = String.valueOf(file.getFileName());
        List<Image> images = new ArrayList<>();
        boolean header = false;
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                String text = (number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line).strip();
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                if (!header) {
                    if (!text.equals(HEADER)) {
                        throw bad(name, number, "header", HEADER, "another header");
                    }
                    header = true;
                    continue;
                }
                Image image = image(name, number, text);
                if (images.stream()
                        .anyMatch(i -> i.sha256().equals(image.sha256()) && i.deviceType() == image.deviceType())) {
                    throw bad(
                            name,
                            number,
                            "sha256",
                            "each image once for a type of device",
                            "the image is listed twice");
                }
                images.add(image);
            }
        } catch (IOException e) {
            throw new PosternException(
                    InventoryFault.FILE_UNREADABLE.fault(name, e.getClass().getSimpleName()), e);
        }
        if (!header) {
            throw bad(name, Math.max(number, 1), "header", HEADER, "no header");
        }
        return new FirmwareList(images);
    }

    private static Image image(String name, int line, String text) {
        String[] cells = text.split(",", -1);
        if (cells.length != COLUMNS) {
            throw bad(name, line, "line", COLUMNS + " columns", cells.length + " columns");
        }
        if (!DIGEST.matcher(cells[0].strip()).matches()) {
            throw bad(name, line, "sha256", "64 hex digits", "another text");
        }
        if (cells[2].strip().length() > MAX_VERSION_LENGTH) {
            throw bad(name, line, "version", "at most " + MAX_VERSION_LENGTH + " characters", "a longer text");
        }
        try {
            return new Image(
                    cells[0].strip().toUpperCase(Locale.ROOT),
                    DeviceType.valueOf(cells[1].strip().toUpperCase(Locale.ROOT)),
                    cells[2].strip());
        } catch (IllegalArgumentException e) {
            throw bad(name, line, "deviceType", "a device type of the DUIS schema", "another word");
        }
    }

    private static PosternException bad(String name, int line, String field, String rule, String cause) {
        return new PosternException(InventoryFault.FIRMWARE_LINE.fault(name + ":" + line + " " + field, rule, cause));
    }
}
