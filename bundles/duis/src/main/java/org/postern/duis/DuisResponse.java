package org.postern.duis;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;

/**
 * A response or alert of the DCC (DUIS schema), without its signature.
 *
 * @param schemaVersion DUIS version
 * @param requestId RequestID of the request that it answers; absent from alerts
 * @param responseId ResponseID; an acknowledgement, a response and future-dated alerts may have the same one
 * @param responseCode response code of the DCC, for example {@code I0}
 * @param responseDateTime time at which the DCC created it
 * @param body content of the response
 */
public record DuisResponse(
        String schemaVersion,
        Optional<RequestId> requestId,
        Optional<ResponseId> responseId,
        String responseCode,
        Instant responseDateTime,
        ResponseBody body) {

    private static final int MAX_KIND_LENGTH = 60;

    public DuisResponse {
        Objects.requireNonNull(schemaVersion, "schemaVersion");
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(responseId, "responseId");
        Objects.requireNonNull(responseCode, "responseCode");
        Objects.requireNonNull(responseDateTime, "responseDateTime");
        Objects.requireNonNull(body, "body");
    }

    /**
     * The kind of the body, which depends on the payload for some elements; at most 60 characters. See
     * {@link ResponseBody#kind()}.
     */
    public String kind() {
        String kind = body.kind();
        return kind.length() <= MAX_KIND_LENGTH ? kind : kind.substring(0, MAX_KIND_LENGTH);
    }
}
