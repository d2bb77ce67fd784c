package org.postern.intake.internal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.builder.RouteBuilder;
import org.postern.catalogue.Outcome;
import org.postern.catalogue.ReplyAddress;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests from files in a folder. A writer should write to a name with another ending, such as {@code .part}, and
 * rename the file when it is complete. A file that is written in place is claimed once it has not changed for a while;
 * if it grows afterwards, the new lines are read too.
 *
 * <p>A processed file is moved to {@code done/}, or to {@code rejected/} if nothing in it was admitted, with a report
 * of the outcome of every line beside it. Each line is identified by the claim of the file ({@link Spool}) and the line
 * number, so that no line is admitted twice, however often processing is interrupted.
 */
final class FileInterface extends RouteBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(FileInterface.class);
    private static final int AT_ONCE = 8;
    private static final int CHUNK = 256;
    private static final int MOST_FAILURES = 5;
    private static final String HEAD = "line,outcome,id,requestId,code,text\n";

    private final IntakeChannel channel;
    private final Spool spool;
    private final int maxLine;
    private final long maxFile;
    private final Map<String, Integer> failures = new HashMap<>();
    /** Admitting waits for the disk; several waits share one commit. */
    private final ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE, task -> {
        Thread thread = new Thread(task, "postern-intake-file");
        thread.setDaemon(true);
        return thread;
    });

    FileInterface(IntakeChannel channel, Spool spool, int maxLine, long maxFile) {
        this.channel = channel;
        this.spool = spool;
        this.maxLine = maxLine;
        this.maxFile = maxFile;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());
        from("timer:postern-intake-file?period=500&fixedRate=false&delay=0")
                .routeId("intake-file")
                .process(exchange -> poll());
    }

    void close() {
        pool.shutdownNow();
    }

    private record Line(int number, String outcome, String id, String requestId, String code, String text) {

        static Line refused(int number, IntakeFault kind, String text) {
            return new Line(number, Outcome.REJECTED.text(), "", "", kind.code(), text);
        }

        boolean taken() {
            return !id.isEmpty() && code.isEmpty();
        }

        String csv() {
            return number + "," + outcome + "," + id + "," + requestId + "," + code + ",\"" + text.replace("\"", "\"\"")
                    + "\"\n";
        }
    }

    /** Processes the files that are in the folder once. */
    void poll() throws InterruptedException {
        try {
            for (Claim claim : spool.open()) {
                try {
                    if (take(claim)) {
                        failures.remove(claim.id());
                    }
                } catch (IOException e) {
                    waits(claim, e.toString());
                }
            }
        } catch (IOException e) {
            LOG.warn("The folder of the file interface cannot be read: {}", e.toString());
        }
    }

    /** Logged at failures 1, 2, 4, 8 and so on: a full disk must not be filled further with log lines. */
    private void waits(Claim claim, String why) {
        int count = failures.merge(claim.id(), 1, Integer::sum);
        if (Integer.bitCount(count) == 1) {
            LOG.warn("File {} waits: {}", Spool.shown(claim.name()), why);
        }
    }

    /** @return false if it could not be processed completely and has to be retried */
    private boolean take(Claim opened) throws IOException, InterruptedException {
        Claim claim = opened;
        Optional<Claim> before = claim.line() == 0 ? spool.sameBefore(claim) : Optional.empty();
        if (before.isPresent()) {
            return refused(
                    claim,
                    IntakeFault.FILE_TAKEN_BEFORE,
                    "a file of the same name and content was taken on "
                            + before.get().at() + " and is " + before.get().target()
                            + "; to submit it again, give it another name");
        }
        if (claim.size() > maxFile) {
            return refused(claim, IntakeFault.TOO_LARGE, "the file is larger than " + maxFile + " bytes");
        }
        try (BatchFile batch = new BatchFile(spool.readable(claim), claim.name(), maxLine)) {
            batch.skip(claim.offset(), claim.line());
            for (List<BatchFile.Piece> chunk = chunk(batch, claim); !chunk.isEmpty(); chunk = chunk(batch, claim)) {
                List<Line> lines = outcomes(chunk, claim);
                if (lines.isEmpty()) {
                    return false;
                }
                int taken = (int) lines.stream().filter(Line::taken).count();
                BatchFile.Piece last = chunk.get(chunk.size() - 1);
                claim = claim.read(
                        batch.offset(),
                        last.complete() ? last.line() : last.line() - 1,
                        report(claim, lines),
                        taken,
                        lines.size() - taken);
                spool.save(claim);
            }
        }
        if (claim.reportLength() == 0) {
            return refused(claim, IntakeFault.NO_REQUEST_IN_FILE, "the file contains no request");
        }
        return spool.finish(claim);
    }

    /** Refuses the whole file. */
    private boolean refused(Claim claim, IntakeFault kind, String text) throws IOException {
        channel.count("refused");
        Claim reported =
                claim.read(claim.size(), claim.line(), report(claim, List.of(Line.refused(0, kind, text))), 0, 1);
        spool.save(reported);
        return spool.finish(reported);
    }

    /** The outcome of each line; empty if the ledger cannot write now and all lines have to be retried. */
    private List<Line> outcomes(List<BatchFile.Piece> chunk, Claim claim) throws InterruptedException {
        List<Future<Line>> futures = new ArrayList<>();
        for (BatchFile.Piece piece : chunk) {
            futures.add(pool.submit(() -> admit(piece, claim)));
        }
        List<Line> lines = new ArrayList<>();
        ExecutionException failed = null;
        boolean exhausted = failures.getOrDefault(claim.id(), 0) >= MOST_FAILURES;
        for (int i = 0; i < futures.size(); i++) {
            try {
                lines.add(futures.get(i).get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof NotNow || !exhausted) {
                    failed = e;
                } else {
                    LOG.error(
                            "{} line {} of file {}",
                            IntakeFault.INTERFACE_FAILED.code(),
                            chunk.get(i).line(),
                            Spool.shown(claim.name()),
                            e.getCause());
                    lines.add(Line.refused(
                            chunk.get(i).line(),
                            IntakeFault.INTERFACE_FAILED,
                            "it could not be read: " + e.getCause().getClass().getSimpleName()
                                    + "; nothing was admitted"));
                }
            }
        }
        if (failed != null) {
            // The remaining lines wait for the ledger; lines that were already admitted are recognised by their
            // identity.
            waits(claim, String.valueOf(failed.getCause().getMessage()));
            return List.of();
        }
        return lines;
    }

    /**
     * The next lines; the last one without a line break only if the file has the length that it had when it was
     * claimed.
     */
    private List<BatchFile.Piece> chunk(BatchFile batch, Claim claim) throws IOException {
        List<BatchFile.Piece> chunk = new ArrayList<>();
        while (chunk.size() < CHUNK && batch.readable()) {
            BatchFile.Piece piece = batch.next();
            if (piece == null || !piece.complete() && Files.size(spool.file(claim)) != claim.size()) {
                break;
            }
            chunk.add(piece);
        }
        return chunk;
    }

    /**
     * Appends to the report, which is on disk when this method returns; anything after the recorded length, left by a
     * crash, is overwritten.
     */
    private long report(Claim claim, List<Line> lines) throws IOException {
        Path report = spool.report(claim);
        try (FileChannel out = FileChannel.open(report, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.truncate(claim.reportLength()).position(claim.reportLength());
            BufferedWriter writer = new BufferedWriter(Channels.newWriter(out, StandardCharsets.UTF_8));
            if (claim.reportLength() == 0) {
                writer.write(HEAD);
            }
            for (Line line : lines) {
                writer.write(line.csv());
            }
            writer.flush();
            out.force(true);
            return out.position();
        }
    }

    private Line admit(BatchFile.Piece piece, Claim claim) {
        if (piece.bytes().isEmpty()) {
            channel.count("refused");
            return new Line(piece.line(), Outcome.REJECTED.text(), "", "", piece.code(), piece.problem());
        }
        String name = claim.name().toLowerCase(Locale.ROOT);
        Submission.Format format = name.endsWith(".xml") ? Submission.Format.XML : Submission.Format.JSON;
        ReplyAddress replyTo = new ReplyAddress(
                ReplyAddress.Kind.FILE,
                Spool.plain(claim.name()) + "-" + piece.line(),
                format == Submission.Format.JSON);
        Admission admission = channel.admit(
                piece.bytes().get(),
                format,
                Optional.of(replyTo),
                Optional.of(claim.id() + "#" + piece.line()),
                Optional.empty(),
                "file:" + Spool.shown(claim.name()));
        return admission.fold(
                accepted ->
                        new Line(piece.line(), Outcome.ADMITTED.text(), accepted.id(), accepted.requestId(), "", ""),
                refused -> {
                    if (refused.worthRepeating()) {
                        throw new NotNow(refused.fault().code());
                    }
                    return new Line(
                            piece.line(),
                            Outcome.REJECTED.text(),
                            refused.id().orElse(""),
                            "",
                            refused.fault().code(),
                            refused.fault()
                                    .toString()
                                    .substring(refused.fault().code().length() + 1));
                });
    }

    /** The request cannot be admitted now but may be later. */
    private static final class NotNow extends RuntimeException {

        NotNow(String code) {
            super("cannot admit now: " + code);
        }
    }
}
