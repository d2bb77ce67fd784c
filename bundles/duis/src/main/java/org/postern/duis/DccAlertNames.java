package org.postern.duis;

import java.util.Set;
import java.util.regex.Pattern;

/** The DCC Alerts of DUIS 5.4 (DUIS, DCCAlertMessage). */
final class DccAlertNames {

    private static final Pattern CODE = Pattern.compile("AD1|N\\d{1,3}");
    private static final Set<String> PAYLOADS = Set.of(
            "PowerOutageEvent",
            "DeviceStatusChangeEvent",
            "DSPScheduleRemoval",
            "CommandFailure",
            "FirmwareDistributionFailure",
            "UpdateHANDeviceLogResult",
            "ChangeOfSupplier",
            "DeviceLogRestored",
            "PPMIDAlert",
            "SecurityCredentialsUpdated",
            "PPMIDRemoval",
            "QuarantinedRequest",
            "FirmwareVersionMismatch",
            "DualBandCHAlert",
            "S1SPAlertDSP",
            "SMETS1CHFirmwareNotification",
            "ALCSHCALCSConfigurationChange",
            "FirmwareUpgradeRequested",
            "CSPFirmwareDeliveryStatus",
            "CommsHubAlert",
            "ECoSAlert",
            "CommsHubFirmwareActivation",
            "CoSCertificateAlert",
            "DUISVersionMismatch");

    private DccAlertNames() {}

    static boolean known(String code, String payload) {
        return CODE.matcher(code).matches() && PAYLOADS.contains(payload);
    }
}
