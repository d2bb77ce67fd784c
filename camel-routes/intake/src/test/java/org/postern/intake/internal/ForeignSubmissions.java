package org.postern.intake.internal;

import java.util.ArrayList;
import java.util.List;
import org.postern.testkit.ForeignBytes;

/**
 * The input for the tests of malformed submissions: good requests in every encoding, truncated at every position, and
 * changed at random. The build uses a sample; {@code -Dpostern.documents=10000} uses all truncations and that number of
 * random changes. {@code -Dpostern.seed} repeats a run.
 */
final class ForeignSubmissions {

    static final long SEED = Long.getLong("postern.seed", 20261129L);
    static final int RANDOM = Integer.getInteger("postern.documents", 600);
    private static final int EVERY = Math.max(1, 6000 / RANDOM);

    private ForeignSubmissions() {}

    static List<byte[]> of(List<byte[]> documents) {
        List<byte[]> all = new ArrayList<>();
        for (byte[] document : documents) {
            List<byte[]> whole = ForeignBytes.encodings(new String(document, java.nio.charset.StandardCharsets.UTF_8));
            ForeignBytes.cuts(document, whole::add);
            for (int i = 0; i < whole.size(); i += EVERY) {
                all.add(whole.get(i));
            }
        }
        ForeignBytes.random(SEED, RANDOM, documents, all::add);
        System.out.println("seed " + SEED + ", documents " + all.size() + " (-Dpostern.seed=, -Dpostern.documents=)");
        return all;
    }
}
