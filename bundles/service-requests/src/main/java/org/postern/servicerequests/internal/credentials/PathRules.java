package org.postern.servicerequests.internal.credentials;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.inventory.SmkiCertificate;
import org.postern.inventory.SmkiCertificate.Kind;
import org.postern.servicerequests.ServiceRequestFault;

/**
 * Checks the path from a certificate to a trusted authority: by names, key identifiers and signatures, only through
 * authorities, at most three certificates including the root, and without unneeded certificates (Government's response
 * of January 2014 on the Smart Energy Code, stage 2, paragraphs 62 and 63).
 */
final class PathRules {

    /** Maximum number of certificates of a path, including the first and the root. */
    private static final int MAX_LENGTH = 3;

    private final List<SmkiCertificate> anchors;
    private final String location;
    private final Findings findings;
    private final List<SuppliedCertificate> given;
    private final List<Instant> times;
    private final boolean timed;
    private final Set<SmkiCertificate> used = new HashSet<>();

    /**
     * @param anchors trusted authorities
     * @param location where the operator installs them
     * @param given certificates of the request's path, in its order
     * @param times when the certificates must be valid
     * @param timed false if the request tells the device to ignore validity times
     */
    PathRules(
            List<SmkiCertificate> anchors,
            String location,
            List<SuppliedCertificate> given,
            List<Instant> times,
            boolean timed,
            Findings findings) {
        this.anchors = anchors;
        this.location = location;
        this.given = given;
        this.times = times;
        this.timed = timed;
        this.findings = findings;
    }

