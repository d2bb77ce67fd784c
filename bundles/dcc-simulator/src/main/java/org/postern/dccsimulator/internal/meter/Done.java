package org.postern.dccsimulator.internal.meter;

import java.util.Map;
import java.util.Optional;
import org.postern.gbcs.GbzPayload;

/**
 * What became of a command in the device, beside the values that the answer carries.
 *
 * @param dated      what it will do later
 * @param results    results other than success by DLMS item
 * @param components answers other than the usual ones by GBZ component
 */
record Done(Optional<Dated> dated, Map<Integer, Integer> results, Map<Integer, GbzPayload.Component> components) {

    static final Done PLAIN = new Done(Optional.empty(), Map.of(), Map.of());

    static Done dated(Dated dated) {
        return new Done(Optional.of(dated), Map.of(), Map.of());
    }
}
