package org.postern.parsecorrelate;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;
import org.postern.inventory.DeviceFacts;
import org.postern.parsecorrelate.internal.correlate.TableCorrelator;

/**
 * Repeats a correlation from its evidence, possibly years later. The result depends on the stored bytes, device facts
 * and time only. The rule version shows whether the rules have changed since. Signs nothing and needs no key.
 */
public final class Recheck {

    private static final String IDENTICAL = "identical";
    private static final String DIFFERENT = "different";
    private static final int SIGNED_FROM = 1;

    private final TableCorrelator correlator;
    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);

    /** Rechecks with the rules of this bundle. */
    public Recheck(Duration tolerance) {
        this.correlator = new TableCorrelator(tolerance);
    }

    /**
     * The verdict.
     *
     * @param request the request document as it was sent
     * @param preCommand the Pre-Command as it was received
     * @param device the device facts at the time of the exchange
     * @param exchangeTime the time of the exchange
     */
    public Correlation recheck(byte[] request, byte[] preCommand, DeviceFacts device, Instant exchangeTime) {
        return correlator.correlate(reader.readRequest(request), preCommand, device, exchangeTime);
    }

    /** Result of the check of the signature. */
    public enum SignatureCheck {
        /** The signature was made over this Pre-Command with the key of the certificate. */
        VERIFIED,
        /** Nothing was signed. */
        ABSENT,
        /** The certificate was not stored, so the signature cannot be checked. */
        UNCHECKED,
        /** The signature or its certificate is wrong. */
        WRONG
    }

    /**
     * Result of a recheck.
     *
     * @param verdict present verdict: identical or different
     * @param rulesNow version of the present rules
     * @param sameRules true if the recorded verdict was made by the same rules
     * @param differences present differences
     * @param fields every compared field, in the order of the message; empty if the request cannot be transformed any
     *     more
     * @param signature result of the check of the signature
     * @param findings all inconsistencies, one line each; empty if the evidence is confirmed
     */
    public record Report(
            String verdict,
            String rulesNow,
            boolean sameRules,
            List<Difference> differences,
            List<ComparedField> fields,
            SignatureCheck signature,
            List<String> findings) {

        public Report {
            differences = List.copyOf(differences);
            fields = List.copyOf(fields);
            findings = List.copyOf(findings);
        }

        /** True if the recorded verdict is confirmed and the evidence is consistent. */
        public boolean agrees() {
            return findings.isEmpty();
        }
    }

    /**
     * Checks all of the evidence: digests, verdict, excused fields, differences, the signature and its certificate.
     *
     * @throws org.postern.catalogue.PosternException if the request in the evidence is not a DUIS document
     */
    public static Report of(EvidenceFile evidence, EcProvider ec) {
        return new Recheck(evidence.tolerance()).check(evidence, ec);
    }

    private Report check(EvidenceFile evidence, EcProvider ec) {
        List<String> findings = new ArrayList<>();
        evidence.digest()
                .filter(digest -> !digest.equals(evidence.computedDigest()))
                .ifPresent(digest -> findings.add("the file was changed: its digest differs"));
        if (!Sha256.hex(evidence.request()).equals(evidence.requestSha256())) {
            findings.add("the request is not the one that was compared: its digest differs");
        }
        if (!Sha256.hex(evidence.preCommand()).equals(evidence.preCommandSha256())) {
            findings.add("the Pre-Command is not the one that was compared: its digest differs");
        }
        DuisRequest request = reader.readRequest(evidence.request());
        same(
                findings,
                "the RequestID",
                evidence.requestId(),
                request.requestId().toString());
        same(findings, "the service", evidence.service(), request.serviceReferenceVariant());
        same(
                findings,
                "the device",
                evidence.device().deviceId().dashed(),
                request.requestId().target().dashed());
        Report today = verdict(evidence, request, findings);
        SignatureCheck signature = signature(evidence, request, ec, findings);
        return new Report(
                today.verdict(),
                today.rulesNow(),
                today.sameRules(),
                today.differences(),
                today.fields(),
                signature,
                findings);
    }

    private Report verdict(EvidenceFile evidence, DuisRequest request, List<String> findings) {
        Correlation again;
        List<ComparedField> fields;
        try {
            again = correlator.correlate(request, evidence.preCommand(), evidence.device(), evidence.exchangedAt());
            fields = correlator.fields(request, evidence.preCommand(), evidence.device(), evidence.exchangedAt());
        } catch (TransformException e) {
            again = new Correlation.Different(
                    List.of(new Difference(
                            e.fault().field(),
                            e.fault().rule(),
                            e.fault().cause(),
                            e.fault().code())),
                    correlator.ruleVersion(),
                    "");
            fields = List.of();
        }
        String verdict = again.fold(same -> IDENTICAL, different -> DIFFERENT);
        List<Difference> differences = again.fold(same -> List.of(), Correlation.Different::differences);
        boolean sameRules = again.ruleVersion().equals(evidence.ruleVersion());
        if (!verdict.equals(evidence.verdict())) {
            findings.add("the verdict is " + verdict + " now and was " + evidence.verdict());
        } else if (sameRules) {
            // other rules may use other names: then only the verdict itself is compared with the recorded one
            same(
                    findings,
                    "the use case",
                    evidence.useCase(),
                    again.fold(Correlation.Identical::useCase, Correlation.Different::useCase));
            List<ComparedField> excused = again.fold(Correlation.Identical::excused, different -> List.of());
            if (!evidence.excused().equals(EvidenceFile.excused(excused, evidence.exchangedAt()))) {
                findings.add("the excused fields are not those of the message");
            }
            if (!evidence.differences().equals(EvidenceFile.differences(differences))) {
                findings.add("the differences are not those of the message");
            }
        }
        return new Report(
                verdict, again.ruleVersion(), sameRules, differences, fields, SignatureCheck.ABSENT, List.of());
    }

    private static SignatureCheck signature(
            EvidenceFile evidence, DuisRequest request, EcProvider ec, List<String> findings) {
        if (evidence.signing().isEmpty()) {
            return SignatureCheck.ABSENT;
        }
        EvidenceFile.Signing signing = evidence.signing().get();
        if (!IDENTICAL.equals(evidence.verdict())) {
            findings.add("it was signed although the verdict was " + evidence.verdict());
        }
        if (signing.certificate().length == 0) {
            return SignatureCheck.UNCHECKED;
        }
        Optional<X509Certificate> read = certificate(signing.certificate());
        if (read.isEmpty()) {
            findings.add("the signing certificate cannot be read");
            return SignatureCheck.WRONG;
        }
        X509Certificate certificate = read.get();
        same(
                findings,
                "the certificate's issuer",
                signing.issuer(),
                certificate.getIssuerX500Principal().getName());
        same(
                findings,
                "the certificate's serial number",
                signing.serial(),
                certificate.getSerialNumber().toString());
        if (!certificate
                .getSubjectX500Principal()
                .getName("RFC2253")
                .toLowerCase(Locale.ROOT)
                .contains("#030900" + request.requestId().originator().hex().toLowerCase(Locale.ROOT))) {
            findings.add("the certificate is not that of the request's originator");
        }
        Date at = Date.from(signing.proofConsumedAt());
        if (at.before(certificate.getNotBefore()) || at.after(certificate.getNotAfter())) {
            findings.add("the certificate was not valid when it was used");
        }
        try {
            byte[] message = evidence.preCommand();
            if (message.length > SIGNED_FROM
                    && ec.verify(
                            ec.publicKey(certificate),
                            signing.signature(),
                            message,
                            SIGNED_FROM,
                            message.length - SIGNED_FROM)) {
                return SignatureCheck.VERIFIED;
            }
        } catch (EcException notOurCurve) {
            findings.add("the certificate's key is not on P-256");
        }
        findings.add("the signature is not that of the certificate over this Pre-Command");
        return SignatureCheck.WRONG;
    }

    private static Optional<X509Certificate> certificate(byte[] der) {
        try {
            return Optional.of((X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    private static void same(List<String> findings, String what, String noted, String found) {
        if (!noted.equals(found)) {
            findings.add(what + " is recorded as \"" + noted + "\" and is \"" + found + "\"");
        }
    }
}
