package org.postern.ledger;

import java.util.Optional;

/**
 * The documents of one request, each the exact bytes.
 *
 * @param original         as handed in
 * @param document         our unsigned DUIS document
 * @param wire             the signed document that was or will be sent last
 * @param transformWire    the signed CV4 document of a critical request
 * @param preCommand       the Pre-Command as received
 * @param signedPreCommand the Pre-Command with our signature: its presence is the mark that a key has signed
 */
public record RequestDocuments(byte[] original, Optional<byte[]> document, Optional<byte[]> wire,
        Optional<byte[]> transformWire, Optional<byte[]> preCommand, Optional<byte[]> signedPreCommand) {
}
