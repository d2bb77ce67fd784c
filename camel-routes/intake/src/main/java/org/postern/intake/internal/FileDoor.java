package org.postern.intake.internal;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.postern.catalogue.ReplyAddress;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Requests from files put into a folder. Write under another ending, such as {@code .part}, and rename when complete.
 *
 * <p>A file that is done with moves to {@code done/}, or to {@code rejected/} if nothing in it was admitted, with a report
 * beside it that says for every line what became of it. While the ledger cannot write, the file stays where it is and is
 * read again: each line is known by the file's name, time and line number, so none is admitted twice.
 */
final class FileDoor extends RouteBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(FileDoor.class);
    private static final int AT_ONCE = 8;
    private static final int CHUNK = 256;

    private final Door door;
    private final Path folder;
    private final int maxLine;
    private final long maxFile;
    private ExecutorService pool;

    FileDoor(Door door, Path folder, int maxLine, long maxFile) {
        this.door = door;
        this.folder = folder;
        this.maxLine = maxLine;
        this.maxFile = maxFile;
    }

    @Override
    public void configure() throws IOException {
        for (String name : List.of("done", "rejected")) {
            Files.createDirectories(folder.resolve(name));
        }
        // Admitting waits for the disk; several waits share one commit.
        pool = Executors.newFixedThreadPool(AT_ONCE, task -> {
            Thread thread = new Thread(task, "postern-intake-file");
            thread.setDaemon(true);
            return thread;
        });
        errorHandler(noErrorHandler());
        from("file:" + folder.toUri().getRawPath()
                + "?include=(?i)[A-Za-z0-9_-][A-Za-z0-9._-]*\\.(xml|json|jsonl|csv)&delay=500&noop=true&idempotent=false"
                + "&readLock=none&maxMessagesPerPoll=10&bridgeErrorHandler=false")
                .routeId("intake-file")
                .process(this::take);
    }

    void close() {
        if (pool != null) {
            pool.shutdownNow();
        }
    }

    private record Line(int number, String outcome, String id, String requestId, String code, String text) {

        boolean taken() {
            return !id.isEmpty() && code.isEmpty();
        }

        String csv() {
            return number + "," + outcome + "," + id + "," + requestId + "," + code + ",\""
                    + text.replace("\"", "\"\"") + "\"\n";
        }
    }

    private void take(Exchange exchange) throws IOException, InterruptedException {
        Path file = exchange.getMessage().getBody(File.class).toPath();
        if (!Files.exists(file)) {
            return;
        }
        String name = file.getFileName().toString();
        Path report = folder.resolve("." + name + ".report.tmp");
        int taken = 0;
        int refused = 0;
        if (Files.size(file) > maxFile) {
            Files.writeString(report, new Line(0, "REFUSED", "", "", "PST-7308",
                    "the file is larger than " + maxFile + " bytes").csv());
            refused++;
        } else {
            String identity = name + "@" + Files.getLastModifiedTime(file).toMillis() + "#";
            try (BatchFile batch = new BatchFile(file, maxLine); BufferedWriter out = Files.newBufferedWriter(report)) {
                out.write("line,outcome,id,requestId,code,text\n");
                for (List<BatchFile.Piece> chunk = chunk(batch); !chunk.isEmpty(); chunk = chunk(batch)) {
                    List<Future<Line>> lines = new ArrayList<>();
                    for (BatchFile.Piece piece : chunk) {
                        lines.add(pool.submit(() -> admit(piece, name, identity)));
                    }
                    for (Future<Line> line : lines) {
                        Line outcome = line.get();
                        out.write(outcome.csv());
                        if (outcome.taken()) {
                            taken++;
                        } else {
                            refused++;
                        }
                    }
                }
            } catch (ExecutionException e) {
                // The rest waits for the ledger; what was admitted is known again by its line.
                LOG.warn("File {} waits: {}", name, e.getCause().getMessage());
                return;
            }
        }
        String to = taken > 0 ? "done" : "rejected";
        Path target = free(folder.resolve(to), name);
        Files.move(report, target.resolveSibling(target.getFileName() + ".report.csv"), StandardCopyOption.ATOMIC_MOVE);
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        LOG.info("File {}: {} admitted, {} refused; moved to {}", name, taken, refused, to);
    }

    private static List<BatchFile.Piece> chunk(BatchFile batch) throws IOException {
        List<BatchFile.Piece> chunk = new ArrayList<>();
        while (chunk.size() < CHUNK) {
            BatchFile.Piece piece = batch.next();
            if (piece == null) {
                break;
            }
            chunk.add(piece);
        }
        return chunk;
    }

    private Line admit(BatchFile.Piece piece, String name, String identity) {
        if (piece.bytes().isEmpty()) {
            door.count("refused");
            return new Line(piece.line(), "REFUSED", "", "", "PST-7309", piece.problem());
        }
        byte[] bytes = piece.bytes().get();
        Submission.Format format = name.toLowerCase(Locale.ROOT).endsWith(".xml") ? Submission.Format.XML
                : Submission.Format.JSON;
        String stem = name.replace('.', '-');
        ReplyAddress replyTo = new ReplyAddress(ReplyAddress.Kind.FILE,
                stem.substring(0, Math.min(stem.length(), 80)) + "-" + piece.line(),
                format == Submission.Format.JSON);
        Admission admission = door.admit(bytes, format, Optional.of(replyTo), Optional.of(identity + piece.line()),
                Optional.empty(), "file:" + name);
        return admission.fold(
                accepted -> new Line(piece.line(), "ADMITTED", accepted.id(), accepted.requestId(), "", ""),
                refused -> {
                    if (refused.worthRepeating()) {
                        throw new IllegalStateException("cannot admit now: " + refused.fault().code());
                    }
                    return new Line(piece.line(), "REFUSED", refused.id().orElse(""), "", refused.fault().code(),
                            refused.fault().field() + ": " + refused.fault().cause() + "; " + refused.fault().action());
                });
    }

    /** A name that is not taken yet: the same file may come every month. */
    private static Path free(Path folder, String name) {
        Path target = folder.resolve(name);
        for (int copy = 2; Files.exists(target); copy++) {
            target = folder.resolve(name + "." + copy);
        }
        return target;
    }
}
