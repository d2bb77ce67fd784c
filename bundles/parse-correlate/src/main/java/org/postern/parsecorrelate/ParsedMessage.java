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
 * All that could be read from one GBCS message, and how far it can be trusted. Reading never fails: for what cannot be
 * read, the result states the reason.
 *
 * @param status OK, or REFUSED if nobody may act on this message
 * @param message the decoded message; empty if the bytes are not a message
 * @param decrypted the message with the plain text of its encrypted parts; empty if the bytes are not a message
 * @param useCase name of the use case such as ECS17b; empty if the message code is not known
 * @param services references of the Service Requests that the message code answers, variant form such as 4.1.1; the one
 *     chosen for the MMC header is first
 * @param mac verdict on the MAC
 * @param signature verdict on the signature
 * @param mmc the MMC document; if empty, {@code reason} states why
 * @param success MMC MessageSuccess of a response; empty for other messages, and if the part that states it is still
 *     encrypted. Never true if there is a deviation with {@link Deviation.Kind#unsuccessful()}
 * @param items outcome of each item of a DLMS or GBZ response, in order; empty for anything else
 * @param deviations how the content deviates from its use case: results missing, surplus or of another type, another
 *     scale, unencrypted data, values that mean "no value", unknown codes; empty if there is no deviation
 * @param remarks what was read although the standard does not define its meaning
 * @param reason one sentence: why the message was refused, why there is no MMC, or what was not checked; empty if there
 *     is nothing to report
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
        /** Decoded, and no check failed. */
        OK,
        /**
         * Not decodable, wrong MAC or signature, protection other than the message code requires, or an impossible
         * date-time in the header.
         */
        REFUSED
    }

    /**
     * Outcome of one part of a response.
     *
     * @param position from 1, in the order of the response
     * @param subject the operation, attribute or command: {@code GET}, {@code 0702/0000}, {@code 0705 command 00}
     * @param code COSEM data-access or action result, or ZigBee status; 0 is success
     * @param name Postern's short name of the code; empty if the tables have none
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

    /**
     * True if the MAC or the signature was checked and is right, and no other protection of the message is unchecked.
     */
    public boolean proven() {
        return ok() && new org.postern.gbcs.Authentication(mac, signature).proven();
    }

    /**
     * Success according to the unencrypted result codes of a response whose content is still encrypted, for which
     * {@code success} is empty: a DLMS response has the result of each item outside the encrypted part (GBCS section 8;
     * DLMS Green Book, access-response). Empty for any other message, and for GBZ, whose statuses are encrypted with
     * the content.
     */
    public Optional<Boolean> resultsInTheClear() {
        boolean dlms = message.filter(m -> m.payload() instanceof DlmsPayload.AccessResponse)
                .isPresent();
        return ok() && dlms && hasEncryptedParts() && !allDecrypted() && !items.isEmpty() && !unsuccessful()
                ? Optional.of(items.stream().allMatch(item -> item.code() == 0))
                : Optional.empty();
    }

    /** True if a deviation from the use case means that the response is not a success. */
    public boolean unsuccessful() {
        return deviations.stream().anyMatch(d -> d.kind().unsuccessful());
    }

    /** The deviations as sentences, joined by semicolons; empty if there are none. */
    public String flag() {
        return String.join("; ", deviations.stream().map(Deviation::toString).toList());
    }

    /** The outcome without the content of the message: readings are personal data. */
    @Override
    public String toString() {
        return status + " " + message.map(Object::toString).orElse("not decoded") + ", MAC " + mac.verdict()
                + ", signature " + signature.verdict() + ", MMC " + (mmc.isPresent() ? "written" : "none");
    }
}
