package org.postern.inventory.standalone;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.internal.CsvDeviceInventory;
import org.postern.inventory.internal.FolderCertificateDirectory;

/** Opens an inventory of devices in a file, and of certificates in folders. */
public final class InventoryFiles {

    private InventoryFiles() {}

    /**
     * The devices of a CSV file.
     *
     * @param file file in the format of {@code etc/devices.csv}
     * @param firmware list of released firmware; empty for none
     * @param recheck interval at which the files are checked for changes
     */
    public static DeviceInventory devices(Path file, Optional<Path> firmware, Duration recheck, Clock clock) {
        return new CsvDeviceInventory(file, firmware, recheck, clock);
    }

    /**
     * The certificates of devices, parties and signers of DUIS documents.
     *
     * @param folder certificates of devices and parties, named by EUI-64 and usage
     * @param signers certificates that sign DUIS documents
     * @param recheck interval at which a certificate is checked for a replacement
     * @param cacheSize maximum number of certificates that are cached in memory
     */
    public static CertificateDirectory certificates(
            Path folder, Path signers, Duration recheck, int cacheSize, Clock clock) {
        return new FolderCertificateDirectory(folder, signers, recheck, cacheSize, clock);
    }
}
