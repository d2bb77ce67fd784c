package org.postern.servicerequests;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;

/**
 * What the pre-checks of a credentials service found.
 *
 * @param service Service Reference Variant
 * @param submitter User ID of the request
 * @param device device it is addressed to
 * @param party remote party whose credentials it replaces or reads, in DUIS terms; {@code device} for the device's own
 * @param certificates every certificate of the request that could be read, in its order
 * @param floors every floor, in the request's order
 * @param findings what was found wrong or worth knowing; empty where nothing
 * @param postCheck service by which the result is read back from the device; empty where nothing is replaced
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
     * A certificate as people may see it.
     *
     * @param element path of its element
     * @param replaces true for one that is put in place, false for one of the path
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
     * @param ours true where we give the series' counters, so that the next three mean something
     * @param prepayment true for the series of top-ups of the owner with the device
     * @param lowest lowest floor that is taken: the highest counter that may have been used
     * @param largest largest floor that is taken
     */
    public record Floor(
            String element, long value, Eui64 owner, boolean ours, boolean prepayment, long lowest, long largest) {

        /** True where our series has to be raised so that it goes on above the floor. */
        public boolean raises() {
            return ours && value > lowest;
        }
    }

    /**
     * Something found.
     *
     * @param refuses true where the request is refused for it, false for a warning
     */
    public record Finding(boolean refuses, Fault fault) {}

    /**
     * The first finding for which the request is refused, with the number of further ones; empty where it may be
     * admitted.
     */
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
