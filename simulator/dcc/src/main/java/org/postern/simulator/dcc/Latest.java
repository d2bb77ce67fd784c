package org.postern.simulator.dcc;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The latest entries, in the order in which their keys came; when one more than the bound is put, the oldest leaves.
 * Not safe between threads.
 *
 * @param <V> value of a key
 */
public final class Latest<V> extends LinkedHashMap<String, V> {

    private static final long serialVersionUID = 1L;

    private final int max;

    /** @param max entries at most */
    public Latest(int max) {
        this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > max;
    }
}
