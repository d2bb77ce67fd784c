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
 * The inventory of one CSV file, which is read again when it changes. If the changed file is invalid, that is logged
 * and the last valid content stays in use. One thread reads the file; the others continue with the previous content.
 */
@Component(
        service = DeviceInventory.class,
        configurationPid = SettingsTable.IN_FORCE + "org.postern.inventory",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = CsvDeviceInventory.Config.class)
public final class CsvDeviceInventory implements DeviceInventory {

    /** Settings of PID {@code org.postern.inventory}; the certificate directory uses the same settings. */
    @ObjectClassDefinition(name = "Postern inventory", description = "Known devices and certificates.")
    public @interface Config {

        @AttributeDefinition(
                name = "Device file",
                description =
                        "CSV with header deviceId,deviceType,variant,attributes. A missing file is an empty inventory;"
                                + " commands that need facts wait for it until ten minutes after the start.")
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
                name = "Folder of authorities",
                description =
                        "Folder with the trusted root and issuing certificates,"
                                + " *.pem under any name that does not begin with an EUI, for example root.pem. Empty: the certificate folder.")
        @Form(form = SettingForm.PATH)
        String authoritiesFolder() default "";

        @AttributeDefinition(
                name = "Seconds between checks",
                min = "0",
                max = "3600",
                description = "Number of seconds after which a file is checked again for changes.")
        int recheckSeconds() default 5;

        @AttributeDefinition(
                name = "Certificates in memory",
                min = "16",
                max = "10000000",
                description = "Number of certificates that are cached in memory; the least recently used are dropped.")
        int certificateCacheSize() default 20_000;
    }

    private static final Logger LOG = LoggerFactory.getLogger(CsvDeviceInventory.class);

    private final Path file;
    private final Duration recheck;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Map<Eui64, DeviceFacts> devices = Map.of();
    private volatile boolean everRead;
    private volatile Instant nextCheck = Instant.MIN;
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
     * Reads the file; there is no list of firmware.
     *
     * @throws PosternException PST-8102 where a line is wrong
     */
    public CsvDeviceInventory(Path file, Duration recheck, Clock clock) {
        this(file, Optional.empty(), recheck, clock);
    }

    /**
     * Reads the files.
     *
     * @throws PosternException PST-8102 or PST-8103 where a line is wrong
     */
    public CsvDeviceInventory(Path file, Optional<Path> firmwareFile, Duration recheck, Clock clock) {
        this.file = file;
        this.firmwareFile = firmwareFile;
        this.recheck = recheck;
        this.clock = clock;
        load();
        loadFirmware();
        nextCheck = clock.instant().plus(recheck);
    }

    @Override
    public Optional<DeviceFacts> find(Eui64 deviceId) {
        recheckFiles();
        return Optional.ofNullable(devices.get(deviceId));
    }

    @Override
    public int size() {
        recheckFiles();
        return devices.size();
    }

    @Override
    public Optional<String> missing() {
        recheckFiles();
        return everRead ? Optional.empty() : Optional.of(file.toString());
    }

    @Override
    public Optional<FirmwareList> firmware() {
        recheckFiles();
        return firmwareFile.map(path -> firmware);
    }

    private void recheckFiles() {
        Instant now = clock.instant();
        if (now.isBefore(nextCheck) || !reading.tryLock()) {
            return;
        }
        try {
            nextCheck = now.plus(recheck);
            logFailure(this::load);
            logFailure(this::loadFirmware);
        } finally {
            reading.unlock();
        }
    }

    private static void logFailure(Runnable load) {
        try {
            load.run();
        } catch (PosternException e) {
            LOG.error("the previous inventory stays in use: {}", e.fault());
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
        // a file that is being replaced, or a share that is temporarily unavailable, does not mean that there are no
        // devices
        if (now.equals(FileStamp.NONE)) {
            LOG.error("the previous inventory stays in use: {} does not exist", file);
            return;
        }
        devices = Map.copyOf(InventoryCsv.read(file));
        everRead = true;
        LOG.info("inventory: {} devices", devices.size());
    }

    /** Identifies a version of a file. */
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
