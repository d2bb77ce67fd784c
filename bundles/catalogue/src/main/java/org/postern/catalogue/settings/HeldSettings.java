package org.postern.catalogue.settings;

import java.util.Set;

/**
 * Which parts wait for their settings: they were given none, because their file is wrong and none were in force before.
 */
public interface HeldSettings {

    /** PIDs of those files. Answers from memory. */
    Set<String> held();
}
