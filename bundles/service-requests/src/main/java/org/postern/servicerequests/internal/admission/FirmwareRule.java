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
 * What may be activated (DUIS service 11.3): an image that is on the operator's list, for devices of that type, where a
 * list is kept; and what should be looked at: another image than the one that we had distributed to that device (11.1).
 * The schema (DUIS, FirmwareHash of 11.3) does not say whether all that 11.1 carries is hashed, so a difference there
 * is told and not refused.
 */
public final class FirmwareRule {

    private static final String ACTIVATE = "11.3";
    private static final String DISTRIBUTE = "11.1";
    private static final String FIELD = "Body/ActivateFirmware/FirmwareHash";
    private static final Pattern HASH = Pattern.compile("[0-9A-Fa-f]{64}");
    /** So many of the newest distributions are looked at; each is read once. */
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

    /** An image that we had distributed: its digest and version, and to which devices, in order. */
    private record Distribution(String sha256, String version, long[] devices) {}

    /**
     * Checks an activation; anything else passes. A cancellation is held to the form alone: what was taken off the list
     * is what one wants to cancel.
     *
     * @throws PosternException PST-2160 for a hash that is none, PST-2161 for an image that is not on the list,
     *     PST-2162 where it is not for the device's type
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
                    hash.length() + " characters, or other ones",
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

    /** What a person should know of an activation that is admitted; empty for nothing. */
    public Optional<String> remark(DuisRequest request) {
        if (!ACTIVATE.equals(request.serviceReferenceVariant()) || request.cancels()) {
            return Optional.empty();
        }
        String hash = hash(request).toUpperCase(Locale.ROOT);
        return distributed(request.requestId())
                .filter(d -> !d.sha256().equals(hash))
                .map(d -> "the image that was last distributed to this device, version " + d.version()
                        + ", has another digest: " + d.sha256());
    }

    /** What we had last distributed to that device in the same role. */
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
