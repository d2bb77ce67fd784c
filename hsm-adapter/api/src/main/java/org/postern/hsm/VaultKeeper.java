package org.postern.hsm;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a vault, tests its keys and publishes it, and then monitors it. A vault that cannot be opened is retried. A
 * vault whose files have changed is reopened; where that fails, the previous one stays in use. The keys of an open
 * vault are tested periodically. Everything runs on one separate thread, so that a token that hangs does not block
 * other threads.
 */
public final class VaultKeeper implements PartHealth, VaultControl, AutoCloseable {

    /** Name of the part in readiness and status. */
    public static final String PART = "key vault";

    private static final Logger LOG = LoggerFactory.getLogger(VaultKeeper.class);
    private static final Duration BETWEEN_OPENINGS = Duration.ofSeconds(5);
    private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(60);
    private static final Duration OPENING_TIMEOUT = Duration.ofSeconds(10);
    private static final long TICK_MILLIS = 1000;
    private static final String PREVIOUS_STAYS_IN_USE =
            "; the vault that was opened before stays in use until Postern or the bundle of the vault is restarted";

    /** A provider of vaults, with its settings. */
    public interface Source {

        /** PID of its settings. */
        String pid();

        /**
         * Opens the vault with the keys that exist now.
         *
         * @throws KeyVaultException where it cannot be opened, or a key does not belong to its certificate
         */
        AbstractKeyVault open();

        /** A text that changes whenever a file that {@link #open} reads has changed; empty where it reads none. */
        String fingerprint();

        /** Counters and gauges of this provider, by metric name. */
        default Map<String, Long> figures() {
            return Map.of();
        }
    }

    /** Makes an open vault available to its users. */
    @FunctionalInterface
    public interface Publisher {

        /** Publishes the vault. The action that is returned withdraws it. */
        Runnable publish(KeyVault vault);
    }

    /** Checks whether there is a reason, apart from its keys, not to use the vault. */
    @FunctionalInterface
    public interface Objection {

        /** The present objection; empty where there is none. */
        Optional<KeyVaultException> now();
    }

    private final Source source;
    private final Publisher publisher;
    private final Objection objection;
    private final LongSupplier nanos;
    private final ScheduledExecutorService thread;

    private volatile @Nullable AbstractKeyVault vault;
    private volatile @Nullable KeyVaultException failure;
    private volatile long openingSince;
    private volatile boolean opening;
    private volatile boolean openRequested;
    private volatile boolean closed;
    private volatile @Nullable Runnable unpublish;
    private String lastFingerprint = "";
    private String lastLoggedFailure = "";
    private String lastLoggedKeyFailure = "";
    private long lastOpening;
    private long lastTrial;

