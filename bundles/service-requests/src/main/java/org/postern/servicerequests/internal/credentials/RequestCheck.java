package org.postern.servicerequests.internal.credentials;

import java.time.Instant;
import java.util.List;
import org.postern.catalogue.Eui64;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.servicerequests.CredentialsReport;

/** The state of the checks of one request. */
record RequestCheck(
        DuisRequest request,
        Findings findings,
        List<Instant> times,
        boolean timed,
        List<CredentialsReport.Certificate> shown,
        List<CredentialsReport.Floor> floors) {

    DuisElement body() {
        return request.body();
    }

    Eui64 device() {
        return request.requestId().target();
    }

    Eui64 submitter() {
        return request.requestId().originator();
    }

    String field(String path) {
        return "Body/" + request.body().name() + (path.isEmpty() ? "" : "/" + path);
    }
}
