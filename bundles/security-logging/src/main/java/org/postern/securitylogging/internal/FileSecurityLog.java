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

/** One thread writes; it takes whatever is waiting, writes and flushes it in one go, then lets all of it return. */
public final class FileSecurityLog implements OpenSecurityLog {

    private static final Logger LOG = LoggerFactory.getLogger(FileSecurityLog.class);
    private static final int QUEUE = 4096;
    private static final int BATCH = 1024;
    private static final Duration HEAL = Duration.ofSeconds(1);
    /** What has to fit on the disk before it counts as written to again, in bytes. */
    private static final int ROOM = 1 << 16;

    private static final Waiting STOP = new Waiting(null, new CompletableFuture<>());

    private final Path folder;
    private final long segmentBytes;
    private final Duration patience;
    private final Duration heal;
    private final Clock clock;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE);
    private final FileChannel lockFile;
    private final FileLock lock;
    private final Thread writer;
    private volatile boolean closed;
    /** Why the last write failed; null where it did not. */
    private volatile @Nullable Throwable failure;

    // the writer's own from here on; the channel is null where the last write failed and the end has to be found again
    private @Nullable FileChannel channel;
    /** Identity of its file. */
    private @Nullable Object openKey;

    private @Nullable FileChannel head;
    private long segment;
    private long number;
    /** The last record that is on disk, as far as this process knows. */
    private long durable;

    private byte[] link = Records.GENESIS;

    private record Waiting(@Nullable SecurityEvent event, CompletableFuture<Long> done) {}

    /**
     * Opens the log and goes on at its end.
     *
     * @param segmentBytes size from which a segment is sealed and the next begun
     * @param patience how long an appender waits for the disk before it gives up
     * @throws SecurityLogException PST-8001 where it cannot be written; PST-8003 where its newest segment is broken
     */
    public FileSecurityLog(Path folder, long segmentBytes, Duration patience, Clock clock) {
        this(folder, segmentBytes, patience, clock, HEAL);
    }

    /** @param heal between looks whether a disk that failed takes writes again, by the machine's clock */
    public FileSecurityLog(Path folder, long segmentBytes, Duration patience, Clock clock, Duration heal) {
        this.folder = folder;
        this.heal = heal;
        this.segmentBytes = segmentBytes;
        this.patience = patience;
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
            if (closed || !queue.offer(new Waiting(event, done), patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw cannotWrite(new IOException(closed ? "the log is closed" : "the disk does not keep up"));
            }
            if (closed && !writer.isAlive()) {
                done.completeExceptionally(new IOException("the log is closed"));
            }
            return done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cannotWrite(e);
        } catch (TimeoutException e) {
            // what is still waiting is not written once nobody waits for it
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

    /** Why nothing can be written now; empty where it can. Heals by itself. */
    public Optional<Fault> trouble() {
        Throwable why = failure;
        return why == null
                ? Optional.empty()
                : Optional.of((why instanceof SecurityLogException broken ? broken : cannotWrite(why)).fault());
    }

    /** Writes what is waiting, then closes. */
    @Override
    public void close() {
        closed = true;
        try {
            queue.put(STOP);
            writer.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeQuietly(channel);
        closeQuietly(head);
        closeQuietly(lockFile);
    }

    private void write() {
        List<Waiting> batch = new ArrayList<>(BATCH);
        boolean go = true;
        while (go) {
            batch.clear();
            try {
                Waiting next = failure == null ? queue.take() : queue.poll(heal.toMillis(), TimeUnit.MILLISECONDS);
                if (next == null) {
                    heal();
                    continue;
                }
                batch.add(next);
            } catch (InterruptedException e) {
                go = false;
            }
            queue.drainTo(batch, BATCH - 1);
            go &= !batch.remove(STOP);
            batch.removeIf(waiting -> waiting.done().isDone());
            if (!batch.isEmpty()) {
                writeBatch(batch);
            }
        }
        // whoever came after the stop mark must not wait for what never comes
        List<Waiting> late = new ArrayList<>();
        queue.drainTo(late);
        late.stream()
                .filter(w -> !w.equals(STOP))
                .forEach(w -> w.done().completeExceptionally(new IOException("the log is closed")));
    }

    /** Nobody may ask for a record while it is known that none can be written. */
    private void heal() {
        Path room = folder.resolve(".room");
        try {
            Files.createDirectories(folder);
            try (FileChannel probe = FileChannel.open(room, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                probe.write(ByteBuffer.allocate(ROOM));
                probe.force(false);
            } finally {
                Files.deleteIfExists(room);
            }
            recover();
            failure = null;
            LOG.info("The security log can be written again");
        } catch (IOException | RuntimeException | Error e) {
            LOG.debug("The security log still cannot be written", e);
            closeQuietly(channel);
            channel = null;
            failure = e;
        }
    }

    /**
     * False where the open segment's file was removed or replaced: what is written to it then is in no file that
     * anybody finds.
     */
    private boolean isThere() throws IOException {
        Path file = Segments.file(folder, segment);
        try {
            return Objects.equals(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey(), openKey);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void writeBatch(List<Waiting> batch) {
        long first = 0;
        try {
            if (channel == null || !isThere()) {
                closeQuietly(channel);
                recover();
            }
            List<byte[]> lines = new ArrayList<>(batch.size());
            for (Waiting waiting : batch) {
                lines.add(next(Objects.requireNonNull(waiting.event(), "the stop mark is taken out")));
                first = first == 0 ? number : first;
            }
            flush(lines);
            if (!isThere()) {
                throw new IOException(Segments.file(folder, segment).getFileName() + " was removed or replaced");
            }
            failure = null;
            if (channel().size() >= segmentBytes) {
                roll();
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("The security log cannot be written; nothing is signed until it can", e);
            failure = e;
            closeQuietly(channel);
            channel = null;
            for (Waiting waiting : batch) {
                waiting.done().completeExceptionally(e);
            }
            return;
        }
        for (Waiting waiting : batch) {
            waiting.done().complete(first++);
        }
    }

    /** For a step that writes: the channel is open from recovery until a write fails. */
    private FileChannel channel() {
        return Objects.requireNonNull(channel, "no record is written before the end was found");
    }

    private byte[] next(SecurityEvent event) {
        return next(event.id(), event.actor(), event.door(), event.object(), event.outcome(), event.details());
    }

    private byte[] next(
            String id, String actor, String door, String object, Outcome outcome, Map<String, CharSequence> details) {
        byte[] json = Records.json(number + 1, clock.instant(), id, actor, door, object, outcome.name(), details);
        link = Records.link(link, json, 0, json.length);
        number++;
        return Records.line(link, json);
    }

    private void flush(List<byte[]> lines) throws IOException {
        ByteBuffer buffer =
                ByteBuffer.allocate(lines.stream().mapToInt(l -> l.length).sum());
        lines.forEach(buffer::put);
        buffer.flip();
        FileChannel open = channel();
        while (buffer.hasRemaining()) {
            open.write(buffer);
        }
        open.force(false);
        durable = number;
        noteHead();
    }

    /** After the records are safe; never flushed, so that it can lag behind them but not run ahead. */
    private void noteHead() throws IOException {
        ByteBuffer last = ByteBuffer.wrap(
                (Segments.padded(number, 18) + " " + HexFormat.of().formatHex(link) + "\n")
                        .getBytes(StandardCharsets.US_ASCII));
        Objects.requireNonNull(head, "opened with the log").write(last, 0);
    }

    private void roll() throws IOException {
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
        channel().close();
        if (!sealed.toFile().setWritable(false, false)) {
            LOG.warn("Segment {} could not be made read-only", sealed.getFileName());
        }
        begin(segment + 1);
    }

    private void begin(long which) throws IOException {
        segment = which;
        Path file = Segments.file(folder, segment);
        // an empty file is left by a crash right after it was made
        channel = open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            LOG.debug("Folders cannot be flushed on this file system", e);
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
                    SecurityLogFault.CHAIN_CANNOT_GO_ON.fault(
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
            found.add(cutTorn(Segments.file(folder, segment), end));
        }
        long had = Math.max(end.head(), durable);
        if (had > end.last()) {
            found.add(new SecurityEvent.RecordsMissing(name, had, end.last()));
            LOG.error("Security log: record {} had been written, the log ends with {}", had, end.last());
        }
        if (end.sealed()) {
            begin(segment + 1);
        } else if (end.length() == 0) {
            begin(segment);
        } else {
            channel = open(Segments.file(folder, segment), StandardOpenOption.WRITE);
            channel.position(end.length());
        }
        if (!found.isEmpty()) {
            flush(found.stream().map(this::next).toList());
        } else if (number > 0) {
            // a power cut may have taken the head, which is never flushed: the end that goes on is on record at once,
            // not with the next event
            noteHead();
        }
    }

    private static SecurityEvent cutTorn(Path file, ChainReader.End end) throws IOException {
        byte[] torn = new byte[(int) Math.min(end.torn(), 1 << 20)];
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            open.read(ByteBuffer.wrap(torn), end.length());
            open.truncate(end.length());
            open.force(true);
        }
        LOG.warn(
                "Security log: {} bytes of an unfinished record cut from the end of {}",
                end.torn(),
                file.getFileName());
        return new SecurityEvent.TornRecordCut(file.getFileName().toString(), end.torn(), Sha256.hex(torn));
    }

    private static SecurityLogException cannotWrite(Throwable cause) {
        return new SecurityLogException(
                SecurityLogFault.NOT_WRITABLE.fault(
                        "security log",
                        "an event is on disk before its effect",
                        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(),
                        "check the log's disk; what was asked for was not done and can be tried again"),
                cause);
    }

    private static void closeQuietly(@Nullable AutoCloseable what) {
        try {
            if (what != null) {
                what.close();
            }
        } catch (Exception e) {
            LOG.debug("closing", e);
        }
    }
}
