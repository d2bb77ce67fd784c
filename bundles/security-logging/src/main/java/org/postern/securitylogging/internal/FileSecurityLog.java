package org.postern.securitylogging.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Sha256;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.OpenSecurityLog;
import org.postern.securitylogging.Outcome;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLogException;
import org.postern.securitylogging.SecurityLogFault;
import org.postern.securitylogging.SecurityLogVerifier;
import org.postern.securitylogging.Verification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A security log in files. One thread writes: it takes all queued events, writes and flushes them together, and then
 * releases their callers.
 */
public final class FileSecurityLog implements OpenSecurityLog {

    private static final Logger LOG = LoggerFactory.getLogger(FileSecurityLog.class);
    private static final int QUEUE_CAPACITY = 4096;
    private static final int BATCH_LIMIT = 1024;
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    /** Bytes that have to be written successfully before the disk is regarded as writable again. */
    private static final int PROBE_BYTES = 1 << 16;

    private static final PendingEvent STOP = new PendingEvent(null, new CompletableFuture<>());

    private final Path folder;
    private final long segmentBytes;
    private final Duration timeout;
    private final Duration retryInterval;
    private final Clock clock;
    private final BlockingQueue<PendingEvent> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Thread writer;
    private volatile boolean closed;
    /** Cause of the failure of the last write; null where it succeeded. */
    private volatile @Nullable Throwable failure;

    // the following fields belong to the writer thread. The output is null where the last write failed; the end of the
    // log is then determined again
    private @Nullable FileChannel output;
    /** File key of the file that is open for output, to notice its replacement. */
    private @Nullable Object openKey;

    private @Nullable FileChannel head;
    private long segment;
    private long number;
    /** The last record that this process has written to disk. */
    private long durable;

    private byte[] link = Records.GENESIS;

    private record PendingEvent(@Nullable SecurityEvent event, CompletableFuture<Long> done) {}

    /**
     * Opens the log for appending.
     *
     * @param segmentBytes size in bytes from which a segment is sealed and the next one is started
     * @param timeout how long an appending thread waits for the disk before its event is refused
     * @throws SecurityLogException PST-8001 where the log cannot be written; PST-8003 where its newest segment is
     *     damaged
     */
    public FileSecurityLog(Path folder, long segmentBytes, Duration timeout, Clock clock) {
        this(folder, segmentBytes, timeout, clock, RETRY_INTERVAL);
    }

