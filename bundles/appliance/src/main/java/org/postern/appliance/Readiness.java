package org.postern.appliance;

import java.util.List;
import java.util.Map;

/** Whether every part that the appliance needs is up and can do its work. Never blocks. */
public interface Readiness {

    /**
     * Whether all parts are up now.
     *
     * @return true when no part is missing or reports trouble
     */
    boolean ready();

    /**
     * The parts in the order of the configuration, then those that report their own health.
     *
     * @return name of each part, and whether it is up now
     */
    Map<String, Boolean> parts();

    /**
     * Why parts are not up.
     *
     * @return name of each part that is not up, and the reason in one line
     */
    Map<String, String> troubles();

    /**
     * What should be corrected although the appliance works.
     *
     * @return name of each part that has remarks, and its remarks, one line each
     */
    Map<String, List<String>> remarks();

    /**
     * Figures for the metrics: {@code postern_part_up} of every part, and the figures that the parts provide.
     *
     * @return values by metric name with its labels, sorted
     */
    Map<String, Long> figures();
}
