package org.postern.ledger;

import java.util.Optional;
import org.postern.catalogue.ServiceEndpoint;

/**
 * The documents of one request, each the exact bytes.
 *
 * @param original as handed in
 * @param document our unsigned DUIS document
 * @param wire the signed document that was or will be sent last
 * @param transformWire the signed CV4 document of a critical request
 * @param preCommand the Pre-Command as received
 * @param signedPreCommand the Pre-Command with our signature: its presence is the mark that a key has signed
 */
public record RequestDocuments(
        byte[] original,
        Optional<byte[]> document,
        Optional<byte[]> wire,
        Optional<byte[]> transformWire,
        Optional<byte[]> preCommand,
        Optional<byte[]> signedPreCommand) {

    /** The same documents once a change of their request is on disk. */
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
