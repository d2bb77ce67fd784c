package org.postern.appliance;

import java.util.List;
import java.util.Map;

/** Whether every part that the appliance needs is up and can do its work. Never blocks. */
public interface Readiness {

    /**
     * Tells whether all parts are up now.
     *
     * @return true when no part is missing or in trouble
     */
    boolean ready();

    /**
     * The parts in the order of configuration, then those that report on themselves.
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
     * What should be put right although the appliance does its work.
     *
     * @return name of each part that has something to say, and its remarks in one line each
     */
    Map<String, List<String>> remarks();

    /**
     * Figures for the metrics: {@code postern_part_up} of every part, and what the parts count of themselves.
     *
     * @return values by metric name with its labels, sorted
     */
    Map<String, Long> figures();
}
