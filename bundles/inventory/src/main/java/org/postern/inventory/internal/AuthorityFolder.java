package org.postern.inventory.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.postern.catalogue.KeyFile;
import org.postern.catalogue.PosternException;
import org.postern.inventory.SmkiCertificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certification authorities of a folder: every file of certificates ({@link KeyFile}) whose name does not begin
 * with an EUI-64, so that the folder may be the one with a million device certificates. Looked at again after the
 * recheck time; a file that cannot be used is named in the log and left out.
 */
final class AuthorityFolder {

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityFolder.class);
    private static final Pattern OF_A_PARTY = Pattern.compile("[0-9A-Fa-f]{16}-.*");

    private final Path folder;
    private final Duration recheck;
    private final Clock clock;
    private final ReentrantLock scanning = new ReentrantLock();
    private Map<Path, CsvDeviceInventory.FileStamp> scanned = Map.of();
    private volatile List<SmkiCertificate> authorities = List.of();
    private volatile Instant nextScan = Instant.MIN;

    AuthorityFolder(Path folder, Duration recheck, Clock clock) {
        this.folder = folder;
        this.recheck = recheck;
        this.clock = clock;
    }

    /** The authorities as the folder has them now. */
    List<SmkiCertificate> all() {
        if (!clock.instant().isBefore(nextScan)) {
            scanning.lock();
            try {
                if (!clock.instant().isBefore(nextScan)) {
                    scan();
                }
            } finally {
                scanning.unlock();
            }
        }
        return authorities;
    }

    Path folder() {
        return folder;
    }

    private void scan() {
        nextScan = clock.instant().plus(recheck);
        Map<Path, CsvDeviceInventory.FileStamp> now = new HashMap<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, AuthorityFolder::mayBeAuthority)) {
                files.forEach(file -> now.put(file, CsvDeviceInventory.FileStamp.of(file)));
            } catch (IOException e) {
                LOG.error("authorities' folder cannot be read, kept as it was: {}", e.getClass().getSimpleName());
                return;
            }
        }
        if (now.equals(scanned)) {
            return;
        }
        List<SmkiCertificate> found = new ArrayList<>();
        now.keySet().stream().sorted().forEach(file -> read(file, found));
        scanned = now;
        authorities = List.copyOf(found);
        LOG.info("certification authorities: {}", found.size());
    }

    private static boolean mayBeAuthority(Path file) {
        String name = file.getFileName().toString();
        return KeyFile.namesCertificate(file) && !OF_A_PARTY.matcher(name).matches();
    }

    private static void read(Path file, List<SmkiCertificate> found) {
        try {
            for (byte[] der : KeyFile.certificates(file)) {
                SmkiCertificate certificate = SmkiCertificate.read(der);
                if (certificate.certifies() && !found.contains(certificate)) {
                    found.add(certificate);
                }
            }
        } catch (KeyFile.UnreadableException e) {
            LOG.warn("certificate not used: {}: {}", file.getFileName(), e.getMessage());
        } catch (IOException e) {
            LOG.warn("certificate not used: {}: {}", file.getFileName(), e.getClass().getSimpleName());
        } catch (PosternException e) {
            LOG.warn("certificate not used: {}: {}", file.getFileName(), e.fault());
        }
    }
}
