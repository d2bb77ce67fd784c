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
 * Certificates of a folder. By EUI and usage a file is opened when it is first asked for and kept in a bounded cache,
 * so the folder may hold millions; the signers' folder, which is small, is read whole. Both are looked at again after
 * the recheck time, so a replaced certificate is in force within seconds and no object of the old one is given out any
 * more.
 */
@Component(
        service = CertificateDirectory.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.inventory",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class FolderCertificateDirectory implements CertificateDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(FolderCertificateDirectory.class);

    /** A sender that makes up names fills this and no more. */
    private static final int KEPT_NAMES = 256;

    private static final int LONGEST_KEPT_NAME = 512;

    private record Key(Eui64 party, CertificateUsage usage) {}

    private record Signer(String issuer, BigInteger serial) {}

    private record Held(
            CsvDeviceInventory.FileStamp stamp,
            Optional<PartyCertificate> certificate,
            @Nullable PosternException refusal,
            Instant checked) {}

    private final Path folder;
    private final WatchedFolder signersFolder;
    private final Duration recheck;
    private final Clock clock;
    private final Map<Key, Held> cache;
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

    /** With the authorities in the folder of certificates. */
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
            protected boolean removeEldestEntry(Map.Entry<Key, Held> eldest) {
                return size() > cacheSize;
            }
        };
        scan();
    }

    @Override
    public Optional<PartyCertificate> find(Eui64 party, CertificateUsage usage) {
        Key key = new Key(party, usage);
        Instant now = clock.instant();
        Held held;
        synchronized (cache) {
            held = cache.get(key);
        }
        if (held == null || !now.isBefore(held.checked.plus(recheck))) {
            held = read(key, held, now);
            synchronized (cache) {
                cache.put(key, held);
            }
        }
        if (held.refusal != null) {
            throw new PosternException(held.refusal.fault(), held.refusal);
        }
        return held.certificate;
    }

    private Held read(Key key, @Nullable Held before, Instant now) {
        String name = key.party.fileName() + "-" + key.usage.suffix();
        Path file = KeyFile.certificate(folder, name).orElseGet(() -> folder.resolve(name + ".pem"));
        CsvDeviceInventory.FileStamp stamp = CsvDeviceInventory.FileStamp.of(file);
        if (before != null && before.stamp.equals(stamp)) {
            return new Held(stamp, before.certificate, before.refusal, now);
        }
        if (stamp.equals(CsvDeviceInventory.FileStamp.NONE)) {
            return new Held(stamp, Optional.empty(), null, now);
        }
        try {
            return new Held(stamp, Optional.of(checked(load(file), key, file)), null, now);
        } catch (PosternException e) {
            LOG.error("certificate not used: {}", e.fault());
            return new Held(stamp, Optional.empty(), e, now);
        }
    }

    private static PartyCertificate checked(X509Certificate certificate, Key key, Path file) {
        Eui64 eui =
                SmkiProfile.eui(certificate).orElseThrow(() -> refused(file, "an EUI-64 in the certificate", "none"));
        if (!eui.equals(key.party)) {
            throw refused(file, "the EUI-64 of the file's name in the certificate", "another EUI-64");
        }
        boolean right = key.usage == CertificateUsage.DIGITAL_SIGNATURE
                ? SmkiProfile.signs(certificate)
                : SmkiProfile.agrees(certificate);
        if (!right) {
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
        return known(issuer).map(name -> signers.get(new Signer(name, serial)));
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

    /** A name's canonical form depends on nothing but the name, and the same few come with every document. */
    private Optional<String> known(String issuer) {
        if (issuer.length() > LONGEST_KEPT_NAME) {
            return canonical(issuer);
        }
        if (issuers.size() >= KEPT_NAMES) {
            issuers.clear();
        }
        return issuers.computeIfAbsent(issuer, FolderCertificateDirectory::canonical);
    }

    /** The name's parts, sorted: tools write them in either order. */
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
