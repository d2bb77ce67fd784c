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
 * The way from a certificate to an authority that we trust: by names, key identifiers and signatures, over authorities
 * alone, at most three certificates with the root, and nothing given that no way needs (Government's response of
 * January 2014 on the Smart Energy Code, stage 2, paragraphs 62 and 63).
 */
final class PathRules {

    /** Certificates of a path, the one at its end and the root included. */
    private static final int LONGEST = 3;

    private final List<SmkiCertificate> anchors;
    private final String place;
    private final Findings findings;
    private final List<Held> given;
    private final List<Instant> times;
    private final boolean timed;
    private final Set<SmkiCertificate> used = new HashSet<>();

    /**
     * @param anchors authorities that we trust
     * @param place where an operator puts them
     * @param given certificates of the request's path, in its order
     * @param times when they have to be valid
     * @param timed false where the request has the device disregard time
     */
    PathRules(
            List<SmkiCertificate> anchors,
            String place,
            List<Held> given,
            List<Instant> times,
            boolean timed,
            Findings findings) {
        this.anchors = anchors;
        this.place = place;
        this.given = given;
        this.times = times;
        this.timed = timed;
        this.findings = findings;
    }

    /** Checks the path's certificates by themselves. */
    void authorities() {
        if (given.size() > LONGEST) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_PATH,
                    given.get(LONGEST).field(),
                    "at most " + LONGEST + " certificates of a path",
                    given.size() + " of them");
        }
        Set<SmkiCertificate> seen = new HashSet<>();
        for (Held held : given) {
            if (!seen.add(held.certificate())) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        held.field(),
                        "each certificate of the path once",
                        held.name() + " stands twice");
            }
            if (held.certificate().kind() != Kind.AUTHORITY) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        held.field(),
                        "certificates of authorities, by their basic constraints",
                        held.name() + " is not of an authority");
            } else if (!held.certificate().certifies()) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        held.field(),
                        "an authority's key usage is keyCertSign",
                        held.name() + " has another key usage");
            }
        }
    }

    /**
     * Follows the way of one certificate.
     *
     * @param complete true where the request has to give every authority below the root; false where it cannot give any
     * @return the authorities on the way, nearest first; what was found so far where the way ends nowhere
     */
    List<SmkiCertificate> follow(Held leaf, boolean complete) {
        List<SmkiCertificate> way = new ArrayList<>();
        SmkiCertificate here = leaf.certificate();
        while (way.isEmpty() || !here.selfIssued()) {
            Optional<SmkiCertificate> issuer = issuer(leaf, here, way.isEmpty());
            if (issuer.isEmpty()) {
                break;
            }
            SmkiCertificate authority = issuer.get();
            if (way.contains(authority)) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        leaf.field(),
                        "a path without a loop",
                        "authority " + authority.serial() + " comes again");
                return way;
            }
            if (way.size() + 2 > LONGEST) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        leaf.field(),
                        "at most " + LONGEST + " certificates from here to the root, both counted",
                        "more of them");
                return way;
            }
            depth(leaf, authority, way.size());
            way.add(authority);
            here = authority;
        }
        if (!way.isEmpty()) {
            end(leaf, way, complete);
        }
        return way;
    }

    /** After every certificate was followed: those that no path used. */
    void superfluous() {
        for (Held held : given) {
            if (held.certificate().certifies() && !used.contains(held.certificate())) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        held.field(),
                        "no certificate but those that a replacement certificate leads over",
                        held.name() + " is on no path");
            }
        }
    }

    private void end(Held leaf, List<SmkiCertificate> way, boolean complete) {
        SmkiCertificate top = way.get(way.size() - 1);
        if (!top.selfIssued() && way.size() + 2 > LONGEST) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_PATH,
                    leaf.field(),
                    "at most " + LONGEST + " certificates from here to the root, both counted",
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
                    "the path leads to an authority that we trust",
                    "we have none: " + place + " has no authority's certificate");
        } else if (way.stream().noneMatch(anchors::contains)) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_PATH,
                    leaf.field(),
                    "the path leads to an authority that we trust",
                    "it ends at authority " + top.serial() + ", which is not in " + place);
        }
        for (SmkiCertificate authority : way) {
            inForce(leaf, authority);
            if (complete
                    && !authority.selfIssued()
                    && given.stream().noneMatch(held -> held.certificate().equals(authority))) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        leaf.field(),
                        "CertificationPathCertificates has every authority below the root",
                        "authority " + authority.serial() + " is missing there");
            }
        }
    }

    /** A root is trusted for being held, whatever its dates; an authority below it has to be in force. */
    private void inForce(Held leaf, SmkiCertificate authority) {
        Optional<Instant> out =
                times.stream().filter(time -> !authority.validAt(time)).findFirst();
        if (!authority.selfIssued() && out.isPresent()) {
            String field = given.stream()
                    .filter(held -> held.certificate().equals(authority))
                    .map(Held::field)
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

    private void depth(Held leaf, SmkiCertificate authority, int below) {
        if (authority.pathLength().isPresent() && authority.pathLength().getAsInt() < below) {
            findings.refuse(
                    ServiceRequestFault.CERTIFICATE_PATH,
                    leaf.field(),
                    "no more authorities below one than its path length allows",
                    below + " below authority " + authority.serial());
        }
    }

    /** Given ones before held ones; of those that bear the name the one whose key made the signature. */
    private Optional<SmkiCertificate> issuer(Held leaf, SmkiCertificate of, boolean first) {
        List<SmkiCertificate> named = new ArrayList<>();
        given.stream().map(Held::certificate).filter(of::namesAsIssuer).forEach(named::add);
        anchors.stream()
                .filter(of::namesAsIssuer)
                .filter(anchor -> !named.contains(anchor))
                .forEach(named::add);
        List<SmkiCertificate> authorities =
                named.stream().filter(SmkiCertificate::certifies).toList();
        List<SmkiCertificate> pointed =
                authorities.stream().filter(of::pointsTo).toList();
        Optional<SmkiCertificate> signer = pointed.stream().filter(of::signedBy).findFirst();
        // one that is not an authority is named as such where it stands
        signer.ifPresentOrElse(used::add, () -> used.addAll(named));
        if (signer.isEmpty() && (first || !authorities.isEmpty())) {
            String cause = authorities.isEmpty()
                    ? "no authority of its issuer's name"
                    : pointed.isEmpty()
                            ? "the authority's subject key identifier is another than its authority key identifier"
                            : "its signature does not verify under the authority's key";
            if (anchors.isEmpty() && authorities.isEmpty()) {
                findings.refuse(
                        ServiceRequestFault.NO_TRUST_ANCHOR,
                        leaf.field(),
                        "the path leads to an authority that we trust",
                        "we have none: " + place + " has no authority's certificate");
            } else {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_PATH,
                        leaf.field(),
                        "issued by an authority of the path, by name, key identifier and signature",
                        (first ? "of " + leaf.name() : "of authority " + of.serial()) + ": " + cause);
            }
        }
        return signer;
    }
}
