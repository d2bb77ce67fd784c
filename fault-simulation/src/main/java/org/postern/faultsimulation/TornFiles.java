package org.postern.faultsimulation;

import java.util.Arrays;
import java.util.Random;

/**
 * What a power cut within a commit leaves of an SQLite database and its write-ahead log. The commit's frames are
 * written to the log and then forced: until that is done the disk has any part of them. Where the commit goes on to
 * write the log back, the log is forced by then, and the database's pages are in part the new ones.
 *
 * @param what which of these it is
 * @param found the files after it
 */
record TornFiles(String what, Content found) {

    /** The two files. */
    record Content(byte[] database, byte[] log) {}

    private static final int SECTOR = 512;
    private static final int HEAD = 32;
    private static final int FRAME = 4096 + 24;

    /**
     * One of the states that the disk may be in.
     *
     * @param before what was safe before the commit
     * @param after the files when it returned
     */
    static TornFiles between(Content before, Content after, Random chances) {
        // how often this cut asks is not to move the next one
        Random random = new Random(chances.nextLong());
        if (!Arrays.equals(before.database(), after.database())) {
            return new TornFiles(
                    "writing the log back",
                    new Content(sectors(before.database(), after.database(), 0, random), after.log()));
        }
        int mismatch = Arrays.mismatch(before.log(), after.log());
        if (mismatch < 0) {
            return new TornFiles("a commit of nothing", after);
        }
        // a frame holds numbers that SQLite draws by itself: so the first byte that differs depends on them,
        // the frame does not
        int first = mismatch < HEAD ? 0 : frame(mismatch);
        // a log that is written from its beginning again has earlier content behind the commit
        int end = frame(end(before.log(), after.log()) + FRAME - 1);
        int length = end - first;
        return switch (random.nextInt(6)) {
            case 0 -> of("none of it", before, before.log());
            case 1 -> of("all of it", before, after.log());
            case 2 -> of("part of it", before, overlaid(before.log(), after.log(), first + random.nextInt(length)));
            case 3 ->
                of(
                        "its last page torn",
                        before,
                        overlaid(before.log(), after.log(), Math.max(first, end - 1 - random.nextInt(FRAME))));
            case 4 -> of("a tail of zeros", before, zeros(before.log(), after.log(), first + random.nextInt(length)));
            default -> of("some of its sectors", before, sectors(before.log(), after.log(), first, random));
        };
    }

    /** The last beginning of a frame up to there. */
    private static int frame(int at) {
        return HEAD + (at - HEAD) / FRAME * FRAME;
    }

    /** Behind the last byte that is another. */
    private static int end(byte[] before, byte[] after) {
        int end = after.length;
        while (end <= before.length && before[end - 1] == after[end - 1]) {
            end--;
        }
        return end;
    }

    private static TornFiles of(String what, Content before, byte[] log) {
        return new TornFiles(what, new Content(before.database(), log));
    }

    /** The new bytes up to there, from there on the old ones. */
    private static byte[] overlaid(byte[] before, byte[] after, int end) {
        byte[] mixed = Arrays.copyOf(after, Math.max(end, before.length));
        if (before.length > end) {
            System.arraycopy(before, end, mixed, end, before.length - end);
        }
        return mixed;
    }

    /** The file has its new length, and from there on what was in it before, or nothing. */
    private static byte[] zeros(byte[] before, byte[] after, int end) {
        return Arrays.copyOf(overlaid(before, after, end), Math.max(before.length, after.length));
    }

    /** From there on, each sector is the new one or the old one, in whatever order the disk wrote them. */
    private static byte[] sectors(byte[] before, byte[] after, int from, Random random) {
        byte[] mixed = zeros(before, after, from);
        for (int at = from / SECTOR * SECTOR; at < after.length; at += SECTOR) {
            int begin = Math.max(at, from);
            if (random.nextBoolean()) {
                System.arraycopy(after, begin, mixed, begin, Math.min(at + SECTOR, after.length) - begin);
            }
        }
        return mixed;
    }
}
