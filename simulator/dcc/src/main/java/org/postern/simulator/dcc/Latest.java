package org.postern.simulator.dcc;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The latest entries, in the order in which their keys came; the oldest goes where one more than the bound is put. Not
 * safe between threads.
 *
 * @param <V> what is kept for a key
 */
public final class Latest<V> extends LinkedHashMap<String, V> {

    private static final long serialVersionUID = 1L;

    private final int most;

    /** @param most entries that are kept */
    public Latest(int most) {
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
    }
}
