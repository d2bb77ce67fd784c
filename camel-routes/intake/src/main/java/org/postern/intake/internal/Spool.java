package org.postern.intake.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import java.util.regex.Pattern;
import org.postern.appliance.AllowedFiles;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the file interface and the claimed files. A file is claimed once it has not changed for a while: it is
 * moved to {@code .work/} under a unique identity, so that neither a change of its time nor a later file of the same
 * name affects the identity of its lines. Not thread-safe.
 *
 * <pre>
 * NAME              submitted
 * .work/ID          claimed, being read
 * .claims/ID.claim  how far it has been read; .claims/ID.report its report so far
 * done/ rejected/   read to its end, with NAME.report.csv beside it
 * </pre>
 */
final class Spool {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final Pattern KIND = Pattern.compile("(?i).*\\.(xml|json|jsonl|csv)");
    /** Names that writers use for incomplete files. */
    private static final Pattern DRAFT = Pattern.compile("(?i)(\\..*|.*\\.(part|tmp|filepart|swp|bak)|.*~)");

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int LONGEST_NAME = 40;
    private static final Duration WATCHED = Duration.ofHours(24);
    private static final Duration WATCH_EVERY = Duration.ofSeconds(20);
    private static final Duration REMEMBERED = Duration.ofDays(90);
    private static final int MOST_REMEMBERED = 20_000;
    private static final int MOST_FILES_AT_ONCE = 10;
    private static final int MOST_STUCK = 1000;
    /** Bytes of a name in done/ or rejected/: with .report.csv after it, no file system takes it for too long (255). */
    private static final int LONGEST_TARGET = 230;

    /** The observed size and time of a file, and since when they have not changed. */
    private record Observation(long size, long modified, Object key, long sinceNanos) {

        boolean sameAs(Observation other) {
            return size == other.size && modified == other.modified && Objects.equals(key, other.key);
        }
    }

    private final Path folder;
    private final AllowedFiles allowed;
    private final Path work;
    private final Path claims;
    private final long settleNanos;
    private final Clock clock;
    private final LongSupplier nanos;
    private final LongUnaryOperator random;
    private final BooleanSupplier timeTrusted;
    private final Map<String, Claim> known = new LinkedHashMap<>();
    private final Map<Path, Observation> observations = new HashMap<>();
    private final Set<Path> reported = new HashSet<>();
    private final Map<String, Integer> stuck = new HashMap<>();
    /** Claims that were too old at the previous poll: a jump of the clock is detected between two polls. */
    private Set<String> tooOld = Set.of();

    private long nextWatch;

    /**
     * Opens the folder and loads the claims of an earlier run.
     *
     * @param allowed which files may be opened at all
     * @param settle time without a change after which a file counts as complete
     * @param nanos monotonic clock
     * @param random number below the given bound, for identities
     * @param timeTrusted whether the time of the clock is trusted; while it is not, no record is deleted
     */
    Spool(
            Path folder,
            AllowedFiles allowed,
            Duration settle,
            Clock clock,
            LongSupplier nanos,
            LongUnaryOperator random,
            BooleanSupplier timeTrusted)
            throws IOException {
        this.folder = folder;
        this.allowed = allowed;
        this.work = folder.resolve(".work");
        this.claims = folder.resolve(".claims");
        this.settleNanos = settle.toNanos();
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.timeTrusted = timeTrusted;
        for (Path needed : List.of(work, claims, folder.resolve("done"), folder.resolve("rejected"))) {
            Files.createDirectories(needed);
        }
        nextWatch = nanos.getAsLong();
        load();
    }

