package org.postern.gatewayclient.internal;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Fault;
import org.postern.catalogue.FilePrint;
import org.postern.catalogue.PosternException;
import org.postern.gatewayclient.TlsFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees when the files of one side's TLS have changed, and hands over what they hold now. A change counts once it is the
 * same for two looks, so that the second of two files is there as well. Files that do not fit change nothing but
 * {@link #trouble()}.
 */
final class TlsWatch {

    private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);

    private final String pid;
    private final TlsFiles files;
    private final Consumer<TlsMaterial> use;
    private String used;
    private String settling;
    private volatile @Nullable Fault trouble;

    /** @param use takes what the files hold now; what it had stays in use where it throws */
    TlsWatch(String pid, TlsFiles files, Consumer<TlsMaterial> use) {
        this.pid = pid;
        this.files = files;
        this.use = use;
        this.used = print();
        this.settling = used;
    }

    /** Checks the files for a change. */
    void look() {
        String now = print();
        if (now.equals(used) || !now.equals(settling)) {
            settling = now;
            return;
        }
        used = now;
        try {
            TlsMaterial material = new TlsMaterial(pid, files);
            use.accept(material);
            trouble = null;
            LOG.info("{}: key files changed; in use is now {}", pid, CountingTrust.named(material.chain()));
        } catch (PosternException e) {
            trouble = e.fault();
            LOG.error("{}: key files changed, but do not fit; the last good pair stays in use: {}", pid, e.fault());
        }
    }

    /** What is wrong with the files that are there now. */
    Optional<Fault> trouble() {
        return Optional.ofNullable(trouble);
    }

    private String print() {
        return FilePrint.of(files.keyStore(), files.keyStorePassword(), files.trustStore(), files.trustStorePassword());
    }
}
