package org.postern.ledger.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One thread that writes and flushes a file for many: what waits is written together, and nobody waits longer than the
 * patience, whatever the disk does. What nobody waits for any more is not written.
 *
 * @param <T> what is written
 */
final class FlushedFile<T> implements AutoCloseable {

    /** Writes all of it; on disk when it returns. */
    @FunctionalInterface
    interface Writing<T> {
        void write(List<T> what) throws IOException;
    }

    /** How long a counter waits for its mark. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private record Waiting<T>(T what, CompletableFuture<Void> done) {}

    private final Writing<T> writing;
    private final Duration patience;
    private final BlockingQueue<Waiting<T>> queue = new LinkedBlockingQueue<>();
    private final Thread thread;

    FlushedFile(String name, Duration patience, Writing<T> writing) {
        this.writing = writing;
        this.patience = patience;
        thread = new Thread(this::work, "postern-ledger-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Returns when it is on disk.
     *
     * @throws IOException where it is not, or not known to be
     */
    void write(T what) throws IOException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            queue.add(new Waiting<>(what, done));
            if (!thread.isAlive()) {
                throw new IOException("closed");
            }
            done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (TimeoutException e) {
            throw new IOException("not on disk within " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            done.cancel(false);
        }
    }

    private void work() {
        List<Waiting<T>> group = new ArrayList<>();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                group.add(queue.take());
                queue.drainTo(group);
                group.removeIf(waiting -> waiting.done().isDone());
                if (!group.isEmpty()) {
                    writing.write(group.stream().map(Waiting::what).toList());
                }
                group.forEach(waiting -> waiting.done().complete(null));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException | Error e) {
                group.forEach(waiting -> waiting.done().completeExceptionally(e));
            } finally {
                group.clear();
            }
        }
        queue.forEach(waiting -> waiting.done().completeExceptionally(new IOException("closed")));
    }

    /** Nobody writes any more; what hangs is left behind after the patience. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
