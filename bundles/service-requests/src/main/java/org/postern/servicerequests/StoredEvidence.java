package org.postern.servicerequests;

import java.util.Optional;
import org.postern.catalogue.RequestId;
import org.postern.ledger.Evidence;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.EvidenceFile;

/** Collects the evidence of a correlation from the ledger as one file that can be checked and exported. */
public final class StoredEvidence {

    private StoredEvidence() {}

    /**
     * The evidence of a critical request; empty if it was never correlated.
     *
     * @throws org.postern.catalogue.PosternException PST-4020 if the stored evidence cannot be read
     */
    public static Optional<EvidenceFile> of(Ledger ledger, RequestRecord request) {
        Optional<RequestDocuments> documents = ledger.documents(request.id());
        return ledger.evidence(request.id())
                .flatMap(evidence -> documents.flatMap(d -> d.document()
                        .flatMap(document ->
                                d.preCommand().map(preCommand -> of(request, evidence, document, preCommand)))));
    }

    private static EvidenceFile of(RequestRecord request, Evidence evidence, byte[] document, byte[] preCommand) {
        return new EvidenceFile(
                request.id(),
                request.requestId().map(RequestId::toString).orElse(""),
                request.target().service().orElse(""),
                evidence.verdict().text(),
                evidence.ruleVersion(),
                evidence.useCase(),
                EvidenceFile.device(evidence.deviceFacts()),
                evidence.exchangedAt(),
                evidence.tolerance(),
                document,
                evidence.requestSha256(),
                preCommand,
                evidence.preCommandSha256(),
                EvidenceFile.rows(evidence.excused()),
                EvidenceFile.rows(evidence.differences()),
                evidence.signing()
                        .map(s -> new EvidenceFile.Signing(
                                s.signature(), s.keyAlias(), s.issuer(), s.serial(), s.certificate(), s.at())),
                Optional.empty());
    }
}
