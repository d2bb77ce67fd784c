package org.postern.servicerequests.internal.credentials;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.catalogue.Fault;
import org.postern.inventory.CertificateRefusal;
import org.postern.inventory.SmkiCertificate;
import org.postern.inventory.SmkiCertificate.Kind;
import org.postern.inventory.SmkiCertificate.Usage;
import org.postern.servicerequests.ServiceRequestFault;

/** Checks a single certificate: form, kind, role, key usage, validity. */
final class CertificateRules {

    private final CredentialsTable table;
    private final Findings findings;

    CertificateRules(CredentialsTable table, Findings findings) {
        this.table = table;
        this.findings = findings;
    }

    /** Reads a certificate of the request; one that cannot be read causes a finding. */
    Optional<SuppliedCertificate> read(String field, String element, String text) {
        byte[] der;
        try {
            der = Base64.getDecoder().decode(text.replaceAll("[ \\t\\r\\n]", ""));
        } catch (IllegalArgumentException e) {
            findings.refuse(ServiceRequestFault.CERTIFICATE_FORM, field, "a certificate in base64", "not base64");
            return Optional.empty();
        }
        try {
            return Optional.of(new SuppliedCertificate(field, element, SmkiCertificate.read(der)));
        } catch (CertificateRefusal e) {
            Fault fault = e.fault();
            ServiceRequestFault kind = switch (e.respect()) {
                case FORM -> ServiceRequestFault.CERTIFICATE_FORM;
                case ALGORITHM -> ServiceRequestFault.CERTIFICATE_ALGORITHM;
                case PROFILE -> ServiceRequestFault.CERTIFICATE_PROFILE;
            };
            findings.refuse(kind, field, fault.rule(), fault.cause());
            return Optional.empty();
        }
    }

    /** The certificate must be of an organisation with that party's role. */
    void role(SuppliedCertificate supplied, String party) {
        String role = table.role(party);
        if (supplied.certificate().kind() != Kind.ORGANISATION) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_ROLE,
                    supplied.field(),
                    "a certificate of an organisation, with role " + role + " (" + party + ")",
                    supplied.name() + " is of "
                            + (supplied.certificate().kind() == Kind.DEVICE ? "a device" : "an authority"));
        } else if (!supplied.certificate().role().orElse("").equals(role)) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_ROLE,
                    supplied.field(),
                    "role " + role + " (" + party + ")",
                    supplied.name());
        }
    }

    /** The certificate must have only the key usage of its element. */
    void usage(SuppliedCertificate supplied) {
        List<Usage> usages = table.element(supplied.element()).orElseThrow().usages();
        if (!usages.contains(supplied.certificate().usage())) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_USAGE,
                    supplied.field(),
                    "key usage " + usages.stream().map(Usage::text).collect(Collectors.joining(" or "))
                            + " and no other",
                    supplied.name() + " has " + supplied.certificate().usage().text());
        }
    }

    /**
     * The certificate must be valid at each of the times, and for a period after the last.
     *
     * @param refuses false if the request tells the device to ignore validity times
     */
    void validity(SuppliedCertificate supplied, List<Instant> times, Duration remaining, boolean refuses) {
        SmkiCertificate certificate = supplied.certificate();
        String rule = "valid now, at the execution time, and " + remaining.toDays() + " days longer";
        Instant last = times.get(times.size() - 1);
        if (certificate.notAfter().isBefore(certificate.notBefore())) {
            // an error that does not depend on the time, so ignoring times does not excuse it
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_VALIDITY,
                    supplied.field(),
                    "a validity period that starts before it ends",
                    supplied.name() + " is never valid");
            return;
        }
        for (Instant time : times) {
            if (!certificate.validAt(time)) {
                findings.add(
                        refuses,
                        ServiceRequestFault.CERTIFICATE_VALIDITY,
                        supplied.field(),
                        rule,
                        supplied.name()
                                + (time.isAfter(certificate.notAfter())
                                        ? " ended at " + certificate.notAfter()
                                        : " starts at " + certificate.notBefore())
                                + ", and " + time + " is required");
                return;
            }
        }
        if (certificate.notAfter().isBefore(last.plus(remaining))) {
            findings.add(
                    refuses,
                    ServiceRequestFault.CERTIFICATE_VALIDITY,
                    supplied.field(),
                    rule,
                    supplied.name() + " ends at " + certificate.notAfter());
        }
    }

    /** No two certificates may have the same key. */
    void distinctKeys(List<SuppliedCertificate> leaves, List<SuppliedCertificate> path) {
        for (int i = 0; i < leaves.size(); i++) {
            SuppliedCertificate supplied = leaves.get(i);
            for (SuppliedCertificate other : leaves.subList(0, i)) {
                if (sameKey(supplied.certificate(), other.certificate())) {
                    findings.refuse(
                            ServiceRequestFault.CERTIFICATE_KEY,
                            supplied.field(),
                            "a key for each usage",
                            supplied.name() + " has the key of " + other.element());
                }
            }
            for (SuppliedCertificate other : path) {
                if (sameKey(supplied.certificate(), other.certificate())) {
                    findings.refuse(
                            ServiceRequestFault.CERTIFICATE_KEY,
                            supplied.field(),
                            "a key that no other party has",
                            supplied.name() + " has the key of an authority");
                }
            }
        }
    }

    static boolean sameKey(SmkiCertificate one, SmkiCertificate other) {
        return Arrays.equals(one.publicKey(), other.publicKey());
    }
}
