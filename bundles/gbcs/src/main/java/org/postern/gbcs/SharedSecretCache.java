package org.postern.gbcs;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;

/**
 * A cache of shared secrets Z for each pair of own key and peer, so that the costly key agreement is done once per
 * pair. It is limited in size and evicts the least recently used secret first. A secret is wiped when it is evicted,
 * when the certificate of the peer has changed, and on close. Callers work on a copy, which is wiped afterwards. AES
 * keys are derived for each message and never stored.
 */
public final class SharedSecretCache implements AutoCloseable {

    private record Pair(Eui64 own, KeyUse use, Eui64 peer) {}

    private record Secret(X509Certificate certificate, byte[] z) {
        void wipe() {
            Arrays.fill(z, (byte) 0);
        }
    }

    private final int capacity;
    private final Map<Pair, Secret> secrets = new LinkedHashMap<>(64, 0.75f, true);
    private boolean closed;

    /** @param capacity maximum number of secrets; 0 disables the cache */
    public SharedSecretCache(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        this.capacity = capacity;
    }

    /**
     * Runs the work with Z, which is agreed by means of the keys if it is not cached. The array is wiped when the work
     * returns.
     *
     * @param peer EUI of the other side
     * @param certificate its current certificate
     * @return result of the work; empty where the own private key is not available
     */
    public <R> Optional<R> with(
            PartyKeys keys, Eui64 own, KeyUse use, Eui64 peer, X509Certificate certificate, Function<byte[], R> work) {
        Pair pair = new Pair(own, use, peer);
        byte[] z = cached(pair, certificate);
        if (z == null) {
            Optional<byte[]> agreed = keys.agree(own, use, certificate);
            if (agreed.isEmpty()) {
                return Optional.empty();
            }
            z = agreed.get();
            store(pair, new Secret(certificate, z.clone()));
        }
        try {
            return Optional.of(work.apply(z));
        } finally {
            Arrays.fill(z, (byte) 0);
        }
    }

    private synchronized byte @Nullable [] cached(Pair pair, X509Certificate certificate) {
        Secret secret = secrets.get(pair);
        if (secret == null) {
            return null;
        }
        if (!secret.certificate().equals(certificate)) {
            secrets.remove(pair);
            secret.wipe();
            return null;
        }
        return secret.z().clone();
    }

    private synchronized void store(Pair pair, Secret secret) {
        if (closed || capacity == 0) {
            secret.wipe();
            return;
        }
        Secret before = secrets.put(pair, secret);
        if (before != null) {
            before.wipe();
        }
        Iterator<Secret> eldest = secrets.values().iterator();
        while (secrets.size() > capacity) {
            eldest.next().wipe();
            eldest.remove();
        }
    }

    /** Removes and wipes every secret of the party, as owner or as peer. */
    public synchronized void forget(Eui64 party) {
        secrets.entrySet().removeIf(e -> {
            boolean matches =
                    e.getKey().own().equals(party) || e.getKey().peer().equals(party);
            if (matches) {
                e.getValue().wipe();
            }
            return matches;
        });
    }

    /** Number of cached secrets. */
    public synchronized int size() {
        return secrets.size();
    }

    /** Wipes all secrets; afterwards nothing is cached. */
    @Override
    public synchronized void close() {
        closed = true;
        secrets.values().forEach(Secret::wipe);
        secrets.clear();
    }
}
