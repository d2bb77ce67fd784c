package org.postern.parsecorrelate.internal.transform;

import java.util.AbstractList;

/** The empty result of a path. It keeps the path so that a fault can name the missing element. */
final class MissingNodes extends AbstractList<DuisNode> {

    private final String path;

    MissingNodes(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    @Override
    public DuisNode get(int index) {
        throw new IndexOutOfBoundsException(index);
    }

    @Override
    public int size() {
        return 0;
    }
}