    private void load() throws IOException {
        List<Claim> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(claims, "*.claim")) {
            for (Path file : files) {
                try {
                    found.add(Claim.load(file));
                } catch (IOException e) {
                    LOG.error("{} {}; the file stays in {}", IntakeFault.CLAIM_UNREADABLE.code(), e.getMessage(), work);
                }
            }
        }
        found.sort(Comparator.comparing(Claim::at));
        found.forEach(claim -> known.put(claim.id(), claim));
    }

    /** The claims with lines to be read, including new claims of files that are complete. */
    List<Claim> open() throws IOException {
        watch();
        List<Claim> open = new ArrayList<>();
        for (Claim claim : List.copyOf(known.values())) {
            try {
                if (claim.phase() == Claim.Phase.MOVING) {
                    moved(claim);
                } else if (claim.phase() == Claim.Phase.WORK) {
                    if (Files.exists(work.resolve(claim.id()), LinkOption.NOFOLLOW_LINKS)) {
                        open.add(claim);
                    } else {
                        takenAway(claim);
                    }
                }
            } catch (IOException e) {
                stuck(claim.name(), e);
            }
        }
        for (Path file : settled()) {
            if (open.size() >= MOST_FILES_AT_ONCE) {
                break;
            }
            try {
                claim(file).ifPresent(open::add);
            } catch (AccessDeniedException | NoSuchFileException | AtomicMoveNotSupportedException e) {
                // the file belongs to another user, was removed by its writer, or is a link that cannot be moved to
                // rejected/; any other cause, such as a full disk, concerns all files
                stuck(file.getFileName().toString(), e);
            }
        }
        return open;
    }

    /** One file must not delay the others. Logged at failures 1, 2, 4, 8 and so on. */
    private void stuck(String name, IOException why) {
        if (stuck.size() > MOST_STUCK) {
            stuck.clear();
        }
        if (Integer.bitCount(stuck.merge(name, 1, Integer::sum)) == 1) {
            LOG.warn("File {} waits: {}", shown(name), why.toString());
        }
    }

    /** The file of a claim. */
    Path file(Claim claim) {
        return work.resolve(claim.id());
    }

    /** The report of a claim as far as it is written. */
    Path report(Claim claim) {
        return claims.resolve(claim.id() + ".report");
    }

    /** Records how far a claim has been read. */
    void save(Claim claim) throws IOException {
        claim.save(claims);
        known.put(claim.id(), claim);
    }

    /** An earlier claim of the same name and bytes of which something was admitted. */
    Optional<Claim> sameBefore(Claim claim) {
        return known.values().stream()
                .filter(other -> !other.id().equals(claim.id())
                        && other.taken() > 0
                        && other.name().equals(claim.name())
                        && other.sha256().equals(claim.sha256()))
                .findFirst();
    }

    /**
     * Completes a file that has been read to its present end.
     *
     * @return false if its writer has continued and there is more to read
     */
    boolean finish(Claim claim) throws IOException {
        Path file = readable(claim);
        String digest = sha256(file, Files.size(file));
        Claim measured = claim.measured(Files.size(file), digest);
        if (claim.size() != measured.size() || !claim.sha256().equals(digest)) {
            save(measured);
            return false;
        }
        String to = claim.taken() > 0 ? "done" : "rejected";
        Claim moving = measured.in(Claim.Phase.MOVING, to + "/" + free(folder.resolve(to), claim.name()));
        save(moving);
        moved(moving);
        LOG.info(
                "File {}: {} admitted, {} refused; moved to {}",
                shown(claim.name()),
                claim.taken(),
                claim.refused(),
                moving.target());
        return true;
    }

    private void moved(Claim claim) throws IOException {
        Path target = folder.resolve(claim.target());
        move(report(claim), target.resolveSibling(target.getFileName() + ".report.csv"));
        move(file(claim), target);
        save(claim.in(Claim.Phase.CLOSED, claim.target()));
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // done/ or rejected/ is on another file system; the copy is restarted if it was interrupted
            Path draft = to.resolveSibling("." + to.getFileName() + ".part");
            Files.copy(from, draft, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
            try (FileChannel written = FileChannel.open(draft, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                written.force(true);
            }
            Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(from);
        } catch (NoSuchFileException e) {
            if (!Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                LOG.warn("{} no longer exists", from);
            }
        }
    }

    /**
     * Handles a claimed file that does not exist: it was never moved, or somebody removed it. The outcomes of the lines
     * that were read remain valid.
     */
    private void takenAway(Claim claim) throws IOException {
        if (claim.line() == 0 && !Files.exists(report(claim))) {
            // the last run ended between writing the record and moving the file: the file is still in its original
            // place
            Files.deleteIfExists(claim.file(claims));
            known.remove(claim.id());
            return;
        }
        LOG.warn(
                "{} file {} was taken out of {} after {} of its lines were read",
                IntakeFault.FILE_TAKEN_AWAY.code(),
                shown(claim.name()),
                work,
                claim.line());
        save(claim.in(Claim.Phase.MOVING, "rejected/" + free(folder.resolve("rejected"), claim.name())));
    }

    private Optional<Claim> claim(Path file) throws IOException {
        String name = file.getFileName().toString();
        Instant now = notBeforeTheOthers(clock.instant());
        String id = plain(name) + "@" + STAMP.format(now) + "-"
                + HexFormat.of().toHexDigits(random.applyAsLong(1L << 32), 8);
        Path taken = work.resolve(id);
        // the record is written first: without it the file would not be found after a crash
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Optional<String> refused = refused(file);
        if (refused.isPresent()) {
            observations.remove(file);
            Path aside = folder.resolve("rejected").resolve(free(folder.resolve("rejected"), name));
            Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
            LOG.warn(
                    "{} {} not opened, moved to {}: {}",
                    IntakeFault.NOT_A_FILE.code(),
                    shown(name),
                    aside,
                    refused.get());
            return Optional.empty();
        }
        String digest = sha256(file, attributes.size());
        Claim claim = Claim.begun(id, name, attributes.size(), digest, now);
        claim.save(claims);
        try {
            Files.move(file, taken, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(claim.file(claims));
            throw e;
        }
        observations.remove(file);
        known.put(id, claim);
        return Optional.of(claim);
    }

    /** Files that have not changed for the time it takes to be complete. */
    private List<Path> settled() throws IOException {
        Map<Path, Observation> now = new HashMap<>();
        List<Path> settled = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (DRAFT.matcher(name).matches()) {
                    continue;
                }
                BasicFileAttributes attributes;
                try {
                    attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                } catch (NoSuchFileException e) {
                    continue;
                }
                if (attributes.isDirectory()) {
                    continue;
                }
                Observation observation = new Observation(
                        attributes.size(),
                        attributes.lastModifiedTime().toMillis(),
                        attributes.fileKey(),
                        nanos.getAsLong());
                Observation before = observations.get(file);
                Observation since = before != null && before.sameAs(observation) ? before : observation;
                now.put(file, since);
                if (observation.sinceNanos() - since.sinceNanos() >= settleNanos) {
                    if (KIND.matcher(name).matches()) {
                        settled.add(file);
                    } else if (reported.add(file)) {
                        LOG.warn(
                                "{} file {} is not read: its name ends in none of .xml, .json, .jsonl, .csv",
                                IntakeFault.FILE_ENDING.code(),
                                shown(name));
                    }
                }
            }
        }
        observations.clear();
        observations.putAll(now);
        reported.retainAll(now.keySet());
        settled.sort(Comparator.naturalOrder());
        return settled;
    }

    /** Checks whether a file that was read to its end has grown: its writer has continued. */
    private void watch() throws IOException {
        long now = nanos.getAsLong();
        if (now - nextWatch < 0) {
            return;
        }
        nextWatch = now + WATCH_EVERY.toNanos();
        Instant watchedSince = clock.instant().minus(WATCHED);
        Instant forgotten = clock.instant().minus(REMEMBERED);
        Set<String> old = new HashSet<>();
        boolean trusted = timeTrusted.getAsBoolean();
        for (Claim claim : List.copyOf(known.values())) {
            if (claim.phase() != Claim.Phase.CLOSED) {
                continue;
            }
            if (trusted && claim.at().isBefore(forgotten)) {
                old.add(claim.id());
            }
            if (old.contains(claim.id()) && tooOld.contains(claim.id()) || known.size() > MOST_REMEMBERED) {
                Files.deleteIfExists(claim.file(claims));
                known.remove(claim.id());
            } else if (claim.at().isAfter(watchedSince)) {
                grown(claim);
            }
        }
        tooOld = old;
    }

    /**
     * A claim made while the clock is behind gets the time of the newest earlier claim, so that it is not deleted when
     * the clock is corrected.
     */
    private Instant notBeforeTheOthers(Instant now) {
        return known.values().stream()
                .map(Claim::at)
                .filter(at -> at.isAfter(now))
                .max(Comparator.naturalOrder())
                .orElse(now);
    }

    private void grown(Claim claim) throws IOException {
        Path target = folder.resolve(claim.target());
        if (refused(target).isPresent()
                || Files.size(target) <= claim.size()
                || !sha256(target, claim.size()).equals(claim.sha256())) {
            return;
        }
        LOG.warn(
                "{} file {} has grown after it was read; its further lines are read as well",
                IntakeFault.FILE_HAS_GROWN.code(),
                shown(claim.name()));
        save(claim.in(Claim.Phase.WORK, "").measured(Files.size(target), sha256(target, Files.size(target))));
        move(target.resolveSibling(target.getFileName() + ".report.csv"), report(claim));
        move(target, file(claim));
    }

    /**
     * A name that is not used yet, because a file of the same name may come every month. A name that is too long is
     * shortened at its beginning.
     */
    private static String free(Path folder, String full) {
        String name = full;
        while (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_TARGET) {
            name = name.substring(name.offsetByCodePoints(0, 1));
        }
        String target = name;
        for (int copy = 2;
                Files.exists(folder.resolve(target), LinkOption.NOFOLLOW_LINKS)
                        || Files.exists(folder.resolve(target + ".report.csv"), LinkOption.NOFOLLOW_LINKS);
                copy++) {
            target = name + "." + copy;
        }
        return target;
    }

    /** Why a file must not be opened; empty if it may be. */
    private Optional<String> refused(Path file) {
        if (Files.isSymbolicLink(file)) {
            return Optional.of("a symbolic link");
        }
        try {
            allowed.readable(file.toString());
            return Optional.empty();
        } catch (PosternException e) {
            return Optional.of(e.fault().cause());
        }
    }

    /** The file of a claim, to be opened. */
    Path readable(Claim claim) throws IOException {
        Optional<String> refused = refused(file(claim));
        if (refused.isPresent()) {
            throw new IOException(refused.get());
        }
        return file(claim);
    }

    private static String sha256(Path file, long bytes) throws IOException {
        MessageDigest digest = Sha256.start();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = new DigestInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), digest)) {
            long left = bytes;
            for (int read = 0; left > 0 && read >= 0; left -= read) {
                read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    break;
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A name reduced to the characters that an identity may contain. */
    static String plain(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_-]", "-");
        return plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
    }

    /** A name in printable characters for logs. */
    static String shown(String name) {
        return name.replaceAll("[^\\x20-\\x7E]", "?");
    }
}
