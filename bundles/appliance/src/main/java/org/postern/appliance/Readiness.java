package org.postern.appliance;

import java.util.Map;

/** Whether every part that the appliance needs is up. */
public interface Readiness {

    /**
     * Tells whether all parts are up now.
     *
     * @return true when no part is missing
     */
    boolean ready();

    /**
     * The parts in the order of configuration.
     *
     * @return name of each part, and whether it is up now
     */
    Map<String, Boolean> parts();
}
