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

/** What a certificate has to be in itself: form, kind, role, key usage, validity. */
final class CertificateRules {

    private final CredentialsTable table;
    private final Findings findings;

    CertificateRules(CredentialsTable table, Findings findings) {
        this.table = table;
        this.findings = findings;
    }

    /** Reads a certificate of the request; what cannot be read is a finding. */
    Optional<Held> read(String field, String element, String text) {
        byte[] der;
        try {
            der = Base64.getDecoder().decode(text.replaceAll("[ \\t\\r\\n]", ""));
        } catch (IllegalArgumentException e) {
            findings.refuse(ServiceRequestFault.CERTIFICATE_FORM, field, "a certificate in base64", "not base64");
            return Optional.empty();
        }
        try {
            return Optional.of(new Held(field, element, SmkiCertificate.read(der)));
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

    /** Of an organisation with that party's role. */
    void role(Held held, String party) {
        String role = table.role(party);
        if (held.certificate().kind() != Kind.ORGANISATION) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_ROLE,
                    held.field(),
                    "a certificate of an organisation, with role " + role + " (" + party + ")",
                    held.name() + " is of " + (held.certificate().kind() == Kind.DEVICE ? "a device" : "an authority"));
        } else if (!held.certificate().role().orElse("").equals(role)) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_ROLE,
                    held.field(),
                    "role " + role + " (" + party + ")",
                    held.name());
        }
    }

    /** The key usage that the element is for, and nothing beside it. */
    void usage(Held held) {
        List<Usage> usages = table.element(held.element()).orElseThrow().usages();
        if (!usages.contains(held.certificate().usage())) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_USAGE,
                    held.field(),
                    "key usage " + usages.stream().map(Usage::text).collect(Collectors.joining(" or "))
                            + " and no other",
                    held.name() + " has " + held.certificate().usage().text());
        }
    }

    /**
     * Valid at each of the times, and for a while after the last.
     *
     * @param refuses false where the request has the device disregard time
     */
    void validity(Held held, List<Instant> times, Duration remaining, boolean refuses) {
        SmkiCertificate certificate = held.certificate();
        String rule = "valid now, at the execution time, and " + remaining.toDays() + " days longer";
        Instant last = times.get(times.size() - 1);
        if (certificate.notAfter().isBefore(certificate.notBefore())) {
            // not a matter of time, so not excused by disregarding it
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_VALIDITY,
                    held.field(),
                    "a validity that begins before it ends",
                    held.name() + " never is valid");
            return;
        }
        for (Instant time : times) {
            if (!certificate.validAt(time)) {
                findings.add(
                        refuses,
                        ServiceRequestFault.CERTIFICATE_VALIDITY,
                        held.field(),
                        rule,
                        held.name()
                                + (time.isAfter(certificate.notAfter())
                                        ? " ended at " + certificate.notAfter()
                                        : " begins at " + certificate.notBefore())
                                + ", and " + time + " counts");
                return;
            }
        }
        if (certificate.notAfter().isBefore(last.plus(remaining))) {
            findings.add(
                    refuses,
                    ServiceRequestFault.CERTIFICATE_VALIDITY,
                    held.field(),
                    rule,
                    held.name() + " ends at " + certificate.notAfter());
        }
    }

    /** No two elements with the same key. */
    void distinctKeys(List<Held> leaves, List<Held> path) {
        for (int i = 0; i < leaves.size(); i++) {
            Held held = leaves.get(i);
            for (Held other : leaves.subList(0, i)) {
                if (sameKey(held.certificate(), other.certificate())) {
                    findings.refuse(
                            ServiceRequestFault.CERTIFICATE_KEY,
                            held.field(),
                            "a key for each usage",
                            held.name() + " has the key of " + other.element());
                }
            }
            for (Held other : path) {
                if (sameKey(held.certificate(), other.certificate())) {
                    findings.refuse(
                            ServiceRequestFault.CERTIFICATE_KEY,
                            held.field(),
                            "a key that is nobody else's",
                            held.name() + " has the key of an authority");
                }
            }
        }
    }

    static boolean sameKey(SmkiCertificate one, SmkiCertificate other) {
        return Arrays.equals(one.publicKey(), other.publicKey());
    }
}
