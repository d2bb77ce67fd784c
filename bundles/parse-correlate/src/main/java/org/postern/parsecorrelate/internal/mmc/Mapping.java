package org.postern.parsecorrelate.internal.mmc;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The rows of the mapping resources.
 *
 * @param uses by message code: how its response becomes MMC
 * @param alerts by message code: the payload element of its alert
 * @param fragments rows used in several places
 */
record Mapping(Map<Integer, Use> uses, Map<Integer, Use> alerts, Map<String, List<Row>> fragments) {

    /** The rows of a fragment. {@link MappingReader} has checked that every fragment that is used is defined. */
    List<Row> fragment(String name) {
        return Objects.requireNonNull(fragments.get(name), name);
    }

    /**
     * How one use case is mapped.
     *
     * @param line line in the resource
     * @param resource name of the resource
     * @param code message code
     * @param name name of the use case
     * @param services candidates; the first whose condition is true is used
     * @param rows rows beneath the response element or the alert's payload
     */
    record Use(String resource, int line, int code, String name, List<Service> services, List<Row> rows) {}

    /**
     * A Service Request that the message code answers.
     *
     * @param variant reference in variant form
     * @param reference the reference in MMC, without the variant: 6.15 for 6.15.1
     * @param condition empty, or the condition for a message to be the answer to this service: {@code acb} if it is
     *     addressed to the Access Control Broker, {@code mac} if it has a MAC, {@code items=N} if it is a DLMS response
     *     with N items
     */
    record Service(String variant, String reference, String condition) {

        Service(String variant, String condition) {
            this(variant, reference(variant), condition);
        }

        private static String reference(String variant) {
            int second = variant.indexOf('.', variant.indexOf('.') + 1);
            return second < 0 ? variant : variant.substring(0, second);
        }
    }
}
