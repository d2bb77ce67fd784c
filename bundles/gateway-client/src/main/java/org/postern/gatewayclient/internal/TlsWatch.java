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
 * Detects changes of the TLS files, and passes on their new content. A change takes effect once two checks in a row
 * have found the same files, so that all files of a renewal are in place. Files that are not valid change nothing
 * except {@link #trouble()}.
 */
final class TlsWatch {

    private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);

    private final String pid;
    private final TlsFiles files;
    private final Consumer<TlsMaterial> use;
    private String usedPrint;
    private String lastPrint;
    private volatile @Nullable Fault trouble;

    /** @param use receives the new content; where it throws, the former content stays in use */
    TlsWatch(String pid, TlsFiles files, Consumer<TlsMaterial> use) {
        this.pid = pid;
        this.files = files;
        this.use = use;
        this.usedPrint = print();
        this.lastPrint = usedPrint;
    }

    /** Checks the files for a change. */
    void check() {
        String now = print();
        if (now.equals(usedPrint) || !now.equals(lastPrint)) {
            lastPrint = now;
            return;
        }
        usedPrint = now;
        try {
            TlsMaterial material = new TlsMaterial(pid, files);
            use.accept(material);
            trouble = null;
            LOG.info("{}: key files changed; now in use: {}", pid, CountingTrustManager.named(material.chain()));
        } catch (PosternException e) {
            trouble = e.fault();
            LOG.error("{}: key files changed, but are not valid; the last good ones stay in use: {}", pid, e.fault());
        }
    }

    /** The fault of the present files; empty where they are valid. */
    Optional<Fault> trouble() {
        return Optional.ofNullable(trouble);
    }

    private String print() {
        return FilePrint.of(files.keyStore(), files.keyStorePassword(), files.trustStore(), files.trustStorePassword());
    }
}
