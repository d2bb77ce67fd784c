package org.postern.inventory;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SECURITY_OFFICER;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of inventory, firmware list and certificate directory, PST-8100 to PST-8199. */
public enum InventoryFault implements FaultCode {
    FILE_UNREADABLE(stays(
            "PST-8101",
            OPERATOR,
            "the inventory or firmware file cannot be read",
            "a readable file in UTF-8",
            "correct the setting or the file")),
    INVENTORY_LINE(stays(
            "PST-8102",
            OPERATOR,
            "a line of the inventory file is wrong; the last valid inventory stays in use",
            "the columns of the inventory",
            "correct the line")),
    FIRMWARE_LINE(stays(
            "PST-8103",
            OPERATOR,
            "a line of the firmware list is wrong; the last valid list stays in use",
            "the columns of the firmware list",
            "correct the line")),
    FILE_MISSING(passes(
            "PST-8104",
            OPERATOR,
            "facts about a device are required, but the inventory file has not existed since the start",
            "the inventory file exists",
            "provide the file, or correct the setting devicesFile")),
    CERTIFICATE_UNUSABLE(stays(
            "PST-8112",
            SECURITY_OFFICER,
            "a certificate in the certificate folder that must not be used",
            "a P-256 certificate of the party and for the key usage that the file name states",
            "replace the file")),
    CERTIFICATE_FORM(stays(
            "PST-8113",
            SECURITY_OFFICER,
            "a certificate that is not exactly one X.509 v3 certificate in strict DER",
            "one X.509 v3 certificate in strict DER",
            "obtain the certificate from the SMKI again")),
    CERTIFICATE_ALGORITHM(stays(
            "PST-8114",
            SECURITY_OFFICER,
            "a certificate whose key is not on P-256 or whose signature is not ecdsa-with-SHA256",
            "a P-256 key, signed with ecdsa-with-SHA256",
            "obtain the certificate from the SMKI again")),
    CERTIFICATE_PROFILE(stays(
            "PST-8115",
            SECURITY_OFFICER,
            "a certificate with names, identifiers or extensions that the SMKI profile does not permit, or without "
                    + "required ones",
            "names and extensions of the SMKI profile",
            "obtain the certificate from the SMKI again"));

    private final FaultEntry entry;

    InventoryFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
