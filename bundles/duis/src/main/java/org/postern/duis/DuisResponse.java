package org.postern.duis;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;

/**
 * An answer or alert of the DCC (DUIS schema), without its signature.
 *
 * @param schemaVersion DUIS version
 * @param requestId the request it answers; absent from alerts
 * @param responseId identity of the answer; acknowledgement, response and future-dated alerts may share one
 * @param responseCode the DCC's code, for example {@code I0}
 * @param responseDateTime when the DCC made it
 * @param body what it carries
 */
public record DuisResponse(
        String schemaVersion,
        Optional<RequestId> requestId,
        Optional<ResponseId> responseId,
        String responseCode,
        Instant responseDateTime,
        ResponseBody body) {

    private static final int LONGEST_KIND = 60;

    public DuisResponse {
        Objects.requireNonNull(schemaVersion, "schemaVersion");
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(responseId, "responseId");
        Objects.requireNonNull(responseCode, "responseCode");
        Objects.requireNonNull(responseDateTime, "responseDateTime");
        Objects.requireNonNull(body, "body");
    }

    /**
     * The kind of its body, finer than the element's name where the payload decides, at most 60 characters: see
     * {@link ResponseBody#kind()}.
     */
    public String kind() {
        String kind = body.kind();
        return kind.length() <= LONGEST_KIND ? kind : kind.substring(0, LONGEST_KIND);
    }
}
