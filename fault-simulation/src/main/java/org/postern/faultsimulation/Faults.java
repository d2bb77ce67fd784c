package org.postern.faultsimulation;

import java.util.Map;
import java.util.TreeMap;

/** How many faults of each kind were injected. */
final class Faults {

    /**
     * What can go wrong beside the DCC's own faults. {@code docs/fault-simulation.md} has these words, and a test
     * compares them.
     */
    enum Kind {
        KILL(
                "kill",
                "before or after one of the next effects, within a commit, or between two writes of one transaction; it starts again after seconds to half an hour"),
        UNSYNCED(
                "unsynced write lost",
                "of what was not forced when the process was killed, the disk has the new, the old or a part"),
        STOP("stop and start", "it is stopped in an orderly way, and starts again within five minutes"),
        DISK_FULL("disk full", "commits and writes of files fail, for seconds to 40 minutes"),
        DATABASE_AWAY("database away", "reads and writes of the database fail, for seconds to half an hour"),
        VAULT_AWAY("vault away", "each use of a key fails, for seconds to an hour"),
        CLOCK(
                "clock stepped",
                "the appliance's wall clock jumps by seconds to 30 hours, forward or back, and is put right within four hours, as an operator confirms"),
        DCC_AWAY("DCC away", "no connection to it, for seconds to three hours"),
        UNREACHABLE(
                "DCC unreachable",
                "a send finds no connection, by chance or while the DCC is away; by chance a callback neither, which is not counted"),
        HTTP(
                "HTTP",
                "400, 403, 429 or 5xx in place of an answer; in half of the cases of 500, 502 and 504 the DCC has received the request"),
        REQUEST_LOST("request lost on its way", "the DCC does not receive it; the sender gets no answer"),
        REQUEST_DOUBLED("request doubled on its way", "it arrives once more up to 20 minutes later"),
        ANSWER_LOST("answer lost", "the DCC has received the request; the sender gets no answer"),
        ANSWER_FOREIGN("answer to another request", "the answer to an earlier request comes instead"),
        ANSWER_GARBLED("answer garbled", "one bit of the answer is another"),
        RECEIPT_LOST("204 lost", "the callback is received, and is sent again"),
        BROKER_AWAY("broker away", "it accepts no delivery and no offer of one, for seconds to two hours"),
        DELIVERY_FAILED("delivery failed", "the broker does not accept one"),
        ACKNOWLEDGEMENT_LOST("acknowledgement of a delivery lost", "the reader has it, and it is delivered again"),
        OFFER_LOST("work lost by a queue", "an offer is accepted and never processed"),
        CONFIRMATION_LOST(
                "confirmation to a supplier lost",
                "a supplier's system does not learn that its request was accepted, and submits the order again"),
        AGAIN("submitted again", "a supplier's system submits an order again although it learned that it was accepted"),
        WITHDRAWN("withdrawn by an operator", "`cancel` or `withdraw` of one of the last requests that were accepted"),
        ROLE_REMOVED("role removed", "the bundle of a role goes, and comes back within an hour"),
        TOP_UP_FIRST(
                "write of a top-up before earlier ones",
                "no fault: the ledger writes it before what is in its queue, and is counted so that seeds show that it does");

        private final String words;
        private final String happens;

        Kind(String words, String happens) {
            this.words = words;
            this.happens = happens;
        }

        /** As it is counted and traced. */
        String words() {
            return words;
        }

        /** What it does, in one line. */
        String happens() {
            return happens;
        }
    }

    private final Map<String, Long> byKind = new TreeMap<>();

    void injected(Kind kind) {
        injected(kind, 1);
    }

    void injected(Kind kind, long times) {
        if (times > 0) {
            byKind.merge(kind.words(), times, Long::sum);
        }
    }

    /** One of which it is counted where, or as what, it struck. */
    void injected(Kind kind, String which) {
        byKind.merge(kind.words() + " " + which, 1L, Long::sum);
    }

    void addAll(Faults others) {
        others.byKind.forEach((kind, count) -> byKind.merge(kind, count, Long::sum));
    }

    long all() {
        return byKind.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, Long> byKind() {
        return byKind;
    }
}
