package org.postern.duis;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.duis.internal.BodyStructure;
import org.postern.duis.internal.JsonForm;

/**
 * Reads the JSON form of a request:
 *
 * <pre>
 * {"service": "4.8.1", "device": "00-DB-12-34-56-78-90-A0", "role": "IS",
 *  "body": {"ReadLogPeriod": {"StartDateTime": "2026-11-01T00:00:00.00Z", "EndDateTime": "2026-11-02T00:00:00.00Z"}}}
 * </pre>
 *
 * <p>{@code body} holds what stands inside the request element, in any order: objects are elements, arrays repeat one,
 * {@code "@index"} is an attribute and {@code "$"} the text beside attributes. It may be left out where the request
 * element is empty; {@code device} must be left out for a non-device service; {@code commandVariant} (a number) or
 * {@code delivery} ({@code wan}, {@code local} or {@code both}) may be added. Nothing else is allowed, and no name
 * twice. Safe for many threads.
 */
public final class JsonRequests {

    private final ServiceCatalogue catalogue;
    private final DuisLimits limits;
    private final BodyStructure structure = BodyStructure.load();

    public JsonRequests(ServiceCatalogue catalogue, DuisLimits limits) {
        this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /**
     * Reads one request.
     *
     * @throws DuisException PST-1010 too large, PST-1040 not JSON, PST-1041 a field missing, unknown or of the wrong
     *     kind, PST-1016, PST-1017 a body that is not the service's
     * @throws org.postern.catalogue.PosternException PST-1003 for an unknown service
     */
    public RequestForm read(byte[] json) {
        checkSize(json, "raise the interface's size limit if such documents are meant to come");
        return new JsonForm(catalogue, structure, limits).read(json);
    }

    /**
     * Reads whichever of the two it is, once: a top-up where it is an object with a member {@code topUp}, else a
     * request.
     *
     * @param request what becomes of a request
     * @param topUp what becomes of a top-up; its form throws as {@link #readTopUp} when it is asked for
     * @throws DuisException as {@link #read}
     */
    public <R> R read(byte[] json, Function<RequestForm, R> request, Function<Supplier<TopUpForm>, R> topUp) {
        checkSize(json, "raise the interface's size limit if such documents are meant to come");
        return new JsonForm(catalogue, structure, limits).read(json, request, topUp);
    }

    /**
     * Reads a top-up. {@code service} may be left out; {@code role} may be a User ID.
     *
     * @throws DuisException PST-1010, PST-1040, PST-1041 as {@link #read}
     */
    public TopUpForm readTopUp(byte[] json) {
        checkSize(json, "hand in one top-up at a time");
        return new JsonForm(catalogue, structure, limits).readTopUp(json);
    }

    private void checkSize(byte[] json, String action) {
        if (json.length > limits.maxBytes()) {
            throw DuisException.of(
                    DuisFault.DOCUMENT_TOO_LARGE,
                    "document",
                    "at most " + limits.maxBytes() + " bytes",
                    json.length + " bytes",
                    action);
        }
    }
}
