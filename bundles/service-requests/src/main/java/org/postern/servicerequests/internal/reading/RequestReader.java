package org.postern.servicerequests.internal.reading;

import org.postern.duis.DuisRequest;
import org.postern.servicerequests.Submission;

/** Reads a submission in either format; its counter is not allocated yet. */
@FunctionalInterface
public interface RequestReader {

    /**
     * The request as submitted.
     *
     * @throws org.postern.catalogue.PosternException naming the element or member at fault
     */
    DuisRequest read(Submission.Format format, byte[] bytes);
}
