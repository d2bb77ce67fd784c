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
 * Shared secrets Z per own key and peer, so that the costly key agreement is done once per pair. Holds a bounded
 * number, least recently used out first; wipes a secret when it goes out, when the peer's certificate is another than
 * the one it was agreed with, and on close. Work is done on a copy that is wiped afterwards. AES keys are derived per
 * message and never kept.
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

    /** @param capacity most secrets held at once; 0 holds none */
    public SharedSecretCache(int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        this.capacity = capacity;
    }

    /**
     * Does the work with Z, agreed through the keys where it is not held. The array is wiped when the work returns.
     *
     * @param peer EUI of the other side
     * @param certificate its current certificate
     * @return what the work gave, or empty where our private key is not held
     */
    public <R> Optional<R> with(
            PartyKeys keys, Eui64 own, KeyUse use, Eui64 peer, X509Certificate certificate, Function<byte[], R> work) {
        Pair pair = new Pair(own, use, peer);
        byte[] z = held(pair, certificate);
        if (z == null) {
            Optional<byte[]> agreed = keys.agree(own, use, certificate);
            if (agreed.isEmpty()) {
                return Optional.empty();
            }
            z = agreed.get();
            hold(pair, new Secret(certificate, z.clone()));
        }
        try {
            return Optional.of(work.apply(z));
        } finally {
            Arrays.fill(z, (byte) 0);
        }
    }

    private synchronized byte @Nullable [] held(Pair pair, X509Certificate certificate) {
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

    private synchronized void hold(Pair pair, Secret secret) {
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

    /** Drops and wipes every secret with that party, on either side. */
    public synchronized void forget(Eui64 party) {
        secrets.entrySet().removeIf(e -> {
            boolean gone = e.getKey().own().equals(party) || e.getKey().peer().equals(party);
            if (gone) {
                e.getValue().wipe();
            }
            return gone;
        });
    }

    /** Number of secrets held. */
    public synchronized int size() {
        return secrets.size();
    }

    /** Wipes everything; nothing is held afterwards. */
    @Override
    public synchronized void close() {
        closed = true;
        secrets.values().forEach(Secret::wipe);
        secrets.clear();
    }
}
