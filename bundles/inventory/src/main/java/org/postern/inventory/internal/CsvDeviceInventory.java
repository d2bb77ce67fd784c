package org.postern.inventory.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.FirmwareList;
import org.postern.inventory.InventoryCsv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inventory of one CSV file, read again when the file changes. A changed file that breaks a rule is logged and the
 * last good one stays in force; one thread reads, the others go on with what they have.
 */
@Component(
        service = DeviceInventory.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.inventory",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = CsvDeviceInventory.Config.class)
public final class CsvDeviceInventory implements DeviceInventory {

    /** Settings of PID {@code org.postern.inventory}; the certificate directory reads the same. */
    @ObjectClassDefinition(name = "Postern inventory", description = "What we know of devices and certificates.")
    public @interface Config {

        @AttributeDefinition(
                name = "Device file",
                description =
                        "CSV with header deviceId,deviceType,variant,attributes. A missing file is an empty inventory;"
                                + " commands that need one wait for it until ten minutes after the start.")
        @Form(form = SettingForm.PATH)
        String devicesFile();

        @AttributeDefinition(
                name = "Firmware file",
                description = "CSV with header sha256,deviceType,version: images that 11.3 may"
                        + " activate. Empty: any. A file that is missing is a list on which nothing is.")
        @Form(form = SettingForm.PATH)
        String firmwareFile() default "";

        @AttributeDefinition(
                name = "Certificate folder",
                description = "Folder of certificates in PEM form, named EUI-ds.pem, EUI-ka.pem, EUI-pp-ka.pem.")
        @Form(form = SettingForm.PATH)
        String certificatesFolder();

        @AttributeDefinition(
                name = "Signer folder",
                description = "Folder of certificates that may sign XML documents, found by"
                        + " issuer and serial number; any name. Empty: the certificate folder.")
        @Form(form = SettingForm.PATH)
        String signersFolder() default "";

        @AttributeDefinition(
                name = "Authorities' folder",
                description =
                        "Folder with the root and issuing certificates that we trust,"
                                + " *.pem under any name that does not begin with an EUI, for example root.pem. Empty: the certificate folder.")
        @Form(form = SettingForm.PATH)
        String authoritiesFolder() default "";

        @AttributeDefinition(
                name = "Seconds between looks",
                min = "0",
                max = "3600",
                description = "After how many seconds a file is looked at again for changes.")
        int recheckSeconds() default 5;

        @AttributeDefinition(
                name = "Certificates in memory",
                min = "16",
                max = "10000000",
                description = "How many certificates are kept in memory; the least recently used are dropped.")
        int certificateCacheSize() default 20_000;
    }

    private static final Logger LOG = LoggerFactory.getLogger(CsvDeviceInventory.class);

    private final Path file;
    private final Duration recheck;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Map<Eui64, DeviceFacts> devices = Map.of();
    private volatile boolean everRead;
    private volatile Instant nextLook = Instant.MIN;
    private FileStamp stamp = FileStamp.NONE;
    private final Optional<Path> firmwareFile;
    private volatile FirmwareList firmware = FirmwareList.EMPTY;
    private FileStamp firmwareStamp = FileStamp.NONE;

    @Activate
    public CsvDeviceInventory(Config config) {
        this(
                Path.of(config.devicesFile()),
                Optional.of(config.firmwareFile()).filter(f -> !f.isBlank()).map(Path::of),
                Duration.ofSeconds(config.recheckSeconds()),
                new SteadyClock(System::nanoTime));
    }

    /**
     * Reads the file; keeps no list of firmware.
     *
     * @throws PosternException PST-8102 where it breaks a rule
     */
    public CsvDeviceInventory(Path file, Duration recheck, Clock clock) {
        this(file, Optional.empty(), recheck, clock);
    }

    /**
     * Reads the files.
     *
     * @throws PosternException PST-8102 or PST-8103 where one breaks a rule
     */
    public CsvDeviceInventory(Path file, Optional<Path> firmwareFile, Duration recheck, Clock clock) {
        this.file = file;
        this.firmwareFile = firmwareFile;
        this.recheck = recheck;
        this.clock = clock;
        load();
        loadFirmware();
        nextLook = clock.instant().plus(recheck);
    }

    @Override
    public Optional<DeviceFacts> find(Eui64 deviceId) {
        lookAgain();
        return Optional.ofNullable(devices.get(deviceId));
    }

    @Override
    public int size() {
        lookAgain();
        return devices.size();
    }

    @Override
    public Optional<String> missing() {
        lookAgain();
        return everRead ? Optional.empty() : Optional.of(file.toString());
    }

    @Override
    public Optional<FirmwareList> firmware() {
        lookAgain();
        return firmwareFile.map(path -> firmware);
    }

    private void lookAgain() {
        Instant now = clock.instant();
        if (now.isBefore(nextLook) || !reading.tryLock()) {
            return;
        }
        try {
            nextLook = now.plus(recheck);
            keptWhereBroken(this::load);
            keptWhereBroken(this::loadFirmware);
        } finally {
            reading.unlock();
        }
    }

    private static void keptWhereBroken(Runnable load) {
        try {
            load.run();
        } catch (PosternException e) {
            LOG.error("inventory kept as it was: {}", e.fault());
        }
    }

    private void loadFirmware() {
        if (firmwareFile.isEmpty()) {
            return;
        }
        FileStamp now = FileStamp.of(firmwareFile.get());
        if (now.equals(firmwareStamp)) {
            return;
        }
        firmwareStamp = now;
        firmware = now.equals(FileStamp.NONE) ? FirmwareList.EMPTY : FirmwareList.read(firmwareFile.get());
        LOG.info("firmware: {} images may be activated", firmware.size());
    }

    private void load() {
        FileStamp now = FileStamp.of(file);
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        // a file being replaced or a share away for a moment says nothing of the devices
        if (now.equals(FileStamp.NONE)) {
            LOG.error("inventory kept as it was: {} is not there", file);
            return;
        }
        devices = Map.copyOf(InventoryCsv.read(file));
        everRead = true;
        LOG.info("inventory: {} devices", devices.size());
    }

    /** What tells one version of a file from the next. */
    record FileStamp(
            long modifiedNanos, long size, @Nullable Object key) {

        static final FileStamp NONE = new FileStamp(0, -1, null);

        static FileStamp of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new FileStamp(
                        attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS),
                        attributes.size(),
                        attributes.fileKey());
            } catch (IOException e) {
                return NONE;
            }
        }
    }
}
