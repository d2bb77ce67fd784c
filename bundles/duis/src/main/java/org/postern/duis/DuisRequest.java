package org.postern.duis;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.CancellationTime;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.RequestId;

/**
 * A Service Request or Signed Pre-Command (DUIS schema), without its signature.
 *
 * @param schemaVersion DUIS version, for example {@code 5.4}
 * @param requestId RequestID
 * @param firstInSequence present on the first request of a sequence
 * @param precedingRequestId present on every later request of a sequence
 * @param variant Command Variant
 * @param serviceReference Service Reference, for example {@code 4.1}
 * @param serviceReferenceVariant Service Reference Variant, for example {@code 4.1.1}
 * @param body the only child of the Body element
 */
public record DuisRequest(
        String schemaVersion,
        RequestId requestId,
        Optional<Boolean> firstInSequence,
        Optional<RequestId> precedingRequestId,
        CommandVariant variant,
        String serviceReference,
        String serviceReferenceVariant,
        DuisElement body) {

    /** The version that is written by default. */
    public static final String SCHEMA_VERSION = "5.4";
    /** Body element of command variants 5, 6 and 7. */
    public static final String SIGNED_PRE_COMMAND = "SignedPreCommand";

    public DuisRequest {
        Objects.requireNonNull(schemaVersion, "schemaVersion");
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(firstInSequence, "firstInSequence");
        Objects.requireNonNull(precedingRequestId, "precedingRequestId");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(serviceReference, "serviceReference");
        Objects.requireNonNull(serviceReferenceVariant, "serviceReferenceVariant");
        Objects.requireNonNull(body, "body");
    }

    /** A request outside any sequence, in the current schema version. */
    public DuisRequest(
            RequestId requestId,
            CommandVariant variant,
            String serviceReference,
            String serviceReferenceVariant,
            DuisElement body) {
        this(
                SCHEMA_VERSION,
                requestId,
                Optional.empty(),
                Optional.empty(),
                variant,
                serviceReference,
                serviceReferenceVariant,
                body);
    }

    /** The same request under another RequestID. */
    public DuisRequest withRequestId(RequestId id) {
        return new DuisRequest(
                schemaVersion,
                id,
                firstInSequence,
                precedingRequestId,
                variant,
                serviceReference,
                serviceReferenceVariant,
                body);
    }

    /** The same request as another Command Variant. */
    public DuisRequest withVariant(CommandVariant other) {
        return new DuisRequest(
                schemaVersion,
                requestId,
                firstInSequence,
                precedingRequestId,
                other,
                serviceReference,
                serviceReferenceVariant,
                body);
    }

    /**
     * The Signed Pre-Command of this critical request: the same RequestID, service and execution time, Command Variant
     * 5 (or 6 or 7 where local delivery is requested) instead of 4, and the signed bytes as the body.
     *
     * @param signedPreCommandVariant CV5, CV6 or CV7
     * @param signedPreCommand GBCS bytes with the User's signature
     */
    public DuisRequest signedPreCommand(CommandVariant signedPreCommandVariant, byte[] signedPreCommand) {
        if (variant != CommandVariant.CV4 || !signedPreCommandVariant.carriesSignedPreCommand()) {
            throw DuisException.of(
                    DuisFault.INVALID_VALUE,
                    "Header/CommandVariant",
                    "a Signed Pre-Command (5, 6, 7) follows variant 4",
                    variant + " then " + signedPreCommandVariant,
                    "submit the request as variant 4 first");
        }
        DuisElement payload =
                DuisElement.leaf("GBCSPayload", Base64.getEncoder().encodeToString(signedPreCommand));
        DuisElement signed = body.child("ExecutionDateTime")
                .map(time -> DuisElement.of(SIGNED_PRE_COMMAND, time, payload))
                .orElseGet(() -> DuisElement.of(SIGNED_PRE_COMMAND, payload));
        return new DuisRequest(
                schemaVersion,
                requestId,
                firstInSequence,
                precedingRequestId,
                signedPreCommandVariant,
                serviceReference,
                serviceReferenceVariant,
                signed);
    }

    /**
     * The execution time of a future-dated request.
     *
     * @throws DuisException PST-1018 where the element is not a date-time
     */
    public Optional<Instant> executionDateTime() {
        return body.find("ExecutionDateTime").map(text -> dateTime("Body/" + body.name() + "/ExecutionDateTime", text));
    }

    /**
     * True where the execution time is in the year 3000, which cancels an earlier future-dated request (DUIS, future
     * dated services).
     */
    public boolean cancels() {
        return body.find("ExecutionDateTime").filter(CancellationTime::is).isPresent();
    }

    /**
     * The GBCS bytes of a Signed Pre-Command.
     *
     * @throws DuisException PST-1016 or PST-1018 where it contains none
     */
    public byte[] signedPreCommandPayload() {
        return base64("Body/" + body.name() + "/GBCSPayload", body.value("GBCSPayload"));
    }

    static Instant dateTime(String field, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw DuisException.of(
                    DuisFault.INVALID_VALUE,
                    field,
                    "a date-time in UTC",
                    "not a date-time",
                    "write it as 2026-11-23T00:00:00.00Z");
        }
    }

    static byte[] base64(String field, String text) {
        try {
            return Base64.getDecoder().decode(text.replaceAll("[ \\t\\r\\n]", ""));
        } catch (IllegalArgumentException e) {
            throw DuisException.of(DuisFault.INVALID_VALUE, field, "base64", "not base64", "encode the bytes again");
        }
    }
}
