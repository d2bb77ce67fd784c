package org.postern.servicerequests.internal.topup;

import org.postern.ledger.Counters;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.internal.admission.Admitter;
import org.postern.servicerequests.internal.admission.Draft;
import org.postern.servicerequests.internal.reading.SubmissionReader;

/**
 * Admits submissions of the supplier-facing interfaces. Each is read once and is either a request, or an order for a
 * top-up from which a request is made.
 */
public final class Submissions {

    private final SubmissionReader reader;
    private final Admitter admitter;
    private final TopUpMaker topUps;
    private final Counters counters;

    public Submissions(SubmissionReader reader, Admitter admitter, TopUpMaker topUps, Counters counters) {
        this.reader = reader;
        this.admitter = admitter;
        this.topUps = topUps;
        this.counters = counters;
    }

    /** See {@link org.postern.servicerequests.ServiceRequests#admit}. */
    public Admission admit(Submission submission) {
        return admitter.admit(
                submission,
                () -> reader.read(
                        submission,
                        request -> Draft.of(request, submission.lane(), counters),
                        form -> topUps.draft(submission, form)));
    }
}
