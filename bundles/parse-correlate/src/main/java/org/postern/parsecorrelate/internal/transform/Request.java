package org.postern.parsecorrelate.internal.transform;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.inventory.DeviceFacts;

/**
 * The complete input of a transform, so that the transform can be repeated years later.
 *
 * @param originator business originator of the RequestID
 * @param target business target of the RequestID
 * @param counter originator counter of the RequestID, unsigned
 * @param srv Service Reference Variant
 * @param body the body's one element
 * @param device the inventory's facts about the target device
 * @param buildTime time in GBZ messages
 * @param useCase name of the use case that is being built; empty while one is being selected
 * @param party the sender; null while the use case is being selected
 * @param deviceReads number of times that a rule has read a fact about the device
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
        AtomicInteger deviceReads) {

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

    /** The inventory's facts about the target device. Counts the access. */
    @Override
    public DeviceFacts device() {
        deviceReads.incrementAndGet();
        return device;
    }

    /** The same request to a device with other facts. */
    Request to(DeviceFacts facts) {
        return new Request(
                originator, target, counter, srv, body, facts, buildTime, useCase, party, new AtomicInteger());
    }

    Request as(String name, @Nullable Party sender) {
        return new Request(originator, target, counter, srv, body, device, buildTime, name, sender, deviceReads);
    }
}
