package org.postern.servicerequests.internal.credentials;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.postern.catalogue.Eui64;

/**
 * The operator's settings for the pre-checks.
 *
 * @param validity how long a replacement certificate must be valid after the replacement
 * @param floorLead how far a floor may be above both the highest counter used and the clock, in counters
 * @param prepaymentLead how many top-ups a top-up floor may be above the highest prepayment counter
 * @param floorByDevice true: a floor must not be below the counters used with that device; false: not below any counter
 *     used by the User ID
 * @param ownUserIds further User IDs of our company, in addition to those of the active roles
 * @param otherParties parties whose keys must not be in certificates of others, especially those of the DCC
 * @param requireKnownDevice a device that the inventory does not list is refused
 * @param requireKeyInVault own credentials are refused if the vault has no key for a certificate
 * @param requireIssuedRequest a device certificate is refused if the ledger has no certification request of the device
 */
record CredentialSettings(
        Duration validity,
        long floorLead,
        long prepaymentLead,
        boolean floorByDevice,
        Set<Eui64> ownUserIds,
        Set<Eui64> otherParties,
        boolean requireKnownDevice,
        boolean requireKeyInVault,
        boolean requireIssuedRequest) {

    /** 30 days, one day in milliseconds of the clock, and a thousand top-ups. */
    static final CredentialSettings DEFAULTS = new CredentialSettings(
            Duration.ofDays(30), 86_400_000L, 1000, false, Set.of(), Set.of(), true, false, false);

    CredentialSettings {
        Objects.requireNonNull(validity, "validity");
        ownUserIds = Set.copyOf(ownUserIds);
        otherParties = Set.copyOf(otherParties);
    }
}
