package org.postern.servicerequests.internal.admission;

import java.util.List;
import java.util.Optional;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisRequest;
import org.postern.ledger.Counters;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.CredentialChecks;
import org.postern.servicerequests.CredentialsReport;
import org.postern.servicerequests.Metrics;
import org.postern.servicerequests.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Additional steps for credentials services at admission: the pre-checks run before a counter is used, our counters are
 * raised above a floor before the request gets its own counter, and the security log is written before the ledger.
 */
final class CredentialsGate {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialsGate.class);

    /** A request of a credentials service that was refused by its pre-checks. */
    static final class Refusal extends PosternException {
        private static final long serialVersionUID = 1L;

        private final transient CredentialsReport report;

        Refusal(CredentialsReport report) {
            super(report.refusal().orElseThrow());
            this.report = report;
        }

        /** The event for the security log. */
        SecurityEvent event(Submission submission, RequestId id) {
            return new SecurityEvent.CredentialsRefused(
                    submission.principal(),
                    submission.channel().text(),
                    id.toString(),
                    report.service(),
                    report.party(),
                    fault().code(),
                    fault().field(),
                    fault().cause());
        }
    }

    private final CredentialChecks checks;
    private final Counters counters;
    private final SecurityLog securityLog;
    private final Metrics metrics;

    CredentialsGate(CredentialChecks checks, Counters counters, SecurityLog securityLog, Metrics metrics) {
        this.checks = checks;
        this.counters = counters;
        this.securityLog = securityLog;
        this.metrics = metrics;
    }

    /**
     * Checks a request if it is of a credentials service.
     *
     * @return empty for any other service
     * @throws Refusal PST-213x and PST-214x
     */
    Optional<CredentialsReport> check(DuisRequest request) {
        if (!checks.concerns(request.serviceReferenceVariant())) {
            return Optional.empty();
        }
        CredentialsReport report = checks.check(request);
        report.findings()
                .forEach(finding -> metrics.count(
                        "postern_credential_findings_total",
                        "code",
                        finding.fault().code()));
        boolean refused = report.refusal().isPresent();
        metrics.count("postern_credentials_total", "outcome", refused ? "refused" : "admitted");
        if (refused) {
            throw new Refusal(report);
        }
        for (CredentialsReport.Floor floor : report.floors()) {
            if (floor.raises() && !request.cancels()) {
                raise(floor, report);
            }
        }
        return Optional.of(report);
    }

    private void raise(CredentialsReport.Floor floor, CredentialsReport report) {
        if (floor.prepayment()) {
            counters.raisePrepayment(floor.owner(), report.device(), floor.value());
        } else {
            counters.raise(floor.owner(), floor.value());
        }
        LOG.info(
                "{}: counters of {} continue above the floor {} of service {}",
                report.device(),
                floor.owner(),
                floor.value(),
                report.service());
    }

    /** Writes the admission to both logs, with the service that reads the result back. */
    void admitted(CredentialsReport report, Submission submission, RequestId id) {
        List<CredentialsReport.Certificate> put = report.certificates().stream()
                .filter(CredentialsReport.Certificate::replaces)
                .toList();
        securityLog.append(new SecurityEvent.CredentialsAdmitted(
                submission.principal(),
                submission.channel().text(),
                id.toString(),
                report.service(),
                report.party(),
                put.stream().map(CredentialsReport.Certificate::eui).distinct().toList(),
                put.stream().map(CredentialsReport.Certificate::serial).toList()));
        report.findings().forEach(finding -> LOG.warn("{} admitted despite a warning: {}", id, finding.fault()));
        report.postCheck()
                .ifPresent(service ->
                        LOG.info("{}: when the device has answered, read its credentials back with {}", id, service));
    }
}
