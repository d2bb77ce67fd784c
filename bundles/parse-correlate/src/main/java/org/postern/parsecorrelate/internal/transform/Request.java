package org.postern.parsecorrelate.internal.transform;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.inventory.DeviceFacts;

/**
 * All that a transform depends on; nothing else, so that it can be repeated years later.
 *
 * @param originator business originator of the RequestID
 * @param target business target of the RequestID
 * @param counter originator counter of the RequestID, unsigned
 * @param srv Service Reference Variant
 * @param body the body's one element
 * @param device what the inventory knows of the target
 * @param buildTime time that GBZ messages carry
 * @param useCase name of the use case being built; empty while one is being chosen
 * @param party who sends; null while the use case is being chosen
 * @param looks counts how often a rule has looked at the device
 */
record Request(
        Eui64 originator,
        Eui64 target,
        long counter,
        String srv,
        DuisNode body,
        DeviceFacts device,
        Instant buildTime,
        String useCase,
        @Nullable Party party,
        AtomicInteger looks) {

    Request(
            Eui64 originator,
            Eui64 target,
            long counter,
            String srv,
            DuisNode body,
            DeviceFacts device,
            Instant buildTime) {
        this(originator, target, counter, srv, body, device, buildTime, "", null, new AtomicInteger());
    }

    /** What the inventory knows of the target. */
    @Override
    public DeviceFacts device() {
        looks.incrementAndGet();
        return device;
    }

    /** The same request to a device of which other things are known. */
    Request to(DeviceFacts facts) {
        return new Request(
                originator, target, counter, srv, body, facts, buildTime, useCase, party, new AtomicInteger());
    }

    Request as(String name, Party sender) {
        return new Request(originator, target, counter, srv, body, device, buildTime, name, sender, looks);
    }
}
