package org.postern.inventory.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.postern.catalogue.KeyFile;
import org.postern.catalogue.PosternException;
import org.postern.inventory.SmkiCertificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certification authorities in a folder: all files with certificates ({@link KeyFile}) whose names do not begin
 * with an EUI-64, so that the folder may also contain a million device certificates. The folder is checked again after
 * the recheck time. A file that cannot be used is logged and ignored.
 */
final class AuthorityFolder {

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityFolder.class);
    private static final Pattern OF_A_PARTY = Pattern.compile("[0-9A-Fa-f]{16}-.*");

    private final WatchedFolder folder;
    private final Duration recheck;
    private final Clock clock;
    private final ReentrantLock scanning = new ReentrantLock();
    private volatile List<SmkiCertificate> authorities = List.of();
    private volatile Instant nextScan = Instant.MIN;

    AuthorityFolder(Path folder, Duration recheck, Clock clock) {
        this.folder = new WatchedFolder(folder, AuthorityFolder::mayBeAuthority);
        this.recheck = recheck;
        this.clock = clock;
    }

    /** The authorities that are in the folder now. */
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
        return folder.path();
    }

    private void scan() {
        nextScan = clock.instant().plus(recheck);
        Optional<Iterable<Path>> changed = folder.changed();
        if (changed.isEmpty()) {
            return;
        }
        List<SmkiCertificate> found = new ArrayList<>();
        changed.get().forEach(file -> read(file, found));
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
            LOG.warn(
                    "certificate not used: {}: {}",
                    file.getFileName(),
                    e.getClass().getSimpleName());
        } catch (PosternException e) {
            LOG.warn("certificate not used: {}: {}", file.getFileName(), e.fault());
        }
    }
}
