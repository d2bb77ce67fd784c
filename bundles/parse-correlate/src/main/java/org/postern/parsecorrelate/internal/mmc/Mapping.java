package org.postern.parsecorrelate.internal.mmc;

import java.util.List;
import java.util.Map;

/**
 * What the rows of the mapping resources say.
 *
 * @param uses by message code: how its response becomes MMC
 * @param alerts by message code: the payload element of its alert
 * @param fragments rows used in several places
 */
record Mapping(Map<Integer, Use> uses, Map<Integer, Use> alerts, Map<String, List<Row>> fragments) {

    /**
     * How one use case is mapped.
     *
     * @param line line in the resource
     * @param resource name of the resource
     * @param code message code
     * @param name name of the use case
     * @param services candidates, the first whose condition holds is taken
     * @param rows rows beneath the response element or the alert's payload
     */
    record Use(String resource, int line, int code, String name, List<Service> services, List<Row> rows) {}

    /**
     * A Service Request that the message code answers.
     *
     * @param variant reference in variant form
     * @param reference the form without variant, as far as MMC distinguishes: 6.15 of 6.15.1
     * @param condition none, or what a message must look like to be taken for this one: {@code acb} where it is
     *     addressed to the Access Control Broker, {@code mac} where it has a MAC, {@code items=N} where a DLMS response
     *     has N items
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
