package org.postern.parsecorrelate.internal.transform;

import org.postern.catalogue.PosternException;
import org.postern.parsecorrelate.ParseCorrelateFault;

/** A rule file is wrong; detected when the file is loaded. */
final class TableError extends PosternException {

    private static final long serialVersionUID = 1L;

    TableError(String file, int line, String what) {
        super(ParseCorrelateFault.RULES_BROKEN.fault(
                file + ":" + line, "a rule in the transform notation", what, "correct the rule file"));
    }
}
