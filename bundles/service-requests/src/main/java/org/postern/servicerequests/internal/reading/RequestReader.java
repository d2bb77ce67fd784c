package org.postern.servicerequests.internal.reading;

import org.postern.duis.DuisRequest;
import org.postern.servicerequests.Submission;

/** Reads what was handed in, in either form; its counter is not yet ours. */
@FunctionalInterface
public interface RequestReader {

    /**
     * The request as handed in.
     *
     * @throws org.postern.catalogue.PosternException naming the element or member at fault
     */
    DuisRequest read(Submission.Format format, byte[] bytes);
}
