package org.postern.gbcs;

import java.util.List;
import java.util.Optional;

/**
 * A message together with the plain text of its encrypted parts.
 *
 * @param message the message as received
 * @param parts every encrypted part in order, decrypted or not; empty where nothing is encrypted
 */
public record DecryptedMessage(GbcsMessage message, List<DecryptedPart> parts) {

    public DecryptedMessage {
        parts = List.copyOf(parts);
    }

    /** True where the message contains encrypted parts. */
    public boolean encrypted() {
        return !parts.isEmpty();
    }

    /** True where there are encrypted parts and all were decrypted. */
    public boolean allDecrypted() {
        return encrypted() && parts.stream().allMatch(DecryptedPart::decrypted);
    }

    /** The encrypted part at the index of a response item, notification element or component. */
    public Optional<DecryptedPart> part(int index) {
        for (DecryptedPart part : parts) {
            if (part.index() == index) {
                return Optional.of(part);
            }
        }
        return Optional.empty();
    }

    /** The unencrypted ZCL payload of the component; empty where it could not be decrypted. */
    public Optional<Bytes> zclPayload(GbzPayload.Component component, int index) {
        return component.isEncrypted() ? part(index).flatMap(DecryptedPart::zcl) : Optional.of(component.payload());
    }
}
