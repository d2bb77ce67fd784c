package org.postern.servicerequests;

import org.postern.duis.DuisRequest;

/**
 * The pre-checks of the credentials services (Government's response of January 2014 on the Smart Energy Code, stage 2,
 * paragraphs 62 and 63; DUIS services 6.15.1, 6.15.2, 6.17, 6.21, 6.23, 6.24.1, 6.24.2): they run at admission before a
 * counter is used, and can be run by a person without submitting a request. They change nothing. Safe for use by
 * several threads.
 */
public interface CredentialChecks {

    /** True if the service is one of them. */
    boolean concerns(String serviceReferenceVariant);

    /**
     * Checks a request of such a service. The report contains what is wrong with it.
     *
     * @throws org.postern.catalogue.PosternException PST-2149 for another service, PST-6001 if the ledger does not
     *     answer
     */
    CredentialsReport check(DuisRequest request);

    /**
     * Reads a submission, checks it against the structure of its service, and runs the pre-checks.
     *
     * @throws org.postern.catalogue.PosternException as {@link #check(DuisRequest)}, and PST-1xxx for a submission that
     *     cannot be read
     */
    CredentialsReport check(Submission.Format format, byte[] bytes);
}
