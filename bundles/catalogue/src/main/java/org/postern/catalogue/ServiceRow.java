package org.postern.catalogue;

import java.util.List;
import java.util.Set;

/**
 * One Service Reference Variant of the catalogue.
 *
 * @param variant Service Reference Variant, for example {@code 4.1.1}
 * @param reference Service Reference, for example {@code 4.1}
 * @param name short name, not the text of the standard
 * @param critical the request comes back as a Pre-Command that the User correlates and signs
 * @param onDemand may be sent without an execution time
 * @param futureDating who waits for the execution time, if it may have one
 * @param schedulable may be the subject of a DCC schedule (5.1)
 * @param nonDevice done by the DCC itself
 * @param roles User Roles that may send it
 * @param bodyElement DUIS body element
 * @param variants Command Variants that may carry it, the first one first
 * @param useCases GBCS use cases it becomes, in the catalogue's order; of a use case that several services share, the
 *     variant that is this service's
 * @param lane default lane of priority
 * @param targetSeconds target response time in seconds
 * @param commandedByOther the GBCS command is another party's, which acts in the User's place: the device answers that
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
