package org.postern.ledger.internal;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.ledger.Change;
import org.postern.ledger.OutboxEntry;

/**
 * A change whose documents have been compressed on the caller's thread, before the writer's transaction.
 *
 * @param change the change
 * @param wire the signed document to be sent, unless it is sent to Transform
 * @param transform the signed document to be sent to Transform
 * @param preCommand the Pre-Command as received
 * @param signed the Pre-Command with our signature
 * @param exchanged the body of the answer of the same exchange
 * @param outbox the outbox entries, in the order of the change
 * @param alongside changes of other requests, in the order of the change
 */
record PackedChange(
        Change change,
        Optional<byte[]> wire,
        Optional<byte[]> transform,
        Optional<byte[]> preCommand,
        Optional<byte[]> signed,
        Optional<byte[]> exchanged,
        List<Delivery> outbox,
        List<PackedChange> alongside) {

    /**
     * One outbox entry in packed form.
     *
     * @param entry the entry
     * @param packed its {@link DeliveryForm}, without the body if that is shared
     * @param shared the digest of the content of the exchanged answer whose bytes are the body; empty if the body is
     *     packed
     * @param whole packs the entry with its body
     */
    record Delivery(OutboxEntry entry, byte[] packed, Optional<byte[]> shared, Supplier<byte[]> whole) {}

    static PackedChange of(Change change, Packer packer) {
        Optional<byte[]> sent = packer.pack(Dictionary.REQUEST, change.wire().map(Change.Wire::bytes));
        boolean transform = change.wire()
                .filter(wire -> wire.endpoint() == ServiceEndpoint.TRANSFORM)
                .isPresent();
        return new PackedChange(
                change,
                transform ? Optional.empty() : sent,
                transform ? sent : Optional.empty(),
                packer.pack(Dictionary.REQUEST, change.preCommand()),
                packer.pack(Dictionary.REQUEST, change.signedPreCommand()),
                packer.pack(Dictionary.ANSWER, change.exchanged().map(document -> document.body())),
                change.outbox().stream()
                        .map(entry -> delivery(change, entry, packer))
                        .toList(),
                change.alongside().stream().map(other -> of(other, packer)).toList());
    }

    private static Delivery delivery(Change change, OutboxEntry entry, Packer packer) {
        Supplier<byte[]> whole = () -> packed(entry, entry.body(), packer);
        Optional<byte[]> shared = change.exchanged()
                .filter(answer -> entry.request().equals(change.request())
                        && InboundWrites.withRequest(change.request(), answer)
                        && Arrays.equals(answer.body(), entry.body()))
                .map(answer -> HexFormat.of().parseHex(answer.content()));
        return new Delivery(
                entry, shared.isPresent() ? packed(entry, new byte[0], packer) : whole.get(), shared, whole);
    }

    private static byte[] packed(OutboxEntry entry, byte[] body, Packer packer) {
        return packer.pack(Dictionary.DELIVERY, new DeliveryForm(entry.headers(), body, entry.json()).write());
    }
}
