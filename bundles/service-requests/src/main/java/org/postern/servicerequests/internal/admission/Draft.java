package org.postern.servicerequests.internal.admission;

import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisRequest;
import org.postern.ledger.Counters;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.TopUpDigits;
import org.postern.servicerequests.UserRoleProfile;

/** A request during admission, before it is numbered: read from a submission, or made from a top-up order. */
public interface Draft {

    /**
     * A numbered request.
     *
     * @param request with the counter that it is sent with
     * @param token the token digits that were made with that counter; empty if Postern made none
     */
    record Numbered(DuisRequest request, Optional<TopUpDigits> token) {}

    /**
     * The request to be checked, before it gets its counter.
     *
     * @throws org.postern.catalogue.PosternException if the order cannot be turned into a request
     */
    DuisRequest request();

    /**
     * The request to be sent; called only if it is admissible and new.
     *
     * @param checked {@link #request} as it was checked
     * @throws org.postern.catalogue.PosternException if no counter or no token can be made for it
     */
    Numbered numbered(DuisRequest checked, UserRoleProfile role, ServiceRow service);

    /** The lane that the caller requested. */
    Optional<Lane> lane();

    /** The acknowledgement for the caller. */
    default Admission acknowledgement(Admission admission) {
        return admission;
    }

    /** A draft of a request that was read from a submission. */
    static Draft of(DuisRequest request, Optional<Lane> lane, Counters counters) {
        return new ReadRequest(request, lane, counters);
    }
}
