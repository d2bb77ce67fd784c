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
            "a line of the inventory breaks a rule; the last good inventory stays in use",
            "the columns of the inventory",
            "correct the line")),
    FIRMWARE_LINE(stays(
            "PST-8103",
            OPERATOR,
            "a line of the firmware list breaks a rule; the last good list stays in use",
            "the columns of the firmware list",
            "correct the line")),
    FILE_MISSING(passes(
            "PST-8104",
            OPERATOR,
            "a device's facts are needed and the inventory file has not been there since the start",
            "the inventory file at its place",
            "put the file there, or correct the setting devicesFile")),
    CERTIFICATE_UNUSABLE(stays(
            "PST-8112",
            SECURITY_OFFICER,
            "a certificate on record that may not be used",
            "a certificate of the party, key usage and curve that its file name says",
            "replace the file")),
    CERTIFICATE_FORM(stays(
            "PST-8113",
            SECURITY_OFFICER,
            "not one X.509 v3 certificate in strict DER",
            "one X.509 v3 certificate in strict DER",
            "get the certificate from SMKI again")),
    CERTIFICATE_ALGORITHM(stays(
            "PST-8114",
            SECURITY_OFFICER,
            "a certificate of another key than P-256 or another signature than ecdsa-with-SHA256",
            "a P-256 key, signed with ecdsa-with-SHA256",
            "get the certificate from SMKI again")),
    CERTIFICATE_PROFILE(stays(
            "PST-8115",
            SECURITY_OFFICER,
            "a certificate with names, identifiers or extensions that the SMKI profile does not have, or without "
                    + "those it has",
            "names and extensions of the SMKI profile",
            "get the certificate from SMKI again"));

    private final FaultEntry entry;

    InventoryFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
