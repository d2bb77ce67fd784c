package org.postern.catalogue;

import java.util.List;
import java.util.Set;

/**
 * One Service Reference Variant of the catalogue.
 *
 * @param variant Service Reference Variant, for example {@code 4.1.1}
 * @param reference Service Reference, for example {@code 4.1}
 * @param name short name, not the text of the standard
 * @param critical whether the DCC returns a Pre-Command that the User correlates and signs
 * @param onDemand whether it may be sent without an execution time
 * @param futureDating which party waits for the execution time, if it may have one
 * @param schedulable whether it may be the subject of a DCC schedule (5.1)
 * @param nonDevice whether the DCC itself executes it
 * @param roles User Roles that may send it
 * @param bodyElement DUIS body element
 * @param variants permitted Command Variants; the first is the one that a User sends first
 * @param useCases GBCS use cases that result from it, in the order of the catalogue; for a use case of several
 *     services, the variant of this service
 * @param lane default lane of priority
 * @param targetSeconds target response time in seconds
 * @param commandedByOther whether another party sends the GBCS command instead of the User: the device responds to that
 *     party
 */
public record ServiceRow(
        String variant,
        String reference,
        String name,
        boolean critical,
        boolean onDemand,
        FutureDating futureDating,
        boolean schedulable,
        boolean nonDevice,
        Set<UserRole> roles,
        String bodyElement,
        List<CommandVariant> variants,
        List<String> useCases,
        Lane lane,
        int targetSeconds,
        boolean commandedByOther) {

    public ServiceRow {
        roles = Set.copyOf(roles);
        variants = List.copyOf(variants);
        useCases = List.copyOf(useCases);
    }

    /** The variant a User sends first: CV4 for critical, CV1 for non-critical, CV8 for non-device services. */
    public CommandVariant firstVariant() {
        return variants.get(0);
    }
}
