package org.postern.parsecorrelate.internal.transform;

import java.util.AbstractList;

/** A path that found nothing, so that whoever needs an element there can say which. */
final class NoNodes extends AbstractList<DuisNode> {

    private final String path;

    NoNodes(String path) {
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
