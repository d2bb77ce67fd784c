package org.postern.gatewayclient.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads a request's body as it comes, without a thread that waits for it. */
final class BodyReader implements Runnable {

    private final Request request;
    private final int limit;
    private final BiConsumer<byte[], Throwable> then;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);

    /**
     * @param limit most bytes
     * @param then takes the document, null where it is larger than the limit, or why it did not come whole
     */
    BodyReader(Request request, int limit, BiConsumer<byte[], Throwable> then) {
        this.request = request;
        this.limit = limit;
        this.then = then;
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                then.accept(null, chunk.getFailure());
                return;
            }
            ByteBuffer part = chunk.getByteBuffer();
            boolean tooLarge = bytes.size() + part.remaining() > limit;
            if (!tooLarge) {
                byte[] copy = new byte[part.remaining()];
                part.get(copy);
                bytes.write(copy, 0, copy.length);
            }
            boolean last = chunk.isLast();
            chunk.release();
            if (tooLarge || last) {
                then.accept(tooLarge ? null : bytes.toByteArray(), null);
                return;
            }
        }
    }
}
