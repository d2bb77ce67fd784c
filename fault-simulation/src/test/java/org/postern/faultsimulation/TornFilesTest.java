package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a power cut leaves of a commit, and that it does not depend on what lies in the log behind it. */
class TornFilesTest {

    private static final int FRAME = 4096 + 24;
    private static final int CUTS = 300;

    /** A log that was written from its beginning again, over longer content of earlier. */
    private static TornFiles.Content log(int frames, int fresh) {
        byte[] log = new byte[32 + frames * FRAME];
        Arrays.fill(log, (byte) 1);
        Arrays.fill(log, 32, 32 + fresh * FRAME, (byte) 2);
        return new TornFiles.Content(new byte[4096], log);
    }

    @Test
    void theNextCutIsTheSameWhateverTheSizesOfThisOneWere() {
        for (int seed = 0; seed < CUTS; seed++) {
            Random one = new Random(seed);
            Random other = new Random(seed);
            TornFiles.between(log(9, 0), log(9, 3), one);
            TornFiles.between(log(9, 0), log(12, 4), other);
            assertThat(one.nextLong()).as("after cut %d", seed).isEqualTo(other.nextLong());
        }
    }

    /** What lies behind the commit is of earlier: to tear that tears nothing. */
    @Test
    void whatIsTornIsOfTheCommit() {
        TornFiles.Content before = log(60, 0);
        TornFiles.Content after = log(60, 2);
        for (int seed = 0; seed < CUTS; seed++) {
            TornFiles torn = TornFiles.between(before, after, new Random(seed));
            if (!torn.what().equals("all of it")) {
                assertThat(torn.found().log())
                        .as("%s, cut %d", torn.what(), seed)
                        .isNotEqualTo(after.log());
            }
        }
    }
}
