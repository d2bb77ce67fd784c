package org.postern.inventory.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a folder that is checked periodically. A folder that does not exist or cannot be read does not count as
 * empty, because a share may be temporarily unavailable. Not thread-safe.
 */
final class WatchedFolder {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFolder.class);

    private final Path folder;
    private final DirectoryStream.Filter<Path> filter;
    private Map<Path, CsvDeviceInventory.FileStamp> known = Map.of();
    private boolean unreadable;

    WatchedFolder(Path folder, DirectoryStream.Filter<Path> filter) {
        this.folder = folder;
        this.filter = filter;
    }

    Path path() {
        return folder;
    }

    /**
     * All files, if anything has changed since the last check; empty where nothing has changed or the folder cannot be
     * read.
     */
    Optional<Iterable<Path>> changed() {
        Map<Path, CsvDeviceInventory.FileStamp> now = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, filter)) {
            files.forEach(file -> now.put(file, CsvDeviceInventory.FileStamp.of(file)));
        } catch (IOException | DirectoryIteratorException e) {
            if (!unreadable) {
                LOG.error(
                        "{} cannot be read, its previous content stays in use: {}",
                        folder,
                        e.getClass().getSimpleName());
            }
            unreadable = true;
            return Optional.empty();
        }
        unreadable = false;
        if (now.equals(known)) {
            return Optional.empty();
        }
        known = now;
        return Optional.of(now.keySet().stream().sorted().toList());
    }
}
