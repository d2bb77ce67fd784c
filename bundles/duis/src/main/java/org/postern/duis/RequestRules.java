package org.postern.duis;

import java.util.Objects;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.duis.internal.BodyStructure;

/**
 * The rules of a request that do not depend on the official schema: the service exists; reference, variant and body
 * element belong to it; and the body has the elements of that service in their order. Thread-safe.
 */
public final class RequestRules {

    private final ServiceCatalogue catalogue;
    private final BodyStructure structure = BodyStructure.load();

    public RequestRules(ServiceCatalogue catalogue) {
        this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
    }

    /**
     * Checks a request.
     *
     * @return row of the service catalogue
     * @throws org.postern.catalogue.PosternException PST-1003 for an unknown service
     * @throws DuisException PST-1016 to PST-1018, naming the element
     */
    public ServiceRow check(DuisRequest request) {
        ServiceRow row = catalogue.require(request.serviceReferenceVariant());
        if (!row.reference().equals(request.serviceReference())) {
            throw DuisException.of(
                    DuisFault.INVALID_VALUE,
                    "Header/ServiceReference",
                    "the reference " + row.reference() + " of variant " + row.variant(),
                    "another reference",
                    "correct the header");
        }
        if (!row.variants().contains(request.variant())) {
            throw DuisException.of(
                    DuisFault.INVALID_VALUE,
                    "Header/CommandVariant",
                    "one of " + row.variants() + " for service " + row.variant(),
                    request.variant().toString(),
                    "use " + row.firstVariant());
        }
        String body = request.variant().carriesSignedPreCommand() ? DuisRequest.SIGNED_PRE_COMMAND : row.bodyElement();
        if (!request.body().name().equals(body)) {
            throw DuisException.of(
                    DuisFault.UNEXPECTED_ELEMENT,
                    "Body/" + request.body().name(),
                    body + " for service " + row.variant() + " as " + request.variant(),
                    "another element",
                    "correct the body or the service");
        }
        structure.check(request.body());
        request.executionDateTime();
        return row;
    }

    /** True for the variants that a supplier's system may submit: all except those of a Signed Pre-Command. */
    public static boolean maySubmit(CommandVariant variant) {
        return !variant.carriesSignedPreCommand();
    }
}
