package org.postern.servicerequests.internal.credentials;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.catalogue.DeviceType;
import org.postern.duis.DuisElement;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.SmkiCertificate.Usage;
import org.postern.servicerequests.ServiceRequestFault;

/**
 * Checks that depend on the device: its type, the key that it generated last, and the requests that create keys on it
 * or read its certificates.
 */
final class DeviceChecks {

    private final DeviceInventory inventory;
    private final CredentialSettings settings;
    private final CredentialsTable table;
    private final IssuedRequests issued;

    DeviceChecks(
            DeviceInventory inventory, CredentialSettings settings, CredentialsTable table, IssuedRequests issued) {
        this.inventory = inventory;
        this.settings = settings;
        this.table = table;
        this.issued = issued;
    }

    /** The certificate must be for the key that the device last generated for that usage, if one is known. */
    void requested(RequestCheck check, SuppliedCertificate supplied) {
        Usage usage = supplied.certificate().usage();
        if (usage != Usage.DIGITAL_SIGNATURE && usage != Usage.KEY_AGREEMENT) {
            return;
        }
        Optional<byte[]> key = issued.latestKey(check.device(), usage);
        String rule = "the key that the device requested a certificate for (6.17, " + usage.text() + ")";
        if (key.isEmpty()) {
            check.findings()
                    .add(
                            settings.requireIssuedRequest(),
                            ServiceRequestFault.CERTIFICATE_NOT_REQUESTED,
                            supplied.field(),
                            rule,
                            "the ledger has no such request of the device");
        } else if (!java.util.Arrays.equals(key.get(), supplied.certificate().publicKey())) {
            check.findings()
                    .refuse(
                            ServiceRequestFault.CERTIFICATE_NOT_REQUESTED,
                            supplied.field(),
                            rule,
                            supplied.name() + " is for another key");
        }
    }

    String issue(RequestCheck check, CredentialsTable.Issue row) {
        onDevice(check, row.except(), "keys of its own", true);
        String type = check.body().find(row.element()).orElse("");
        if (table.credential(type).isEmpty()) {
            check.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            check.field(row.element()),
                            "one of " + table.credentials(),
                            "another text");
        }
        return CredentialChecker.DEVICE;
    }

    String reading(RequestCheck check, List<CredentialsTable.Reading> rows) {
        String element = rows.get(0).element();
        List<DuisElement> asked = check.body().children(element);
        Set<String> seen = new HashSet<>();
        if (asked.isEmpty() || asked.size() > rows.size()) {
            check.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_CONTENT,
                            check.field(element),
                            "1 to " + rows.size() + " parties",
                            asked.size() + " of them");
        }
        for (int i = 0; i < asked.size(); i++) {
            String party = asked.get(i).text().strip();
            String field = check.field(element + "[" + (i + 1) + "]");
            Optional<CredentialsTable.Reading> row =
                    rows.stream().filter(r -> r.party().equals(party)).findFirst();
            if (row.isEmpty()) {
                check.findings()
                        .refuse(
                                ServiceRequestFault.CREDENTIALS_CONTENT,
                                field,
                                "one of "
                                        + rows.stream()
                                                .map(CredentialsTable.Reading::party)
                                                .toList(),
                                "another text");
            } else if (!seen.add(party)) {
                check.findings()
                        .refuse(
                                ServiceRequestFault.CREDENTIALS_CONTENT,
                                field,
                                "each party only once",
                                "party " + party + " again");
            } else {
                type(check)
                        .filter(row.get().except()::contains)
                        .ifPresent(type -> check.findings()
                                .refuse(
                                        ServiceRequestFault.CREDENTIALS_DEVICE,
                                        field,
                                        "a device that has credentials of party " + party,
                                        "device type " + type));
            }
        }
        return String.join(" ", seen.stream().sorted().toList());
    }

    private Optional<DeviceType> type(RequestCheck check) {
        return inventory.find(check.device()).flatMap(DeviceFacts::deviceType);
    }

    /**
     * The device must be of a type that has these credentials.
     *
     * @param mustBeKnown true if an unknown device is refused, unless the settings permit it; otherwise it causes a
     *     warning
     */
    void onDevice(RequestCheck check, Set<DeviceType> except, String what, boolean mustBeKnown) {
        Optional<DeviceType> type = type(check);
        if (type.isEmpty()) {
            check.findings()
                    .add(
                            mustBeKnown && settings.requireKnownDevice(),
                            ServiceRequestFault.CREDENTIALS_DEVICE,
                            "Header/RequestID",
                            "a device that is in the inventory with its type",
                            "the inventory does not list it, or does not state its type");
        } else if (except.contains(type.get())) {
            check.findings()
                    .refuse(
                            ServiceRequestFault.CREDENTIALS_DEVICE,
                            "Header/RequestID",
                            "a device that has " + what,
                            "device type " + type.get());
        }
    }
}
