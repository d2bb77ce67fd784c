package org.postern.servicerequests.internal.admission;

import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisRequest;
import org.postern.ledger.Counters;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.TopUpDigits;
import org.postern.servicerequests.UserRoleProfile;

/** A request on its way to be admitted: read from what was handed in, or made here of an order. */
public interface Draft {

    /**
     * A request that is numbered.
     *
     * @param request under the counter that it is sent with
     * @param token the digits that were made with that counter; empty where none were made here
     */
    record Numbered(DuisRequest request, Optional<TopUpDigits> token) {}

    /**
     * The request to be checked, not yet under a counter of ours.
     *
     * @throws org.postern.catalogue.PosternException where what was ordered cannot be made into one
     */
    DuisRequest request();

    /**
     * The request that is sent; asked for only once it is admissible and new.
     *
     * @param checked {@link #request} as it was checked
     * @throws org.postern.catalogue.PosternException where there is no counter, or no token, for it
     */
    Numbered numbered(DuisRequest checked, UserRoleProfile role, ServiceRow service);

    /** The lane that its caller wishes for. */
    Optional<Lane> lane();

    /** What its caller is told of its admission or refusal. */
    default Admission told(Admission admission) {
        return admission;
    }

    /** A request as it was read. */
    static Draft of(DuisRequest request, Optional<Lane> lane, Counters counters) {
        return new ReadRequest(request, lane, counters);
    }
}
