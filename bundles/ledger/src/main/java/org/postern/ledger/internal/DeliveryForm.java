package org.postern.ledger.internal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Headers, body and JSON form of a delivery, stored as one document because they contain mostly the same text and
 * compress well together. Format: lengths of headers and body in four bytes each, the headers, the body, and, after a
 * byte with the value 1, the JSON form.
 *
 * @param headers for the message
 * @param body the content
 * @param json the same content as JSON
 */
record DeliveryForm(Map<String, String> headers, byte[] body, Optional<String> json) {

    private static final byte WITH_JSON = 1;

    byte[] write() {
        byte[] head = Headers.write(headers).getBytes(StandardCharsets.UTF_8);
        byte[] tail = json.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(new byte[0]);
        return ByteBuffer.allocate(2 * Integer.BYTES + head.length + body.length + 1 + tail.length)
                .putInt(head.length)
                .putInt(body.length)
                .put(head)
                .put(body)
                .put(json.isPresent() ? WITH_JSON : 0)
                .put(tail)
                .array();
    }

    /**
     * Reads the format of {@link #write}.
     *
     * @param name name of the document, for the fault
     * @throws org.postern.ledger.LedgerException DOCUMENT_DAMAGED
     */
    static DeliveryForm read(byte[] written, String name) {
        try {
            ByteBuffer in = ByteBuffer.wrap(written);
            int head = in.getInt();
            int body = in.getInt();
            Map<String, String> headers = Headers.read(new String(next(in, head), StandardCharsets.UTF_8));
            byte[] bytes = next(in, body);
            boolean json = in.get() == WITH_JSON;
            String text = new String(next(in, in.remaining()), StandardCharsets.UTF_8);
            return new DeliveryForm(headers, bytes, json ? Optional.of(text) : Optional.empty());
        } catch (BufferUnderflowException e) {
            throw Packer.damaged(name, "an unknown format");
        }
    }

    private static byte[] next(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
