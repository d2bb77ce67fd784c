package org.postern.servicerequests.internal.credentials;

import java.util.List;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.duis.Bytes;
import org.postern.duis.DuisReader;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.GbcsCodec;
import org.postern.inventory.SmkiCertificate.Usage;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.servicerequests.internal.reading.OwnDocuments;
import org.postern.servicerequests.internal.reading.ProvenAnswers;

/** The certification requests of devices in the ledger, which are the answers to service 6.17 (GBCS Use Case CS02c). */
final class IssuedRequests {

    private static final String SERVICE = "6.17";
    /** Number of the latest requests that are considered; an older answer is superseded anyway. */
    private static final int MAX_REQUESTS = 20;

    private final Ledger ledger;
    private final CredentialsTable table;
    private final DuisReader reader;
    private final OwnDocuments documents;
    private final GbcsCodec codec = new GbcsCodec();

    IssuedRequests(Ledger ledger, CredentialsTable table, DuisReader reader) {
        this.ledger = ledger;
        this.table = table;
        this.reader = reader;
        this.documents = new OwnDocuments(ledger, reader);
    }

    /**
     * The public key that the device last requested a certificate for.
     *
     * @return SubjectPublicKeyInfo in DER; empty if the ledger has no proven answer of the device for that usage
     */
    Optional<byte[]> latestKey(Eui64 device, Usage usage) {
        return ledger
                .requests(new RequestFilter(Optional.empty(), Optional.of(device), Optional.of(SERVICE), MAX_REQUESTS))
                .stream()
                .filter(request -> request.progress().success().orElse(false)
                        && requestedFor(request, usage)
                        && !ProvenAnswers.unauthenticated(ledger, request.id()))
                .map(this::answered)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private boolean requestedFor(RequestRecord request, Usage usage) {
        return documents
                .of(request.id())
                .flatMap(asked -> asked.body().find("CredentialType"))
                .flatMap(table::credential)
                .filter(usage::equals)
                .isPresent();
    }

    private Optional<byte[]> answered(RequestRecord request) {
        List<InboundRecord> answers = request.requestId().map(ledger::inboundOf).orElse(List.of());
        for (int i = answers.size() - 1; i >= 0; i--) {
            Optional<byte[]> key =
                    Optional.of(answers.get(i)).filter(InboundRecord::effective).flatMap(answer -> key(answer.body()));
            if (key.isPresent()) {
                return key;
            }
        }
        return Optional.empty();
    }

    private Optional<byte[]> key(byte[] document) {
        try {
            if (reader.readResponse(document).body() instanceof ResponseBody.ResponseMessage message
                    && message.payload()
                                    .flatMap(ResponsePayload::gbcs)
                                    .map(Bytes::toArray)
                                    .map(codec::decode)
                                    .map(m -> m.payload())
                                    .orElse(null)
                            instanceof Asn1Payload payload
                    && payload.root().tag() == DerNode.SEQUENCE) {
                return Optional.of(codec.encodeDer(payload.root().at(0, 2)).toArray());
            }
        } catch (PosternException | IndexOutOfBoundsException e) {
            // an answer that is not a certification request contains no key
            return Optional.empty();
        }
        return Optional.empty();
    }
}
