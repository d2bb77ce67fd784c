package org.postern.jettyruntime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Reads a request's body as it arrives, up to a limit. No thread waits for it. */
public final class BodyReader implements Runnable {

    /** Receives the outcome of reading a body. */
    public interface Result {

        /**
         * Called once.
         *
         * @param body the whole body; null where it is larger than the limit, or did not arrive whole
         * @param failure why it did not arrive whole; null otherwise
         */
        void read(byte @Nullable [] body, @Nullable Throwable failure);
    }

    private final Request request;
    private final long limit;
    private final boolean store;
    private final Result result;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    private long length;

    private BodyReader(Request request, long limit, boolean store, Result result) {
        this.request = request;
        this.limit = limit;
        this.store = store;
        this.result = result;
    }

    /**
     * Reads the body into memory.
     *
     * @param limit largest number of bytes
     */
    public static void read(Request request, int limit, Result result) {
        new BodyReader(request, limit, true, result).run();
    }

    /**
     * Reads and discards the body, so that the connection can be used for the next request; the result is empty.
     *
     * @param limit largest number of bytes
     */
    public static void discard(Request request, long limit, Result result) {
        new BodyReader(request, limit, false, result).run();
    }

    /** Continues with the bytes that have arrived since; called by Jetty. */
    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                result.read(null, chunk.getFailure());
                return;
            }
            ByteBuffer part = chunk.getByteBuffer();
            length += part.remaining();
            boolean tooLarge = length > limit;
            if (store && !tooLarge) {
                byte[] copy = new byte[part.remaining()];
                part.get(copy);
                bytes.write(copy, 0, copy.length);
            }
            boolean last = chunk.isLast();
            chunk.release();
            if (tooLarge || last) {
                result.read(tooLarge ? null : bytes.toByteArray(), null);
                return;
            }
        }
    }
}
