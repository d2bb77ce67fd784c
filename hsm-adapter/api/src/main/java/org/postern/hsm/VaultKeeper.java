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
 * Opens a vault, publishes it once its keys have been tried, and goes on trying: a vault that cannot be opened is tried
 * again, one whose files changed is opened anew and the former kept where that fails, and the keys of an open one are
 * tried again and again. Everything runs on one thread of its own, so that a token that hangs holds nobody up.
 */
public final class VaultKeeper implements PartHealth, VaultControl, AutoCloseable {

    /** Name of the part in readiness and status. */
    public static final String PART = "key vault";

    private static final Logger LOG = LoggerFactory.getLogger(VaultKeeper.class);
    private static final Duration BETWEEN_OPENINGS = Duration.ofSeconds(5);
    private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(60);
    private static final Duration OPENING_PATIENCE = Duration.ofSeconds(10);
    private static final long TICK_MILLIS = 1000;
    private static final String STAYS =
            "; the vault that was opened before stays in use, until Postern or the vault's module starts anew";

    /** One kind of vault, as configured. */
    public interface Source {

        /** PID of its settings. */
        String pid();

        /**
         * Opens it with the keys that are there now.
         *
         * @throws KeyVaultException where it cannot be opened, or a key is not its certificate's
         */
        AbstractKeyVault open();

        /** Changes whenever a file that {@link #open} reads has changed; empty where there is none. */
        String fingerprint();

        /** Counters and gauges of this kind of vault, by metric name. */
        default Map<String, Long> figures() {
            return Map.of();
        }
    }

    /** Makes an open vault known to its users. */
    @FunctionalInterface
    public interface Publisher {

        /** Publishes; what it returns takes the vault back. */
        Runnable publish(KeyVault vault);
    }

    /** Says why the vault must not be used at all, whatever its keys. */
    @FunctionalInterface
    public interface Objection {

        /** The objection now, if any. */
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
    private volatile boolean asked;
    private volatile boolean closed;
    private @Nullable Runnable takeBack;
    private String seen = "";
    private String told = "";
    private String toldOfKeys = "";
    private long lastOpening;
    private long lastTrial;

    /** @param nanos a monotonic clock in nanoseconds */
    public VaultKeeper(Source source, Publisher publisher, Objection objection, LongSupplier nanos) {
        this.source = source;
        this.publisher = publisher;
        this.objection = objection;
        this.nanos = nanos;
        this.asked = true;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "postern-key-vault");
            made.setDaemon(true);
            return made;
        });
    }

    /** Begins, without waiting for the first opening. */
    @SuppressWarnings("FutureReturnValueIgnored") // a look that throws is logged, and the next one comes
    public VaultKeeper start() {
        thread.scheduleWithFixedDelay(this::guardedTick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return this;
    }

    private void guardedTick() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.warn("key vault {}: {}", source.pid(), e.toString(), e);
        }
    }

    /** One look; called by the keeper's thread, or by a test in its place. */
    void tick() {
        Optional<KeyVaultException> no = objection.now();
        if (no.isPresent()) {
            withdraw();
            failed(no.get());
            asked = true;
            return;
        }
        String files = source.fingerprint();
        boolean changed = !files.equals(seen);
        if (asked
                || changed
                || (vault == null || failure != null) && due(lastOpening, BETWEEN_OPENINGS) && worthTrying()) {
            asked = false;
            seen = files;
            open();
        } else if (vault != null && due(lastTrial, vault.trouble().isPresent() ? BETWEEN_OPENINGS : BETWEEN_TRIALS)) {
            tryKeys(vault);
        }
    }

    /** A PIN that was refused is not tried again until its file has changed or somebody asks for it: tokens lock. */
    private boolean worthTrying() {
        return failure == null || failure.kind() != KeyVaultException.Kind.PIN_REJECTED;
    }

    private boolean due(long last, Duration distance) {
        return nanos.getAsLong() - last >= distance.toNanos();
    }

    private void open() {
        openingSince = nanos.getAsLong();
        opening = true;
        try {
            AbstractKeyVault opened = source.open();
            // publishing starts all that waits for a vault, on this thread
            opening = false;
            if (closed) {
                return;
            }
            Runnable before = takeBack;
            vault = opened;
            failure = null;
            takeBack = publisher.publish(opened);
            if (before != null) {
                before.run();
            }
            opened.keys()
                    .forEach(key -> LOG.info(
                            "Key {} ({}) of {} agrees with its certificate, serial {}",
                            key.alias(),
                            key.purpose(),
                            key.eui(),
                            key.serial()));
            told = "";
            toldOfKeys = "";
            lastTrial = nanos.getAsLong();
        } catch (KeyVaultException e) {
            failed(e);
            if (vault != null) {
                // whether the one that stays in use still works is to be known now, not with its next trial
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
            if (!toldOfKeys.isEmpty()) {
                toldOfKeys = "";
                LOG.info("key vault {}: all keys agree with their certificates", source.pid());
            }
        } catch (KeyVaultException e) {
            String text = e.fault().toString();
            if (!text.equals(toldOfKeys)) {
                toldOfKeys = text;
                LOG.error("key vault {}: {}", source.pid(), text);
            }
        } finally {
            lastTrial = nanos.getAsLong();
        }
    }

    private void failed(KeyVaultException e) {
        failure = e;
        String text = e.fault().toString();
        if (!text.equals(told)) {
            told = text;
            LOG.error("key vault {}: {}{}", source.pid(), text, vault == null ? "; there is no vault" : STAYS);
        }
    }

    private void withdraw() {
        if (takeBack != null) {
            Runnable back = takeBack;
            takeBack = null;
            vault = null;
            back.run();
        }
    }

    /** Opens the vault anew with the next look; the one that is open stays in use where that fails. */
    @Override
    public void reopen() {
        asked = true;
    }

    @Override
    public String part() {
        return PART;
    }

    @Override
    public Optional<Fault> trouble() {
        if (opening && nanos.getAsLong() - openingSince > OPENING_PATIENCE.toNanos()) {
            return Optional.of(new Fault(
                    KeyVaultException.Kind.TOKEN_OFFLINE,
                    source.pid(),
                    "a vault opens within " + OPENING_PATIENCE.toSeconds() + " s",
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
                    "wait"));
        }
        return open.trouble().map(KeyVaultException::fault);
    }

    /**
     * A vault that could not be opened anew: the one that was opened before stays in use, and a restart would find
     * none.
     */
    @Override
    public List<Fault> remarks() {
        KeyVaultException failed = failure;
        if (failed == null || vault == null) {
            return List.of();
        }
        Fault fault = failed.fault();
        return List.of(new Fault(failed.kind(), fault.field(), fault.rule(), fault.cause() + STAYS, fault.action()));
    }

    @Override
    public Map<String, Long> figures() {
        return source.figures();
    }

    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        // the thread may hang in the token; what it published is taken back from here
        Runnable back = takeBack;
        if (back != null) {
            back.run();
        }
    }
}