    /** @param retryInterval time between two attempts to write to a disk that failed, measured by the system clock */
    public FileSecurityLog(Path folder, long segmentBytes, Duration timeout, Clock clock, Duration retryInterval) {
        this.folder = folder;
        this.retryInterval = retryInterval;
        this.segmentBytes = segmentBytes;
        this.timeout = timeout;
        this.clock = clock;
        FileChannel opened = null;
        try {
            Files.createDirectories(folder);
            opened = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = opened.tryLock();
            if (lock == null) {
                throw new IOException("another process writes this log");
            }
            lockFile = opened;
            recover();
        } catch (IOException | OverlappingFileLockException e) {
            closeQuietly(opened);
            throw cannotWrite(e);
        } catch (SecurityLogException e) {
            closeQuietly(opened);
            throw e;
        }
        writer = new Thread(this::write, "security-log");
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public long append(SecurityEvent event) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        try {
            if (closed || !queue.offer(new PendingEvent(event, done), timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw cannotWrite(new IOException(closed ? "the log is closed" : "the disk is too slow"));
            }
            if (closed && !writer.isAlive()) {
                done.completeExceptionally(new IOException("the log is closed"));
            }
            return done.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cannotWrite(e);
        } catch (TimeoutException e) {
            // an event that is still queued is not written when its caller no longer waits
            done.completeExceptionally(e);
            throw cannotWrite(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SecurityLogException broken
                    ? broken
                    : cannotWrite(e.getCause() == null ? e : e.getCause());
        }
    }

    @Override
    public List<LoggedEvent> tail(int count) {
        try {
            return ChainReader.tail(Segments.all(folder), count);
        } catch (IOException e) {
            throw new SecurityLogException(
                    SecurityLogFault.NOT_READABLE.fault(
                            "security log", e.getClass().getSimpleName()),
                    e);
        }
    }

    @Override
    public Verification verify() {
        return SecurityLogVerifier.verify(folder);
    }

    /** Why the log cannot be written at present; empty where it can. The log retries by itself. */
    public Optional<Fault> trouble() {
        Throwable why = failure;
        return why == null
                ? Optional.empty()
                : Optional.of((why instanceof SecurityLogException broken ? broken : cannotWrite(why)).fault());
    }

    /** Writes the pending events, then closes. */
    @Override
    public void close() {
        closed = true;
        try {
            queue.put(STOP);
            writer.join(timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeQuietly(output);
        closeQuietly(head);
        closeQuietly(lockFile);
    }

    private void write() {
        List<PendingEvent> batch = new ArrayList<>(BATCH_LIMIT);
        boolean running = true;
        while (running) {
            batch.clear();
            try {
                PendingEvent next =
                        failure == null ? queue.take() : queue.poll(retryInterval.toMillis(), TimeUnit.MILLISECONDS);
                if (next == null) {
                    tryToRecover();
                    continue;
                }
                batch.add(next);
            } catch (InterruptedException e) {
                running = false;
            }
            queue.drainTo(batch, BATCH_LIMIT - 1);
            running &= !batch.remove(STOP);
            batch.removeIf(pending -> pending.done().isDone());
            if (!batch.isEmpty()) {
                writeBatch(batch);
            }
        }
        // a caller that queued its event after the stop marker is released at once, because the event is not written
        List<PendingEvent> late = new ArrayList<>();
        queue.drainTo(late);
        late.stream()
                .filter(w -> !w.equals(STOP))
                .forEach(w -> w.done().completeExceptionally(new IOException("the log is closed")));
    }

    /**
     * Tries to write and reopens the log where that succeeds. This does not depend on a new event, because health
     * checks may keep requests away while the log cannot be written.
     */
    private void tryToRecover() {
        Path probeFile = folder.resolve(".room");
        try {
            Files.createDirectories(folder);
            try (FileChannel probe = FileChannel.open(probeFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                probe.write(ByteBuffer.allocate(PROBE_BYTES));
                probe.force(false);
            } finally {
                Files.deleteIfExists(probeFile);
            }
            recover();
            failure = null;
            LOG.info("The security log can be written again");
        } catch (IOException | RuntimeException | Error e) {
            LOG.debug("The security log still cannot be written", e);
            closeQuietly(output);
            output = null;
            failure = e;
        }
    }

    /**
     * False where the file of the open segment was removed or replaced: records that are written to it then would not
     * be in the log.
     */
    private boolean segmentFileInPlace() throws IOException {
        Path file = Segments.file(folder, segment);
        try {
            return Objects.equals(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey(), openKey);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void writeBatch(List<PendingEvent> batch) {
        long first = 0;
        try {
            if (output == null || !segmentFileInPlace()) {
                closeQuietly(output);
                recover();
            }
            List<byte[]> lines = new ArrayList<>(batch.size());
            for (PendingEvent pending : batch) {
                lines.add(next(Objects.requireNonNull(pending.event(), "the stop marker was removed")));
                first = first == 0 ? number : first;
            }
            flush(lines);
            if (!segmentFileInPlace()) {
                throw new IOException(Segments.file(folder, segment).getFileName() + " was removed or replaced");
            }
            failure = null;
            if (output().size() >= segmentBytes) {
                sealAndBeginNext();
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("The security log cannot be written; nothing is signed until it can", e);
            failure = e;
            closeQuietly(output);
            output = null;
            for (PendingEvent pending : batch) {
                pending.done().completeExceptionally(e);
            }
            return;
        }
        for (PendingEvent pending : batch) {
            pending.done().complete(first++);
        }
    }

    /** The open output. It is open from recovery until a write fails. */
    private FileChannel output() {
        return Objects.requireNonNull(output, "no record is written before the end of the log is determined");
    }

    private byte[] next(SecurityEvent event) {
        return next(event.id(), event.actor(), event.channel(), event.object(), event.outcome(), event.details());
    }

    private byte[] next(
            String id,
            String actor,
            String channel,
            String object,
            Outcome outcome,
            Map<String, CharSequence> details) {
        byte[] json = Records.json(number + 1, clock.instant(), id, actor, channel, object, outcome.name(), details);
        link = Records.link(link, json, 0, json.length);
        number++;
        return Records.line(link, json);
    }

    private void flush(List<byte[]> lines) throws IOException {
        ByteBuffer buffer =
                ByteBuffer.allocate(lines.stream().mapToInt(l -> l.length).sum());
        lines.forEach(buffer::put);
        buffer.flip();
        FileChannel open = output();
        while (buffer.hasRemaining()) {
            open.write(buffer);
        }
        open.force(false);
        durable = number;
        writeHead();
    }

    /**
     * Called after the records are flushed. The head itself is never flushed, so it can be older than the last record
     * but never newer.
     */
    private void writeHead() throws IOException {
        ByteBuffer last = ByteBuffer.wrap(
                (Segments.padded(number, 18) + " " + HexFormat.of().formatHex(link) + "\n")
                        .getBytes(StandardCharsets.US_ASCII));
        Objects.requireNonNull(head, "opened with the log").write(last, 0);
    }

    private void sealAndBeginNext() throws IOException {
        flush(List.of(next(
                Records.SEALED,
                "security-log",
                "internal",
                Segments.file(folder, segment).getFileName().toString(),
                Outcome.DONE,
                Map.of())));
        LOG.info(
                "Security log segment {} sealed with record {} link {}",
                segment,
                number,
                HexFormat.of().formatHex(link));
        Path sealed = Segments.file(folder, segment);
        output().close();
        if (!sealed.toFile().setWritable(false, false)) {
            LOG.warn("Segment {} could not be made read-only", sealed.getFileName());
        }
        beginSegment(segment + 1);
    }

    private void beginSegment(long which) throws IOException {
        segment = which;
        Path file = Segments.file(folder, segment);
        // an empty file is left by a crash immediately after it was created
        output = open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            LOG.debug("This file system does not support flushing of folders", e);
        }
        flush(List.of(next(
                Records.OPENED,
                "security-log",
                "internal",
                file.getFileName().toString(),
                Outcome.DONE,
                Map.of("previous", HexFormat.of().formatHex(link)))));
    }

    private FileChannel open(Path file, StandardOpenOption... how) throws IOException {
        FileChannel open = FileChannel.open(file, how);
        openKey = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return open;
    }

    private void recover() throws IOException {
        ChainReader.End end = ChainReader.end(folder);
        if (!end.findings().isEmpty()) {
            Verification.Finding finding = end.findings().get(0);
            throw new SecurityLogException(
                    SecurityLogFault.CHAIN_NOT_EXTENDABLE.fault(
                            finding.segment() + ":" + finding.line(), finding.problem()),
                    null);
        }
        segment = end.segment();
        number = end.last();
        link = end.link();
        closeQuietly(head);
        head = FileChannel.open(folder.resolve(Segments.HEAD), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        List<SecurityEvent> found = new ArrayList<>();
        String name = Segments.file(folder, segment).getFileName().toString();
        if (end.torn() > 0) {
            found.add(removeTornRecord(Segments.file(folder, segment), end));
        }
        long lastWritten = Math.max(end.head(), durable);
        if (lastWritten > end.last()) {
            found.add(new SecurityEvent.RecordsMissing(name, lastWritten, end.last()));
            LOG.error(
                    "Security log: record {} had been written, but the last record found is {}",
                    lastWritten,
                    end.last());
        }
        if (end.sealed()) {
            beginSegment(segment + 1);
        } else if (end.length() == 0) {
            beginSegment(segment);
        } else {
            output = open(Segments.file(folder, segment), StandardOpenOption.WRITE);
            output.position(end.length());
        }
        if (!found.isEmpty()) {
            flush(found.stream().map(this::next).toList());
        } else if (number > 0) {
            // a power failure may have lost the head, which is never flushed: write it now, not with the next event
            writeHead();
        }
    }

    private static SecurityEvent removeTornRecord(Path file, ChainReader.End end) throws IOException {
        byte[] torn = new byte[(int) Math.min(end.torn(), 1 << 20)];
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            open.read(ByteBuffer.wrap(torn), end.length());
            open.truncate(end.length());
            open.force(true);
        }
        LOG.warn(
                "Security log: {} bytes of an incomplete record were removed from the end of {}",
                end.torn(),
                file.getFileName());
        return new SecurityEvent.TornRecordCut(file.getFileName().toString(), end.torn(), Sha256.hex(torn));
    }

    private static SecurityLogException cannotWrite(Throwable cause) {
        return new SecurityLogException(
                SecurityLogFault.NOT_WRITABLE.fault(
                        "security log",
                        "the record of an event is on disk before the operation takes effect",
                        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(),
                        "check the disk of the security log; the operation was not carried out and can be retried"),
                cause);
    }

    private static void closeQuietly(@Nullable AutoCloseable what) {
        try {
            if (what != null) {
                what.close();
            }
        } catch (Exception e) {
            LOG.debug("A file of the security log could not be closed", e);
        }
    }
}