    /** @param nanos a monotonic clock in nanoseconds */
    public VaultKeeper(Source source, Publisher publisher, Objection objection, LongSupplier nanos) {
        this.source = source;
        this.publisher = publisher;
        this.objection = objection;
        this.nanos = nanos;
        this.openRequested = true;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "postern-key-vault");
            made.setDaemon(true);
            return made;
        });
    }

    /** Starts the thread; does not wait until the vault is open. */
    @SuppressWarnings("FutureReturnValueIgnored") // an exception is logged, and the next check follows
    public VaultKeeper start() {
        thread.scheduleWithFixedDelay(this::tickLoggingFailures, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return this;
    }

    private void tickLoggingFailures() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.warn("key vault {}: {}", source.pid(), e.toString(), e);
        }
    }

    /** One check; called periodically by the keeper's thread, or directly by a test. */
    void tick() {
        Optional<KeyVaultException> objectionNow = objection.now();
        if (objectionNow.isPresent()) {
            withdraw();
            failed(objectionNow.get());
            openRequested = true;
            return;
        }
        String files = source.fingerprint();
        boolean changed = !files.equals(lastFingerprint);
        if (openRequested
                || changed
                || (vault == null || failure != null) && elapsed(lastOpening, BETWEEN_OPENINGS) && retryMayHelp()) {
            openRequested = false;
            lastFingerprint = files;
            open();
        } else if (vault != null
                && elapsed(lastTrial, vault.trouble().isPresent() ? BETWEEN_OPENINGS : BETWEEN_TRIALS)) {
            tryKeys(vault);
        }
    }

    /**
     * A PIN that was refused is not retried until its file has changed or reopening is requested, because tokens lock.
     */
    private boolean retryMayHelp() {
        return failure == null || failure.kind() != KeyVaultException.Kind.PIN_REJECTED;
    }

    private boolean elapsed(long last, Duration distance) {
        return nanos.getAsLong() - last >= distance.toNanos();
    }

    private void open() {
        openingSince = nanos.getAsLong();
        opening = true;
        try {
            AbstractKeyVault opened = source.open();
            // publishing runs, on this thread, everything that waits for a vault, so it is not part of opening
            opening = false;
            if (closed) {
                return;
            }
            Runnable before = unpublish;
            vault = opened;
            failure = null;
            Runnable back = publisher.publish(opened);
            unpublish = back;
            if (before != null) {
                before.run();
            }
            if (closed) {
                // closed during publishing: close() did not see what has to be taken back
                back.run();
                return;
            }
            opened.keys()
                    .forEach(key -> LOG.info(
                            "Key {} ({}) of {} agrees with its certificate, serial {}",
                            key.alias(),
                            key.purpose(),
                            key.eui(),
                            key.serial()));
            lastLoggedFailure = "";
            lastLoggedKeyFailure = "";
            lastTrial = nanos.getAsLong();
        } catch (KeyVaultException e) {
            failed(e);
            if (vault != null) {
                // check now, not at the next interval, whether the vault that stays in use still works
                opening = false;
                tryKeys(vault);
            }
        } finally {
            opening = false;
            lastOpening = nanos.getAsLong();
        }
    }

    private void tryKeys(AbstractKeyVault open) {
        try {
            open.tryKeys();
            if (!lastLoggedKeyFailure.isEmpty()) {
                lastLoggedKeyFailure = "";
                LOG.info("key vault {}: all keys agree with their certificates", source.pid());
            }
        } catch (KeyVaultException e) {
            String text = e.fault().toString();
            if (!text.equals(lastLoggedKeyFailure)) {
                lastLoggedKeyFailure = text;
                LOG.error("key vault {}: {}", source.pid(), text);
            }
        } finally {
            lastTrial = nanos.getAsLong();
        }
    }

    private void failed(KeyVaultException e) {
        failure = e;
        String text = e.fault().toString();
        if (!text.equals(lastLoggedFailure)) {
            lastLoggedFailure = text;
            LOG.error(
                    "key vault {}: {}{}",
                    source.pid(),
                    text,
                    vault == null ? "; no vault is available" : PREVIOUS_STAYS_IN_USE);
        }
    }

    private void withdraw() {
        if (unpublish != null) {
            Runnable back = unpublish;
            unpublish = null;
            vault = null;
            back.run();
        }
    }

    /** Reopens the vault at the next check; the current one stays in use where that fails. */
    @Override
    public void reopen() {
        openRequested = true;
    }

    @Override
    public String part() {
        return PART;
    }

    @Override
    public Optional<Fault> trouble() {
        if (opening && nanos.getAsLong() - openingSince > OPENING_TIMEOUT.toNanos()) {
            return Optional.of(new Fault(
                    KeyVaultException.Kind.TOKEN_OFFLINE,
                    source.pid(),
                    "the vault opens within " + OPENING_TIMEOUT.toSeconds() + " s",
                    "it has been opening for " + TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - openingSince)
                            + " s",
                    "check the token and its library"));
        }
        KeyVaultException failed = failure;
        AbstractKeyVault open = vault;
        if (open == null) {
            if (failed != null) {
                return Optional.of(failed.fault());
            }
            return Optional.of(new Fault(
                    KeyVaultException.Kind.TOKEN_OFFLINE,
                    source.pid(),
                    "the vault is open",
                    "it is being opened",
                    "wait until it is open"));
        }
        return open.trouble().map(KeyVaultException::fault);
    }

    /**
     * Reported where the vault could not be reopened: the previous one stays in use, but after a restart there would be
     * no vault.
     */
    @Override
    public List<Fault> remarks() {
        KeyVaultException failed = failure;
        if (failed == null || vault == null) {
            return List.of();
        }
        Fault fault = failed.fault();
        return List.of(new Fault(
                failed.kind(), fault.field(), fault.rule(), fault.cause() + PREVIOUS_STAYS_IN_USE, fault.action()));
    }

    @Override
    public Map<String, Long> figures() {
        return source.figures();
    }

    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        // the thread may hang in the token, so the vault is withdrawn on the current thread
        Runnable back = unpublish;
        if (back != null) {
            back.run();
        }
    }
}
