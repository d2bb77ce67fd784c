package org.postern.hsm.internal;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** Determines the bundle of a class. */
public final class Bundles {

    private Bundles() {}

    /** Symbolic name of the bundle; empty where the class belongs to no bundle; null outside OSGi. */
    public static @Nullable String symbolicNameOf(Class<?> type) {
        try {
            if (FrameworkUtil.getBundle(Bundles.class) == null) {
                return null;
            }
            Bundle bundle = FrameworkUtil.getBundle(type);
            return bundle == null ? "" : bundle.getSymbolicName();
        } catch (LinkageError e) {
            // the OSGi classes are missing in the offline command line
            return null;
        }
    }
}
