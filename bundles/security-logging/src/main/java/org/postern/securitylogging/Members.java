package org.postern.securitylogging;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ordered members of a record; absent values are left out. */
final class Members {

    private Members() {}

    static Map<String, CharSequence> of(CharSequence... namesAndValues) {
        Map<String, CharSequence> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                members.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
            }
        }
        return Collections.unmodifiableMap(members);
    }
}
