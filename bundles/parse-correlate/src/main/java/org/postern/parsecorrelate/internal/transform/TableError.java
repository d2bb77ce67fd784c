package org.postern.parsecorrelate.internal.transform;

import org.postern.catalogue.PosternException;
import org.postern.parsecorrelate.ParseCorrelateFault;

/** A rule file that does not hold together; found when it is loaded. */
final class TableError extends PosternException {

    private static final long serialVersionUID = 1L;

    TableError(String file, int line, String what) {
        super(ParseCorrelateFault.RULES_BROKEN.fault(
                file + ":" + line, "a rule in the transform notation", what, "mend the rule file"));
    }
}
