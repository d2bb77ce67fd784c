package org.postern.servicerequests.internal.admission;

import org.postern.duis.DuisRequest;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.Submission;

/** Checks by which no service is a credentials service. */
public final class NoCredentials implements CredentialChecks {

    @Override
    public boolean concerns(String serviceReferenceVariant) {
        return false;
    }

    @Override
    public CredentialsReport check(DuisRequest request) {
        throw new IllegalStateException("no service is a credentials service");
    }

    @Override
    public CredentialsReport check(Submission.Format format, byte[] bytes) {
        throw new IllegalStateException("no service is a credentials service");
    }
}
