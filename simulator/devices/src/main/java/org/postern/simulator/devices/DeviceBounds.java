package org.postern.simulator.devices;

/**
 * How much each device remembers of what commands did. At a bound an old entry leaves; what that changes is stated with
 * each number and in {@code docs/simulator.md}.
 *
 * @param accountChanges changes of the account; an older one is added up with those before it, so that the account is
 *     right from then on
 * @param topUpCounters counters of accepted top-up tokens; a token whose counter has left is rejected, no longer
 *     reported as a duplicate
 * @param tariffs tariffs of each element; an older one leaves, first one that was replaced within its half-hour
 * @param blockResets resets of the block counters; the oldest leaves, first one that follows another within its
 *     half-hour
 */
public record DeviceBounds(int accountChanges, int topUpCounters, int tariffs, int blockResets) {

    /** Far more than a meter is sent in its life. */
    public static final DeviceBounds DEFAULT = new DeviceBounds(1_000, 1_024, 100, 1_000);

    public DeviceBounds {
        // of the tariffs the first, from which all registers begin, and the one in force stay
        if (accountChanges < 1 || topUpCounters < 1 || tariffs < 3 || blockResets < 2) {
            throw new IllegalArgumentException(
                    "bounds too small: " + accountChanges + " " + topUpCounters + " " + tariffs + " " + blockResets);
        }
    }
}
