package org.postern.parsecorrelate;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.Fault;
import org.postern.gbcs.Check;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.Deviation;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;

/**
 * Everything that could be read from one GBCS message, and how far it can be trusted. Reading never fails: what cannot
 * be read says why.
 *
 * @param status OK, or REFUSED where nothing may be done on the strength of this message
 * @param message the decoded message; empty where the bytes are none
 * @param decrypted the message beside the plain text of its encrypted parts; empty where the bytes are no message
 * @param useCase name of the use case such as ECS17b; empty where the message code is not known
 * @param services references of the Service Requests that the message code answers, variant form such as 4.1.1; the one
 *     chosen for the header stands first
 * @param mac verdict on the MAC
 * @param signature verdict on the signature
 * @param mmc the MMC document; empty where there is none, and then {@code reason} says why
 * @param success MMC MessageSuccess of a response; empty for anything but a response, and where what would say so is
 *     still encrypted. Never true where a deviation says {@link Deviation.Kind#unsuccessful()}
 * @param items outcome of each item of a DLMS or GBZ response, in order; empty for anything else
 * @param deviations in what the content is not what its use case lays down: results missing, surplus or of another
 *     type, another scale, data in the clear, values that mean no value, codes that no table knows; empty where there
 *     is nothing
 * @param remarks what was read although the standard leaves its meaning open
 * @param reason one sentence: why it was refused, or why there is no MMC, or what stayed unchecked; empty where all is
 *     well
 * @param fault the numbered fault of a refusal
 */
public record ParsedMessage(
        Status status,
        Optional<GbcsMessage> message,
        Optional<DecryptedMessage> decrypted,
        Optional<String> useCase,
        List<String> services,
        Check mac,
        Check signature,
        Optional<MmcDocument> mmc,
        Optional<Boolean> success,
        List<ItemResult> items,
        List<Deviation> deviations,
        List<String> remarks,
        String reason,
        Optional<Fault> fault) {

    /** Whether the message may be acted upon. */
    public enum Status {
        /** Decoded, and nothing that could be checked was found wrong. */
        OK,
        /**
         * Not decodable, a MAC or signature that is wrong, protection other than the message code demands, or a header
         * whose date-time cannot be.
         */
        REFUSED
    }

    /**
     * Outcome of one part of a response.
     *
     * @param position from 1, in the order of the response
     * @param subject what it is about: {@code GET}, {@code 0702/0000}, {@code 0705 command 00}
     * @param code COSEM data-access or action result, or ZigBee status; 0 is success
     * @param name our short name of the code; empty where the tables have none
     */
    public record ItemResult(int position, String subject, int code, String name) {}

    public ParsedMessage {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(mac, "mac");
        Objects.requireNonNull(signature, "signature");
        Objects.requireNonNull(reason, "reason");
        services = List.copyOf(services);
        items = List.copyOf(items);
        deviations = List.copyOf(deviations);
        remarks = List.copyOf(remarks);
    }

    /** True where the status is OK. */
    public boolean ok() {
        return status == Status.OK;
    }

    /** True where the message holds encrypted parts. */
    public boolean hasEncryptedParts() {
        return decrypted.map(DecryptedMessage::encrypted).orElse(false);
    }

    /** True where there are encrypted parts and every one was decrypted. */
    public boolean allDecrypted() {
        return decrypted.map(DecryptedMessage::allDecrypted).orElse(false);
    }

    /** True where MAC or signature was checked and is right, and nothing that protects the message stayed unchecked. */
    public boolean proven() {
        return ok() && new org.postern.gbcs.Authentication(mac, signature).proven();
    }

    /**
     * What the result codes in the clear say of a response whose content is still encrypted, so that {@code success}
     * does not: a DLMS response has the result of each item outside of what is encrypted (GBCS section 8; DLMS Green
     * Book, access-response). Empty for any other message, and for GBZ, whose statuses are encrypted with the content.
     */
    public Optional<Boolean> resultsInTheClear() {
        boolean dlms = message.filter(m -> m.payload() instanceof DlmsPayload.AccessResponse)
                .isPresent();
        return ok() && dlms && hasEncryptedParts() && !allDecrypted() && !items.isEmpty() && !unsuccessful()
                ? Optional.of(items.stream().allMatch(item -> item.code() == 0))
                : Optional.empty();
    }

    /** True where the content deviates from its use case in a way that makes a response no success. */
    public boolean unsuccessful() {
        return deviations.stream().anyMatch(d -> d.kind().unsuccessful());
    }

    /** The deviations as sentences, joined by semicolons; empty where there are none. */
    public String flag() {
        return String.join("; ", deviations.stream().map(Deviation::toString).toList());
    }

    /** What became of the message, without anything it says: readings are personal data. */
    @Override
    public String toString() {
        return status + " " + message.map(Object::toString).orElse("not decoded") + ", MAC " + mac.verdict()
                + ", signature " + signature.verdict() + ", MMC " + (mmc.isPresent() ? "written" : "none");
    }
}
