package org.postern.simulator.dcc.internal.gateway;

import java.util.Optional;
import java.util.function.Supplier;
import org.postern.simulator.dcc.Latest;

/**
 * Which requests came before, and what each was answered at first. Bounded: the digest is known of the latest requests,
 * the reply of fewer. A request older than those counts as new. Safe between threads; two that bring the same request
 * at the same time get one reply, made once.
 */
final class FirstReplies {

    /** How a request relates to the first of its kind. */
    enum Standing {
        FIRST,
        SAME_BYTES,
        OTHER_BYTES
    }

    /**
     * What is known of one.
     *
     * @param standing whether it is the first
     * @param reply to the first; empty for other bytes, and where it is no longer stored
     */
    record Found(Standing standing, Optional<Reply> reply) {}

    private static final class First {
        private final String digest;
        private boolean made;
        private volatile Reply reply;

        private First(String digest) {
            this.digest = digest;
        }

        private synchronized Reply make(Supplier<Reply> maker) {
            if (!made) {
                reply = maker.get();
                made = true;
            }
            return reply;
        }

        /** Does not wait: the reply may be being made at this moment. */
        private void forget() {
            reply = null;
        }
    }

    private final Latest<First> requests;
    private final Latest<First> kept;
    private final int keep;

    /**
     * @param remember requests whose digest is known
     * @param keep requests whose reply is stored
     */
    FirstReplies(int remember, int keep) {
        this.requests = new Latest<>(remember);
        this.kept = new Latest<>(keep);
        this.keep = keep;
    }

    /** Number of requests whose digest is known. */
    int requests() {
        synchronized (requests) {
            return requests.size();
        }
    }

    /** Number of requests whose reply is stored. */
    int replies() {
        synchronized (requests) {
            return kept.size();
        }
    }

    /**
     * Looks it up.
     *
     * @param key RequestID and Command Variant
     * @param digest of the bytes
     * @param maker of the reply to the first; where it throws, the request is as if it had not come
     */
    Found find(String key, String digest, Supplier<Reply> maker) {
        First first;
        boolean isNew;
        synchronized (requests) {
            first = requests.get(key);
            isNew = first == null;
            if (isNew) {
                first = new First(digest);
                requests.put(key, first);
                if (kept.size() == keep) {
                    kept.remove(kept.keySet().iterator().next()).forget();
                }
                kept.put(key, first);
            }
        }
        if (!first.digest.equals(digest)) {
            return new Found(Standing.OTHER_BYTES, Optional.empty());
        }
        return new Found(isNew ? Standing.FIRST : Standing.SAME_BYTES, Optional.ofNullable(made(key, first, maker)));
    }

    private Reply made(String key, First first, Supplier<Reply> maker) {
        try {
            return first.make(maker);
        } catch (RuntimeException e) {
            synchronized (requests) {
                requests.remove(key, first);
                kept.remove(key, first);
            }
            throw e;
        }
    }
}
