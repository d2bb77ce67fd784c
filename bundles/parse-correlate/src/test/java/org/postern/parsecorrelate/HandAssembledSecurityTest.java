package org.postern.parsecorrelate;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.DeviceType;
import org.postern.duis.DuisElement;
import org.postern.inventory.DeviceFacts;

/** Messages with ASN.1 content. */
class HandAssembledSecurityTest extends HandAssembled {

    @Test
    void firmwareIsActivatedLaterByItsHashAndTheCounter() {
        expect(
                "11.3",
                e("ActivateFirmware", later(), v("FirmwareHash", "AB".repeat(32))),
                DeviceFacts.unknown(ID.target()),
                "0012",
                // sequence of hash, counter, GeneralizedTime 20300115093010Z
                "30 39  04 20" + "AB".repeat(32) + "02 04 01020304  18 0F 32303330 3031 3135 3039 3330 3130 5A");
    }

    @Test
    void aGasClockIsGivenAsARange() {
        gas(
                "8.1.1",
                e(
                        "CommissionDeviceSynchroniseClock",
                        v("CurrentDateTime", "2014-12-31T23:30:00.00Z"),
                        v("TolerancePeriod", "3600")),
                "007F",
                "30 22  18 0F 32303134313233313233333030305A  18 0F 32303135303130313030333030305A");
    }

    @Test
    void credentialsAreAskedForByKeyUsage() {
        expect(
                "6.17",
                e("IssueSecurityCredentials", v("CredentialType", "Key Agreement")),
                DeviceFacts.unknown(ID.target()),
                "000A",
                "30 04 03 02 0308");
        expect(
                "6.24.2",
                e("RetrieveDeviceSecurityCredentialsDevice", v("CredentialType", "Digital Signature")),
                DeviceFacts.unknown(ID.target()),
                "000C",
                "30 04 03 02 0780");
    }

    @Test
    void aJoinByMethodCCarriesTheOtherDevicesCertificate() {
        expect(
                "8.7.1",
                e("JoinServiceCritical", v("OtherDeviceID", "00-DB-12-34-56-78-90-98")),
                new DeviceFacts(
                        ID.target(),
                        Optional.of(DeviceType.GSME),
                        DeviceFacts.Variant.SINGLE,
                        Map.of("joinMethod", "C", "otherDeviceType", "PPMID", "otherDeviceCertificate", "MAMCAQE=")),
                "00AF",
                "30 15  02 01 03  04 08 00DB123456789098  02 01 05  30 03 02 01 01");
    }

    @Test
    void anUnjoinIsTheOtherDevicesId() {
        expect(
                "8.8.1",
                e("UnjoinServiceCritical", v("OtherDeviceID", "00-DB-12-34-56-78-90-99")),
                DeviceFacts.unknown(ID.target()),
                "000F",
                "04 08 00DB123456789099");
    }

    @Test
    void networkOperatorCredentialsWithoutTimeChecksOrFloor() {
        DuisElement body = e(
                "UpdateSecurityCredentialsKRP",
                cancelled(),
                v("RemotePartyRole", "NetworkOperator"),
                e(
                        "ReplacementCertificates",
                        e("SupplierOrNetworkOperatorCertificates", v("KeyAgreementCertificate", "MAMCAQE="))),
                e("CertificationPathCertificates", v("Certificate", "MAMCAQI="), v("Certificate", "MAMCAQM=")),
                v("ApplyTimeBasedCPVChecks", "false"));
        expect(
                "6.15.1",
                body,
                DeviceFacts.unknown(ID.target()),
                "0103",
                "30 46"
                        // mode 3, time checks disapplied, authorised by the operator's signing cell, counter; no floor
                        + "30 15  02 01 03  81 01 01  A2 07 02 01 03 03 02 0780  83 04 01020304"
                        // one replacement: certificate and cell
                        + "30 10  30 0E  30 03 02 01 01  30 07 02 01 03 03 02 0308"
                        + "30 0A  30 03 02 01 02  30 03 02 01 03"
                        // cancelled
                        + "18 0F 39393939313233313233353935395A");
    }
}
