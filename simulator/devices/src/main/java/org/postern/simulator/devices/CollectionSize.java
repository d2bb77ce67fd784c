package org.postern.simulator.devices;

/**
 * How full one kind of collection of the simulator is.
 *
 * @param name of the kind
 * @param size entries of the fullest collection of that kind
 * @param bound entries that each may have
 */
public record CollectionSize(String name, long size, long bound) {

    /** The fuller of the two. */
    public CollectionSize orFuller(CollectionSize other) {
        return other.size() > size ? other : this;
    }
}
