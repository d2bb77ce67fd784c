package org.postern.inventory.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.KeyFile;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.CertificateUsage;
import org.postern.inventory.InventoryFault;
import org.postern.inventory.PartyCertificate;
import org.postern.inventory.SmkiCertificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates in a folder. A file with EUI and usage in its name is read when it is first needed and stored in a cache
 * of limited size, so the folder may contain millions of files. The folder of signers, which is small, is read
 * completely. Both are checked again after the recheck time, so a replaced certificate takes effect within seconds, and
 * the old one is not returned any more.
 */
@Component(
        service = CertificateDirectory.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.inventory",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FolderCertificateDirectory implements CertificateDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(FolderCertificateDirectory.class);

    /** Limits the memory that a sender can fill by inventing names. */
    private static final int MAX_CACHED_NAMES = 256;

    private static final int MAX_CACHED_NAME_LENGTH = 512;

    private record Key(Eui64 party, CertificateUsage usage) {}

    private record Signer(String issuer, BigInteger serial) {}

    private record CacheEntry(
            CsvDeviceInventory.FileStamp stamp,
            Optional<PartyCertificate> certificate,
            @Nullable PosternException refusal,
            Instant checked) {}

    private final Path folder;
    private final WatchedFolder signersFolder;
    private final Duration recheck;
    private final Clock clock;
    private final Map<Key, CacheEntry> cache;
    private final AuthorityFolder authorities;
    private final ReentrantLock scanning = new ReentrantLock();
    private final Map<String, Optional<String>> issuers = new ConcurrentHashMap<>();
    private volatile Map<Signer, PartyCertificate> signers = Map.of();
    private volatile Instant nextScan = Instant.MIN;

    @Activate
    public FolderCertificateDirectory(CsvDeviceInventory.Config config) {
        this(
                Path.of(config.certificatesFolder()),
                Path.of(config.signersFolder().isBlank() ? config.certificatesFolder() : config.signersFolder()),
                Path.of(
                        config.authoritiesFolder().isBlank()
                                ? config.certificatesFolder()
                                : config.authoritiesFolder()),
                Duration.ofSeconds(config.recheckSeconds()),
                config.certificateCacheSize(),
                new SteadyClock(System::nanoTime));
    }

    /** A directory with the authorities in the folder of certificates. */
    public FolderCertificateDirectory(Path folder, Path signersFolder, Duration recheck, int cacheSize, Clock clock) {
        this(folder, signersFolder, folder, recheck, cacheSize, clock);
    }

    public FolderCertificateDirectory(
            Path folder, Path signersFolder, Path authoritiesFolder, Duration recheck, int cacheSize, Clock clock) {
        this.authorities = new AuthorityFolder(authoritiesFolder, recheck, clock);
        this.folder = folder;
        this.signersFolder = new WatchedFolder(signersFolder, KeyFile::namesCertificate);
        this.recheck = recheck;
        this.clock = clock;
        this.cache = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, CacheEntry> eldest) {
                return size() > cacheSize;
            }
        };
        scan();
    }

    @Override
    public Optional<PartyCertificate> find(Eui64 party, CertificateUsage usage) {
        Key key = new Key(party, usage);
        Instant now = clock.instant();
        CacheEntry entry;
        synchronized (cache) {
            entry = cache.get(key);
        }
        if (entry == null || !now.isBefore(entry.checked.plus(recheck))) {
            entry = read(key, entry, now);
            synchronized (cache) {
                cache.put(key, entry);
            }
        }
        if (entry.refusal != null) {
            throw new PosternException(entry.refusal.fault(), entry.refusal);
        }
        return entry.certificate;
    }

    private CacheEntry read(Key key, @Nullable CacheEntry before, Instant now) {
        String name = key.party.fileName() + "-" + key.usage.suffix();
        Path file = KeyFile.certificate(folder, name).orElseGet(() -> folder.resolve(name + ".pem"));
        CsvDeviceInventory.FileStamp stamp = CsvDeviceInventory.FileStamp.of(file);
        if (before != null && before.stamp.equals(stamp)) {
            return new CacheEntry(stamp, before.certificate, before.refusal, now);
        }
        if (stamp.equals(CsvDeviceInventory.FileStamp.NONE)) {
            return new CacheEntry(stamp, Optional.empty(), null, now);
        }
        try {
            return new CacheEntry(stamp, Optional.of(checked(load(file), key, file)), null, now);
        } catch (PosternException e) {
            LOG.error("certificate not used: {}", e.fault());
            return new CacheEntry(stamp, Optional.empty(), e, now);
        }
    }

    private static PartyCertificate checked(X509Certificate certificate, Key key, Path file) {
        Eui64 eui = SmkiProfile.eui(certificate)
                .orElseThrow(() -> refused(file, "an EUI-64 in the certificate", "there is none"));
        if (!eui.equals(key.party)) {
            throw refused(file, "the EUI-64 of the file name in the certificate", "another EUI-64");
        }
        boolean usagePermitted = key.usage == CertificateUsage.DIGITAL_SIGNATURE
                ? SmkiProfile.signs(certificate)
                : SmkiProfile.agrees(certificate);
        if (!usagePermitted) {
            throw refused(file, "key usage for " + key.usage, "another key usage");
        }
        if (!SmkiProfile.p256(certificate)) {
            throw refused(file, "a P-256 key", "another kind of key");
        }
        return new PartyCertificate(eui, SmkiProfile.role(certificate), certificate);
    }

    @Override
    public Optional<PartyCertificate> find(String issuer, BigInteger serial) {
        if (!clock.instant().isBefore(nextScan) && scanning.tryLock()) {
            try {
                scan();
            } finally {
                scanning.unlock();
            }
        }
        return canonicalCached(issuer).map(name -> signers.get(new Signer(name, serial)));
    }

    @Override
    public List<SmkiCertificate> authorities() {
        return authorities.all();
    }

    @Override
    public String authoritiesPlace() {
        return authorities.folder().toString();
    }

    private void scan() {
        nextScan = clock.instant().plus(recheck);
        Optional<Iterable<Path>> changed = signersFolder.changed();
        if (changed.isEmpty()) {
            return;
        }
        Map<Signer, PartyCertificate> found = new HashMap<>();
        for (Path file : changed.get()) {
            try {
                X509Certificate certificate = load(file);
                Optional<Eui64> eui = SmkiProfile.eui(certificate);
                if (eui.isPresent() && SmkiProfile.signs(certificate) && SmkiProfile.p256(certificate)) {
                    canonical(certificate.getIssuerX500Principal().getName())
                            .ifPresent(issuer -> found.put(
                                    new Signer(issuer, certificate.getSerialNumber()),
                                    new PartyCertificate(eui.get(), SmkiProfile.role(certificate), certificate)));
                }
            } catch (PosternException e) {
                LOG.warn("certificate not used: {}", e.fault());
            }
        }
        signers = found;
        LOG.info("certificates that may sign: {}", found.size());
    }

    /** Caches canonical forms, because the same few names occur in all documents. */
    private Optional<String> canonicalCached(String issuer) {
        if (issuer.length() > MAX_CACHED_NAME_LENGTH) {
            return canonical(issuer);
        }
        if (issuers.size() >= MAX_CACHED_NAMES) {
            issuers.clear();
        }
        return issuers.computeIfAbsent(issuer, FolderCertificateDirectory::canonical);
    }

    /** The sorted components of the name, because tools differ in their order. */
    private static Optional<String> canonical(String name) {
        try {
            return Optional.of(Arrays.stream(new X500Principal(name)
                            .getName(X500Principal.CANONICAL)
                            .split(","))
                    .sorted()
                    .collect(Collectors.joining(",")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static X509Certificate load(Path file) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(KeyFile.certificates(file).get(0)));
        } catch (KeyFile.UnreadableException e) {
            throw refused(file, "an X.509 certificate in PEM or DER", e.getMessage());
        } catch (IOException | CertificateException e) {
            throw refused(
                    file, "an X.509 certificate in PEM or DER", e.getClass().getSimpleName());
        }
    }

    private static PosternException refused(Path file, String rule, String cause) {
        return new PosternException(
                InventoryFault.CERTIFICATE_UNUSABLE.fault(String.valueOf(file.getFileName()), rule, cause));
    }
}
