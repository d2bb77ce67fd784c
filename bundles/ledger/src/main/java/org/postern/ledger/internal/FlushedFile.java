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
 * One thread that writes and flushes a file on behalf of many callers. Pending entries are written together. No caller
 * waits longer than the timeout, even if the disk does not answer. An entry whose caller no longer waits is not
 * written.
 *
 * @param <T> type of the entries
 */
final class FlushedFile<T> implements AutoCloseable {

    /** Writes all entries; they are on disk when it returns. */
    @FunctionalInterface
    interface EntryWriter<T> {
        void write(List<T> what) throws IOException;
    }

    /** How long the caller of a counter waits until its watermark is on disk. */
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    private record Waiting<T>(T what, CompletableFuture<Void> done) {}

    private final EntryWriter<T> writing;
    private final Duration timeout;
    private final BlockingQueue<Waiting<T>> queue = new LinkedBlockingQueue<>();
    private final Thread thread;

    FlushedFile(String name, Duration timeout, EntryWriter<T> writing) {
        this.writing = writing;
        this.timeout = timeout;
        thread = new Thread(this::work, "postern-ledger-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Returns when the entry is on disk.
     *
     * @throws IOException if it is not on disk, or this is not known
     */
    void write(T what) throws IOException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            queue.add(new Waiting<>(what, done));
            if (!thread.isAlive()) {
                throw new IOException("closed");
            }
            done.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (TimeoutException e) {
            throw new IOException("not on disk within " + timeout.toSeconds() + " s", e);
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

    /** Accepts no more entries; a write that hangs is abandoned after the timeout. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
