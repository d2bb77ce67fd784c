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
 * <p>{@code body} contains the content of the request element, in any order: an object is an element, an array is a
 * repeated element, {@code "@index"} is an attribute and {@code "$"} the text of an element with attributes. It may be
 * omitted where the request element is empty; {@code device} has to be omitted for a non-device service;
 * {@code commandVariant} (a number) or {@code delivery} ({@code wan}, {@code local} or {@code both}) is optional. Other
 * and duplicate names are refused. Thread-safe.
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
     * @throws DuisException PST-1010 too large, PST-1040 not JSON, PST-1041 a member missing, unknown or of the wrong
     *     type, PST-1016, PST-1017 a body that is not that of the service
     * @throws org.postern.catalogue.PosternException PST-1003 for an unknown service
     */
    public RequestForm read(byte[] json) {
        checkSize(json, "raise the size limit of the interface if such documents are expected");
        return new JsonForm(catalogue, structure, limits).read(json);
    }

    /**
     * Reads a request or a top-up and parses the JSON only once. An object with a member {@code topUp} is a top-up, any
     * other is a request.
     *
     * @param request applied to a request
     * @param topUp applied to a top-up; its supplier throws as {@link #readTopUp}
     * @throws DuisException as {@link #read}
     */
    public <R> R read(byte[] json, Function<RequestForm, R> request, Function<Supplier<TopUpForm>, R> topUp) {
        checkSize(json, "raise the size limit of the interface if such documents are expected");
        return new JsonForm(catalogue, structure, limits).read(json, request, topUp);
    }

    /**
     * Reads a top-up. {@code service} may be omitted; {@code role} may be a User ID.
     *
     * @throws DuisException PST-1010, PST-1040, PST-1041 as {@link #read}
     */
    public TopUpForm readTopUp(byte[] json) {
        checkSize(json, "submit one top-up at a time");
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
