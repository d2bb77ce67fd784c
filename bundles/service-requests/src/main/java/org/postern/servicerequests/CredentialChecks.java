package org.postern.servicerequests;

import org.postern.duis.DuisRequest;

/**
 * The pre-checks of the credentials services (Government's response of January 2014 on the Smart Energy Code, stage 2,
 * paragraphs 62 and 63; DUIS services 6.15.1, 6.15.2, 6.17, 6.21, 6.23, 6.24.1, 6.24.2): what an admission asks before
 * a counter is spent, and what a person may ask without handing anything in. Changes nothing. Safe for many threads.
 */
public interface CredentialChecks {

    /** True where the service is one of those. */
    boolean concerns(String serviceReferenceVariant);

    /**
     * Checks a request of such a service. What is wrong with it stands in the report.
     *
     * @throws org.postern.catalogue.PosternException PST-2149 for another service, PST-6001 where the ledger does not
     *     answer
     */
    CredentialsReport check(DuisRequest request);

    /**
     * Reads a submission, holds it to the structure of its service and checks it.
     *
     * @throws org.postern.catalogue.PosternException as {@link #check(DuisRequest)}, and PST-1xxx for what cannot be
     *     read
     */
    CredentialsReport check(Submission.Format format, byte[] bytes);
}