    /** Checks each certificate of the path separately. */
    void authorities() {
        if (given.size() > MAX_LENGTH) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_PATH,
                    given.get(MAX_LENGTH).field(),
                    "at most " + MAX_LENGTH + " certificates of a path",
                    given.size() + " of them");
        }
        Set<SmkiCertificate> seen = new HashSet<>();
        for (SuppliedCertificate supplied : given) {
            if (!seen.add(supplied.certificate())) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        supplied.field(),
                        "each certificate of the path only once",
                        supplied.name() + " is included twice");
            }
            if (supplied.certificate().kind() != Kind.AUTHORITY) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        supplied.field(),
                        "certificates of authorities, by their basic constraints",
                        supplied.name() + " is not of an authority");
            } else if (!supplied.certificate().certifies()) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        supplied.field(),
                        "an authority's key usage is keyCertSign",
                        supplied.name() + " has another key usage");
            }
        }
    }

    /**
     * Follows the path of one certificate.
     *
     * @param complete true if the request must contain every authority below the root; false if it cannot contain any
     * @return the authorities of the path, nearest first; an incomplete path if it does not end at a trusted authority
     */
    List<SmkiCertificate> follow(SuppliedCertificate leaf, boolean complete) {
        List<SmkiCertificate> path = new ArrayList<>();
        SmkiCertificate current = leaf.certificate();
        while (path.isEmpty() || !current.selfIssued()) {
            Optional<SmkiCertificate> issuer = issuer(leaf, current, path.isEmpty());
            if (issuer.isEmpty()) {
                break;
            }
            SmkiCertificate authority = issuer.get();
            if (path.contains(authority)) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        leaf.field(),
                        "a path without a loop",
                        "authority " + authority.serial() + " is repeated");
                return path;
            }
            if (path.size() + 2 > MAX_LENGTH) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        leaf.field(),
                        "at most " + MAX_LENGTH + " certificates from this one to the root, inclusive",
                        "more of them");
                return path;
            }
            depth(leaf, authority, path.size());
            path.add(authority);
            current = authority;
        }
        if (!path.isEmpty()) {
            end(leaf, path, complete);
        }
        return path;
    }

    /** Reports certificates that no path used; called after the paths of all certificates have been followed. */
    void unused() {
        for (SuppliedCertificate supplied : given) {
            if (supplied.certificate().certifies() && !used.contains(supplied.certificate())) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        supplied.field(),
                        "only certificates that are on the path of a replacement certificate",
                        supplied.name() + " is on no path");
            }
        }
    }

    private void end(SuppliedCertificate leaf, List<SmkiCertificate> path, boolean complete) {
        SmkiCertificate top = path.get(path.size() - 1);
        if (!top.selfIssued() && path.size() + 2 > MAX_LENGTH) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_PATH,
                    leaf.field(),
                    "at most " + MAX_LENGTH + " certificates from this one to the root, inclusive",
                    "more of them: authority " + top.serial() + " is not the root");
        }
        if (top.selfIssued() && !top.signedBy(top)) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_PATH,
                    leaf.field(),
                    "a root signs itself",
                    "authority " + top.serial() + " does not");
        }
        if (anchors.isEmpty()) {
            findings.refuse(
                    ServiceRequestFault.NO_TRUST_ANCHOR,
                    leaf.field(),
                    "the path leads to a trusted authority",
                    "no trusted authority is installed: " + location + " contains no certificate of an authority");
        } else if (path.stream().noneMatch(anchors::contains)) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_PATH,
                    leaf.field(),
                    "the path leads to a trusted authority",
                    "it ends at authority " + top.serial() + ", which is not in " + location);
        }
        for (SmkiCertificate authority : path) {
            valid(leaf, authority);
            if (complete
                    && !authority.selfIssued()
                    && given.stream()
                            .noneMatch(supplied -> supplied.certificate().equals(authority))) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        leaf.field(),
                        "CertificationPathCertificates has every authority below the root",
                        "authority " + authority.serial() + " is missing");
            }
        }
    }

    /**
     * A root is trusted because it is installed, regardless of its validity period; an authority below it must be
     * valid.
     */
    private void valid(SuppliedCertificate leaf, SmkiCertificate authority) {
        Optional<Instant> out =
                times.stream().filter(time -> !authority.validAt(time)).findFirst();
        if (!authority.selfIssued() && out.isPresent()) {
            String field = given.stream()
                    .filter(supplied -> supplied.certificate().equals(authority))
                    .map(SuppliedCertificate::field)
                    .findFirst()
                    .orElse(leaf.field());
            findings.add(
                    timed,
                    ServiceRequestFault.CERTIFICATE_VALIDITY,
                    field,
                    "authorities valid now and at the execution time",
                    "authority " + authority.serial() + " is not valid at " + out.get());
        }
    }

    private void depth(SuppliedCertificate leaf, SmkiCertificate authority, int below) {
        if (authority.pathLength().isPresent() && authority.pathLength().getAsInt() < below) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_PATH,
                    leaf.field(),
                    "no more authorities below an authority than its path length permits",
                    below + " below authority " + authority.serial());
        }
    }

    /**
     * Finds the issuer: certificates of the request before installed ones; of those with the issuer's name, the one
     * whose key verifies the signature.
     */
    private Optional<SmkiCertificate> issuer(SuppliedCertificate leaf, SmkiCertificate of, boolean first) {
        List<SmkiCertificate> named = new ArrayList<>();
        given.stream()
                .map(SuppliedCertificate::certificate)
                .filter(of::namesAsIssuer)
                .forEach(named::add);
        anchors.stream()
                .filter(of::namesAsIssuer)
                .filter(anchor -> !named.contains(anchor))
                .forEach(named::add);
        List<SmkiCertificate> authorities =
                named.stream().filter(SmkiCertificate::certifies).toList();
        List<SmkiCertificate> pointed =
                authorities.stream().filter(of::pointsTo).toList();
        Optional<SmkiCertificate> signer = pointed.stream().filter(of::signedBy).findFirst();
        // a certificate that is not an authority is reported by another rule
        signer.ifPresentOrElse(used::add, () -> used.addAll(named));
        if (signer.isEmpty() && (first || !authorities.isEmpty())) {
            String cause = authorities.isEmpty()
                    ? "no authority has its issuer's name"
                    : pointed.isEmpty()
                            ? "the authority's subject key identifier differs from its authority key identifier"
                            : "its signature does not verify under the authority's key";
            if (anchors.isEmpty() && authorities.isEmpty()) {
                findings.refuse(
                        ServiceRequestFault.NO_TRUST_ANCHOR,
                        leaf.field(),
                        "the path leads to a trusted authority",
                        "no trusted authority is installed: " + location + " contains no certificate of an authority");
            } else {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        leaf.field(),
                        "issued by an authority of the path, matching in name, key identifier and signature",
                        (first ? "of " + leaf.name() : "of authority " + of.serial()) + ": " + cause);
            }
        }
        return signer;
    }
}
