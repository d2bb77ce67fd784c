package org.postern.hsm.internal;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** Which bundle a class comes from. */
public final class Bundles {

    private Bundles() {}

    /** Symbolic name; empty where we run in OSGi and the class does not belong to a bundle; null outside OSGi. */
    public static @Nullable String symbolicNameOf(Class<?> type) {
        try {
            if (FrameworkUtil.getBundle(Bundles.class) == null) {
                return null;
            }
            Bundle bundle = FrameworkUtil.getBundle(type);
            return bundle == null ? "" : bundle.getSymbolicName();
        } catch (LinkageError e) {
            // the offline command line carries no OSGi classes
            return null;
        }
    }
}
