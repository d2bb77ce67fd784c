package org.postern.servicerequests.internal.credentials;

import java.util.ArrayList;
import java.util.List;
import org.postern.servicerequests.CredentialsReport.Finding;
import org.postern.servicerequests.ServiceRequestFault;

/** Collects the findings of one request. Used by one thread. */
final class Findings {

    private final boolean cancellation;
    private final List<Finding> all = new ArrayList<>();

    /**
     * @param cancellation true for a cancellation: it installs nothing and must not be blocked, so all findings are
     *     warnings
     */
    Findings(boolean cancellation) {
        this.cancellation = cancellation;
    }

    void refuse(ServiceRequestFault check, String field, String rule, String cause) {
        all.add(new Finding(!cancellation, check.fault(field, rule, cause)));
    }

    void warn(ServiceRequestFault check, String field, String rule, String cause) {
        all.add(new Finding(false, check.fault(field, rule, cause)));
    }

    /** Adds an error or a warning. */
    void add(boolean refuses, ServiceRequestFault check, String field, String rule, String cause) {
        if (refuses) {
            refuse(check, field, rule, cause);
        } else {
            warn(check, field, rule, cause);
        }
    }

    List<Finding> all() {
        return List.copyOf(all);
    }
}
