package org.postern.servicerequests.internal.inbound;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.ReplyAddress;
import org.postern.gbcs.GbcsMessage;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.parsecorrelate.MmcDocument;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.servicerequests.internal.lifecycle.Results;

/**
 * Puts together what leaves by the outbox: MMC where there is one, else the bytes as they came, and in every case headers that
 * say what it is and how far it can be trusted. One builder makes one entry.
 */
public final class Delivery {

    private static final ReplyAddress ALERTS = new ReplyAddress(ReplyAddress.Kind.TOPIC, ReplyAddress.ALERTS, false);

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final DeliveryKind kind;
    private final ReplyAddress destination;
    private final Optional<String> request;

    private Delivery(DeliveryKind kind, ReplyAddress destination, Optional<String> request) {
        this.kind = kind;
        this.destination = destination;
        this.request = request;
    }

    /** The answer to a request, to where its caller asked for it. */
    public static Delivery result(RequestRecord request, Outcome outcome) {
        return answer(DeliveryKind.RESULT, request, outcome);
    }

    /** A command for local delivery to the device. */
    public static Delivery localCommand(RequestRecord request) {
        return answer(DeliveryKind.LOCAL_COMMAND, request, Outcome.LOCAL_COMMAND);
    }

    private static Delivery answer(DeliveryKind kind, RequestRecord request, Outcome outcome) {
        Delivery delivery = new Delivery(kind, request.origin().destination(), Optional.of(request.id()));
        delivery.headers.putAll(Results.headers(request, outcome));
        return delivery;
    }

    /** An answer to a request that we do not know. */
    public static Delivery unmatched() {
        return new Delivery(DeliveryKind.RESULT, ReplyAddress.COMMON, Optional.empty()).header("outcome", Outcome.UNMATCHED.text());
    }

    /** An alert. */
    public static Delivery alert() {
        return new Delivery(DeliveryKind.ALERT, ALERTS, Optional.empty()).header("outcome", Outcome.ALERT.text());
    }

    /** One more header; an empty value is left out. */
    public Delivery header(String name, String value) {
        if (!value.isEmpty()) {
            headers.put(name, value);
        }
        return this;
    }

    /** What a device says of a firmware activation. */
    Delivery firmware(Optional<OutcomeAlert.Firmware> firmware) {
        firmware.ifPresent(f -> header("firmwareOutcome", Long.toString(f.outcome())).header("firmwareVersion", f.version()));
        return this;
    }

    /**
     * What the parser made of a GBCS message: MMC where there is one.
     *
     * @param id      of the entry
     * @param message the bytes, delivered as they are where there is no MMC
     */
    public OutboxEntry of(String id, ParsedMessage parsed, byte[] message) {
        header("authenticated", parsed.proven() ? "yes" : "no");
        header("mac", parsed.mac().verdict().name().toLowerCase(java.util.Locale.ROOT));
        header("signature", parsed.signature().verdict().name().toLowerCase(java.util.Locale.ROOT));
        parsed.useCase().ifPresent(name -> header("useCase", name));
        parsed.message().map(GbcsMessage::header).ifPresent(h -> header("messageCode", h.messageCodeHex()));
        header("encrypted", !parsed.hasEncryptedParts() ? "no" : parsed.allDecrypted() ? "decrypted" : "yes");
        header("reason", parsed.reason());
        if (parsed.mmc().isEmpty()) {
            return raw(id, message);
        }
        MmcDocument mmc = parsed.mmc().get();
        header("form", "mmc");
        return OutboxEntry.pending(id, request, kind, destination, headers, "application/xml", mmc.xml(), Optional.of(mmc.json()));
    }

    /** GBCS bytes that are not MMC. */
    public OutboxEntry raw(String id, byte[] message) {
        header("form", "gbcs");
        return OutboxEntry.pending(id, request, kind, destination, headers, "application/octet-stream", message, Optional.empty());
    }

    /** The DUIS document as received: the DCC's own words, for which there is no other form. */
    public OutboxEntry duis(String id, byte[] document) {
        header("form", "duis");
        return OutboxEntry.pending(id, request, kind, destination, headers, "application/xml", document, Optional.empty());
    }
}
