package org.postern.ledger;

import java.util.Optional;
import org.postern.catalogue.ServiceEndpoint;

/**
 * The exact bytes of the documents of one request.
 *
 * @param original as submitted
 * @param document our unsigned DUIS document
 * @param wire the signed document that was sent last or will be sent next
 * @param transformWire the signed CV4 document of a critical request
 * @param preCommand the Pre-Command as received
 * @param signedPreCommand the Pre-Command with our signature: its presence shows that a key has been used
 */
public record RequestDocuments(
        byte[] original,
        Optional<byte[]> document,
        Optional<byte[]> wire,
        Optional<byte[]> transformWire,
        Optional<byte[]> preCommand,
        Optional<byte[]> signedPreCommand) {

    /** The documents as they are after that change of their request has been written. */
    public RequestDocuments after(Change change) {
        Optional<byte[]> sent = change.wire().map(Change.Wire::bytes);
        Optional<byte[]> transform = change.wire()
                .filter(w -> w.endpoint() == ServiceEndpoint.TRANSFORM)
                .map(Change.Wire::bytes);
        return new RequestDocuments(
                original,
                document,
                sent.or(() -> wire),
                transform.or(() -> transformWire),
                change.preCommand().or(() -> preCommand),
                change.signedPreCommand().or(() -> signedPreCommand));
    }
}
