package org.postern.parsecorrelate;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A few attributes in the order of writing: an immutable map that is looked through one by one. Names are distinct. */
final class OrderedAttributes extends AbstractMap<String, String> {

    /** Name, value, name, value and so on. */
    private final String[] pairs;

    OrderedAttributes(String... pairs) {
        for (String text : pairs) {
            Objects.requireNonNull(text, "attribute");
        }
        this.pairs = pairs;
    }

    /** The map's entries in its order; itself where it is one of these. */
    static Map<String, String> copyOf(Map<String, String> map) {
        if (map instanceof OrderedAttributes) {
            return map;
        }
        String[] pairs = new String[2 * map.size()];
        int at = 0;
        for (Map.Entry<String, String> entry : map.entrySet()) {
            pairs[at++] = entry.getKey();
            pairs[at++] = entry.getValue();
        }
        return new OrderedAttributes(pairs);
    }

    @Override
    public @Nullable String get(Object name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(Object name) {
        return get(name) != null;
    }

    @Override
    public int size() {
        return pairs.length / 2;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super String> action) {
        for (int i = 0; i < pairs.length; i += 2) {
            action.accept(pairs[i], pairs[i + 1]);
        }
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return OrderedAttributes.this.size();
            }

            @Override
            public Iterator<Map.Entry<String, String>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, String>> {

        private int at;

        @Override
        public boolean hasNext() {
            return at < pairs.length;
        }

        @Override
        public Map.Entry<String, String> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            at += 2;
            return Map.entry(pairs[at - 2], pairs[at - 1]);
        }
    }
}
