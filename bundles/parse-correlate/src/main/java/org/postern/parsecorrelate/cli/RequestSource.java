package org.postern.parsecorrelate.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.InventoryCsv;
import org.postern.parsecorrelate.ParseCorrelateFault;

/**
 * Reads the input of the {@code transform} and {@code correlate} commands: requests, messages, inventories and lists.
 */
final class RequestSource {

    /** One line of a list; Pre-Command and inventory may be absent. */
    record Entry(
            String request,
            Path requestFile,
            @Nullable Path preCommandFile,
            @Nullable Path inventoryFile) {}

    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
    private final Map<Path, Map<Eui64, DeviceFacts>> inventories = new HashMap<>();

    /**
     * Does the work for one file. An exception without a fault code becomes the fault that this file cannot be read.
     */
    static <T> T withFaultCode(Path file, Supplier<T> work) {
        try {
            return work.get();
        } catch (PosternException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw bad(
                    file,
                    "a request that can be transformed to a command",
                    e.getClass().getSimpleName());
        }
    }

    DuisRequest request(Path file) {
        return reader.readRequest(bytes(file));
    }

    /** The inventory's facts about the target; a device that is not in the inventory is unknown. */
    DeviceFacts device(DuisRequest request, @Nullable Path inventory) {
        Eui64 target = request.requestId().target();
        if (inventory == null) {
            return DeviceFacts.unknown(target);
        }
        DeviceFacts facts =
                inventories.computeIfAbsent(inventory, InventoryCsv::read).get(target);
        return facts == null ? DeviceFacts.unknown(target) : facts;
    }

    byte[] hex(Path file) {
        String text = new String(bytes(file), StandardCharsets.US_ASCII).replaceAll("\\s", "");
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException notHex) {
            throw bad(file, "pairs of hex digits", "something else");
        }
    }

    static Instant time(@Nullable String text, Instant otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            throw new PosternException(ParseCorrelateFault.INPUT_UNREADABLE.fault(
                    "--at", "a time such as 2015-01-01T00:00:00Z", "not a time", "correct the option"));
        }
    }

    /** The lines of a list, tab-separated, paths relative to the list's folder. */
    List<Entry> list(Path list, boolean withPreCommand) {
        Path folder = Objects.requireNonNull(list.toAbsolutePath().getParent(), "an absolute path has a parent");
        List<Entry> entries = new ArrayList<>();
        for (String line :
                new String(bytes(list), StandardCharsets.UTF_8).lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] cells = line.split("\t", -1);
            if (cells.length > 3 || withPreCommand && (cells.length < 2 || cells[1].isBlank())) {
                throw bad(
                        list,
                        "request, Pre-Command and perhaps inventory, with tabs between",
                        cells.length + " columns");
            }
            entries.add(new Entry(
                    cells[0].strip(), folder.resolve(cells[0].strip()), at(folder, cells, 1), at(folder, cells, 2)));
        }
        return entries;
    }

    private static @Nullable Path at(Path folder, String[] cells, int column) {
        return cells.length > column && !cells[column].isBlank() ? folder.resolve(cells[column].strip()) : null;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw bad(file, "a file that can be read", unreadable.getClass().getSimpleName());
        }
    }

    private static PosternException bad(Path file, String rule, String cause) {
        return new PosternException(ParseCorrelateFault.INPUT_UNREADABLE.fault(
                String.valueOf(file.getFileName()), rule, cause, "correct the file or its name"));
    }
}
