package org.postern.servicerequests.internal.admission;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.Sha256;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.FirmwareList;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestFilter;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.internal.reading.OwnDocuments;

/**
 * Rules for the activation of firmware (DUIS service 11.3). If the operator maintains a list, the image must be on the
 * list for devices of that type. A different image from the one that was last distributed to the device (11.1) causes a
 * remark: the schema (DUIS, FirmwareHash of 11.3) does not state whether everything that 11.1 carries is hashed, so
 * such a difference is reported but not refused.
 */
public final class FirmwareRule {

    private static final String ACTIVATE = "11.3";
    private static final String DISTRIBUTE = "11.1";
    private static final String FIELD = "Body/ActivateFirmware/FirmwareHash";
    private static final Pattern HASH = Pattern.compile("[0-9A-Fa-f]{64}");
    /** Number of the newest distributions that are considered; each is read once. */
    private static final int DISTRIBUTIONS = 16;

    private final DeviceInventory inventory;
    private final Ledger ledger;
    private final OwnDocuments documents;
    private final Map<String, Distribution> read = new ConcurrentHashMap<>();

    public FirmwareRule(DeviceInventory inventory, Ledger ledger, DuisReader reader) {
        this.inventory = inventory;
        this.ledger = ledger;
        this.documents = new OwnDocuments(ledger, reader);
    }

    /** A distributed image: its digest and version, and the devices in ascending order. */
    private record Distribution(String sha256, String version, long[] devices) {}

    /**
     * Checks an activation; any other request passes. For a cancellation only the form of the hash is checked, because
     * the activation of an image that was removed from the list must remain cancellable.
     *
     * @throws PosternException PST-2160 for a hash that is not valid, PST-2161 for an image that is not on the list,
     *     PST-2162 if it is not for the device's type
     */
    public void check(DuisRequest request) {
        if (!ACTIVATE.equals(request.serviceReferenceVariant())) {
            return;
        }
        String hash = hash(request);
        if (!HASH.matcher(hash).matches()) {
            throw ServiceRequestFault.FIRMWARE_HASH.refusal(
                    FIELD,
                    "SHA-256 of the image, 64 hex digits",
                    "not 64 hex digits, but " + hash.length() + " characters",
                    "give the image's digest");
        }
        Optional<FirmwareList> list = inventory.firmware();
        if (list.isEmpty() || request.cancels()) {
            return;
        }
        List<FirmwareList.Image> images = list.get().find(hash);
        if (images.isEmpty()) {
            throw ServiceRequestFault.FIRMWARE_NOT_LISTED.refusal(
                    FIELD,
                    "an image that may be activated",
                    "it is not on the list",
                    "correct the hash, or add the image to firmwareFile of org.postern.inventory.cfg");
        }
        Optional<DeviceType> type = inventory.find(request.requestId().target()).flatMap(DeviceFacts::deviceType);
        if (images.stream()
                .noneMatch(image -> type.filter(image.deviceType()::equals).isPresent())) {
            throw ServiceRequestFault.FIRMWARE_DEVICE_TYPE.refusal(
                    FIELD,
                    "an image for devices of type "
                            + String.join(
                                    ", ",
                                    images.stream()
                                            .map(i -> i.deviceType().name())
                                            .toList()),
                    type.map(t -> "the device is of type " + t).orElse("the inventory does not know the device's type"),
                    "correct the hash, the device, or the inventory");
        }
    }

    private static String hash(DuisRequest request) {
        return request.body().find("FirmwareHash").orElse("").strip();
    }

    /** A note for people on an activation that is admitted; empty if there is none. */
    public Optional<String> remark(DuisRequest request) {
        if (!ACTIVATE.equals(request.serviceReferenceVariant()) || request.cancels()) {
            return Optional.empty();
        }
        String hash = hash(request).toUpperCase(Locale.ROOT);
        return distributed(request.requestId())
                .filter(d -> !d.sha256().equals(hash))
                .map(d -> "the image that was last distributed to this device, version " + d.version()
                        + ", has a different digest: " + d.sha256());
    }

    /** The image that was last distributed to that device in the same role. */
    private Optional<Distribution> distributed(RequestId activation) {
        long device = activation.target().value();
        for (RequestRecord record : ledger.requests(
                new RequestFilter(Optional.empty(), Optional.empty(), Optional.of(DISTRIBUTE), DISTRIBUTIONS))) {
            boolean done = record.state() == RequestState.RESPONDED || record.state() == RequestState.DELIVERED;
            boolean ours = record.requestId()
                    .map(RequestId::originator)
                    .filter(activation.originator()::equals)
                    .isPresent();
            if (done && ours && record.progress().success().orElse(false)) {
                Optional<Distribution> distribution = distribution(record);
                if (distribution
                        .filter(d -> Arrays.binarySearch(d.devices(), device) >= 0)
                        .isPresent()) {
                    return distribution;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Distribution> distribution(RequestRecord record) {
        Distribution known = read.get(record.id());
        if (known == null) {
            Optional<DuisRequest> request = documents.of(record.id());
            if (request.isEmpty()) {
                return Optional.empty();
            }
            known = distribution(request.get());
            if (read.size() >= DISTRIBUTIONS) {
                read.clear();
            }
            read.put(record.id(), known);
        }
        return Optional.of(known);
    }

    private static Distribution distribution(DuisRequest request) {
        byte[] image = Base64.getMimeDecoder()
                .decode(request.body().find("FirmwareImage").orElse(""));
        long[] devices = Arrays.stream(
                        request.body().find("DeviceIDList").orElse("").strip().split("[\\s,;]+"))
                .filter(id -> !id.isBlank())
                .mapToLong(id -> Eui64.parse(id).value())
                .sorted()
                .toArray();
        return new Distribution(
                Sha256.hex(image).toUpperCase(Locale.ROOT),
                request.body().find("FirmwareVersion").orElse("").strip(),
                devices);
    }
}
