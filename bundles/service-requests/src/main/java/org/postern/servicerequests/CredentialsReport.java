package org.postern.servicerequests;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;

/**
 * The result of the pre-checks of a credentials service.
 *
 * @param service Service Reference Variant
 * @param submitter User ID of the request
 * @param device device that it is addressed to
 * @param party remote party whose credentials it replaces or reads, in DUIS terms; {@code device} for the device's own
 * @param certificates every certificate of the request that could be read, in the request's order
 * @param floors every counter floor, in the request's order
 * @param findings errors and warnings; empty if there are none
 * @param postCheck service that reads the result back from the device; empty if nothing is replaced
 */
public record CredentialsReport(
        String service,
        Eui64 submitter,
        Eui64 device,
        String party,
        List<Certificate> certificates,
        List<Floor> floors,
        List<Finding> findings,
        Optional<String> postCheck) {

    public CredentialsReport {
        Objects.requireNonNull(service, "service");
        certificates = List.copyOf(certificates);
        floors = List.copyOf(floors);
        findings = List.copyOf(findings);
    }

    /**
     * A certificate, for display.
     *
     * @param element path of its element
     * @param replaces true for a certificate to be installed, false for a certificate of the path
     * @param role two hex digits of the subject's OU; empty for a device or an authority
     * @param eui EUI-64, dashed; empty for an authority
     * @param usage key usage
     * @param serial serial number in hex
     */
    public record Certificate(
            String element,
            boolean replaces,
            String role,
            String eui,
            String usage,
            String serial,
            Instant notBefore,
            Instant notAfter) {}

    /**
     * A floor of a counter series.
     *
     * @param element path of its element
     * @param value as given
     * @param owner whose series
     * @param ours true if Postern issues the counters of the series; the next three values are meaningful only then
     * @param prepayment true for the prepayment series of the owner with the device
     * @param lowest lowest floor that is accepted: the highest counter that may have been used
     * @param largest highest floor that is accepted
     */
    public record Floor(
            String element, long value, Eui64 owner, boolean ours, boolean prepayment, long lowest, long largest) {

        /** True if Postern's series has to be raised so that it continues above the floor. */
        public boolean raises() {
            return ours && value > lowest;
        }
    }

    /**
     * An error or warning.
     *
     * @param refuses true for an error, for which the request is refused; false for a warning
     */
    public record Finding(boolean refuses, Fault fault) {}

    /** The first error, with the number of further ones; empty if the request may be admitted. */
    public Optional<Fault> refusal() {
        List<Fault> refusals =
                findings.stream().filter(Finding::refuses).map(Finding::fault).toList();
        if (refusals.size() < 2) {
            return refusals.stream().findFirst();
        }
        Fault first = refusals.get(0);
        return Optional.of(new Fault(
                first.kind(),
                first.field(),
                first.rule(),
                first.cause() + "; and " + (refusals.size() - 1) + " more, see dcc:check-certificates",
                first.action()));
    }
}
