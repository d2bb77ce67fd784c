package org.postern.faultsimulation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.postern.catalogue.Sha256;

/**
 * What happened in one run, line by line, as one hash. Of documents and signatures it has digests, so that a byte that
 * is another in another process shows where it is made.
 */
final class Trace {

    private final MessageDigest digest = Sha256.start();
    private final Timeline timeline;
    private final Consumer<String> lines;

    /** @param lines given each line */
    Trace(Timeline timeline, Consumer<String> lines) {
        this.timeline = timeline;
        this.lines = lines;
    }

    void add(String what) {
        String line = timeline.nanos() / 1_000_000 + " " + what;
        digest.update(line.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        lines.accept(line);
    }

    /** The hash; ends the trace. */
    String hash() {
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}
