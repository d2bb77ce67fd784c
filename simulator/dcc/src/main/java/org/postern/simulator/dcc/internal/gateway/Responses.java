package org.postern.simulator.dcc.internal.gateway;

import java.time.Instant;
import java.util.Optional;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;

/** Responses of the DCC to a request, before they are signed. */
final class Responses {

    private Responses() {}

    static DuisResponse to(DuisRequest request, String code, Optional<ResponsePayload> payload, Instant now) {
        return new DuisResponse(
                request.schemaVersion(),
                Optional.of(request.requestId()),
                Optional.of(request.requestId().responseId()),
                code,
                now,
                new ResponseBody.ResponseMessage(
                        request.serviceReference(), request.serviceReferenceVariant(), payload));
    }
}
