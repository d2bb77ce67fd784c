package org.postern.servicerequests.internal.admission;

import java.util.Optional;
import org.postern.catalogue.Lane;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.DuisRequest;
import org.postern.ledger.Counters;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.UserRoleProfile;

/**
 * A request that was read from a submission. It gets our next counter, except for a top-up, whose token was made for
 * the counter that it has.
 */
record ReadRequest(DuisRequest request, Optional<Lane> lane, Counters counters) implements Draft {

    @Override
    public Numbered numbered(DuisRequest checked, UserRoleProfile role, ServiceRow service) {
        if (TopUps.SERVICE.equals(service.variant())) {
            TopUpRules.check(checked);
            return new Numbered(checked, Optional.empty());
        }
        RequestId asked = checked.requestId();
        return new Numbered(
                checked.withRequestId(
                        new RequestId(asked.originator(), asked.target(), counters.next(asked.originator()))),
                Optional.empty());
    }
}
