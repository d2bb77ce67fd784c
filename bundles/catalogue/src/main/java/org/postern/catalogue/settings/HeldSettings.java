package org.postern.catalogue.settings;

import java.util.Set;

/**
 * The parts that wait for their settings: their settings file is wrong, and there were no previous settings in force.
 */
public interface HeldSettings {

    /** PIDs of these files. Returns immediately, from memory. */
    Set<String> held();
}
