package org.postern.gbcs;

/**
 * Shared secrets Z per own key and peer certificate: bounded, wiped on eviction and close, dropped when the peer's certificate
 * changes. AES keys are derived per message and never kept.
 */
public final class SharedSecretCache implements AutoCloseable {

    /** @param capacity most secrets held at once */
    public SharedSecretCache(int capacity) {
    }

    /** Wipes everything. */
    @Override
    public void close() {
    }
}
