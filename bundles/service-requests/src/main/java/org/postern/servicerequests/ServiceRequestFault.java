package org.postern.servicerequests;

import static org.postern.catalogue.FaultActor.OPERATOR;
import static org.postern.catalogue.FaultActor.SECURITY_OFFICER;
import static org.postern.catalogue.FaultActor.SUPPLIER;
import static org.postern.catalogue.FaultActor.VENDOR;
import static org.postern.catalogue.FaultEntry.passes;
import static org.postern.catalogue.FaultEntry.stays;

import org.postern.catalogue.FaultCode;
import org.postern.catalogue.FaultEntry;

/** The faults of admission, credentials, top-ups and the life of a request, PST-2000 to PST-2999. */
public enum ServiceRequestFault implements FaultCode {
    SUBMISSION_TOO_LARGE(stays(
            "PST-2100",
            SUPPLIER,
            "a submission that exceeds the maximum size",
            "at most maxBytes bytes",
            "split it, or raise maxBytes in org.postern.servicerequests.cfg")),
    SIGNED_PRE_COMMAND_GIVEN(stays(
            "PST-2103",
            SUPPLIER,
            "a Signed Pre-Command was submitted",
            "Postern makes the Signed Pre-Command itself from a correlated Pre-Command",
            "submit the Service Request itself")),
    SERVICE_NOT_FOR_ROLE(stays(
            "PST-2104",
            SUPPLIER,
            "a service that the User Role may not send",
            "a service that the User Role may send",
            "send it in a role that may")),
    WRONG_TARGET(stays(
            "PST-2107",
            SUPPLIER,
            "a request addressed to a party that does not carry it out",
            "a device service is addressed to a device, any other service to the Access Control Broker",
            "put the right id in the second part of the RequestID")),
    EXECUTION_TIME(stays(
            "PST-2109",
            SUPPLIER,
            "an execution time that is missing, in the past or not valid",
            "a time in the future where the service needs one",
            "correct the time, or leave it out")),
    ROLE_INACTIVE(stays(
            "PST-2110",
            OPERATOR,
            "a User Role or User ID that is not active here",
            "a User Role that is active here",
            "install and configure the bundle of the role, or correct the User ID")),
    ROLES_STARTING(passes(
            "PST-2112",
            OPERATOR,
            "a User Role or User ID that is not active here yet: roles are starting or changing",
            "a User Role that is active here",
            "try again in a few seconds; if it persists, dcc:status shows what the role lacks")),
    STILL_AT_WORK(passes(
            "PST-2113",
            OPERATOR,
            "the same request was submitted again while the first one was still being processed",
            "requests with the same correlation id are processed one after the other",
            "try again with the same correlation id; if it persists, dcc:status shows what is blocked")),
    SERVICE_NOT_IN_ROLE_BUNDLE(stays(
            "PST-2111",
            OPERATOR,
            "a service that the bundle of the role does not provide",
            "the role's bundle provides the service",
            "install a bundle of the role that provides it")),
    CERTIFICATE_FORM(stays(
            "PST-2130",
            SUPPLIER,
            "a replacement certificate that is not one X.509 v3 certificate in strict DER",
            "one X.509 v3 certificate in base64 and strict DER",
            "get the certificate from SMKI again")),
    CERTIFICATE_ALGORITHM(stays(
            "PST-2131",
            SUPPLIER,
            "a replacement certificate with a wrong key or signature algorithm",
            "a P-256 key, signed with ecdsa-with-SHA256",
            "get a certificate for a P-256 key")),
    CERTIFICATE_PROFILE(stays(
            "PST-2132",
            SUPPLIER,
            "a replacement certificate that does not conform to the SMKI profile",
            "names and extensions as in the SMKI profile",
            "get the certificate from SMKI again")),
    CERTIFICATE_ROLE(stays(
            "PST-2133",
            SUPPLIER,
            "a replacement certificate with a wrong remote party role",
            "the role of the party whose credentials are replaced",
            "use a certificate of the party whose credentials are replaced")),
    CERTIFICATE_USAGE(stays(
            "PST-2134",
            SUPPLIER,
            "a replacement certificate in an element for a different key usage",
            "only the key usage of the element",
            "put the certificate into the element that its key usage is for")),
    CERTIFICATE_KEY(stays(
            "PST-2135",
            SUPPLIER,
            "a key used for two purposes or parties",
            "a key for one usage and one party",
            "generate a separate key for each purpose and each party")),
    CERTIFICATE_VALIDITY(stays(
            "PST-2136",
            SUPPLIER,
            "a certificate that is not valid now, at the execution time or long enough",
            "valid now, at the execution time, and validityDays longer",
            "get a certificate that is valid now and long enough")),
    CERTIFICATE_PATH(stays(
            "PST-2137",
            SUPPLIER,
            "no path from the replacement certificate to the root",
            "a path by name, key identifier and signature to the root",
            "give the issuing certificates of the replacement certificates, each once, up to below the root")),
    NO_TRUST_ANCHOR(stays(
            "PST-2138",
            SECURITY_OFFICER,
            "no certificate authority is installed to check certificates against",
            "the certificate of the SMKI root or issuing authority is installed",
            "store the certificate of the SMKI root (or of the issuing authority) as root.pem (or issuing.pem)")),
    CERTIFICATE_PARTY(stays(
            "PST-2139",
            SUPPLIER,
            "certificates of a different party than the one whose credentials are to be on the device",
            "the same, right EUI-64 in all certificates",
            "use certificates of one User ID, the one whose credentials are to be on the device")),
    FLOOR(stays(
            "PST-2140",
            SUPPLIER,
            "an Originator Counter floor that is out of range",
            "a floor not below the counters used and not far above them",
            "use a floor between the two that dcc:check-certificates shows")),
    CREDENTIALS_CONTENT(stays(
            "PST-2141",
            SUPPLIER,
            "a credentials request whose parts do not agree",
            "the parties and certificates that the service has",
            "correct the request")),
    CREDENTIALS_DEVICE(stays(
            "PST-2142",
            SUPPLIER,
            "a device that has no such credentials, or is not in the inventory",
            "a device of a kind that has such credentials",
            "correct the Device ID, or list the device in the inventory")),
    CERTIFICATE_NOT_REQUESTED(stays(
            "PST-2143",
            SUPPLIER,
            "a device certificate for a different key than the one that the device generated last",
            "the key that the device last generated for that usage",
            "have the device generate a key (6.17) and get a certificate for that key")),
    NOT_A_CREDENTIALS_SERVICE(stays(
            "PST-2149",
            SUPPLIER,
            "a check of credentials was requested for another service",
            "a credentials service",
            "use it for a credentials service")),
    FIRMWARE_HASH(stays(
            "PST-2160",
            SUPPLIER,
            "a firmware hash that is not a SHA-256 digest",
            "SHA-256 of the image, 64 hex digits",
            "give the image's digest")),
    FIRMWARE_NOT_LISTED(stays(
            "PST-2161",
            SUPPLIER,
            "a firmware image that may not be activated",
            "an image that may be activated",
            "correct the hash, or add the image to firmwareFile of org.postern.inventory.cfg")),
    FIRMWARE_DEVICE_TYPE(stays(
            "PST-2162",
            SUPPLIER,
            "a firmware image for a different device type",
            "an image for the type of the device",
            "correct the hash, the device, or the inventory")),
    LOCAL_COMMAND_DATED(stays(
            "PST-2163",
            SUPPLIER,
            "a command for local delivery with an execution time",
            "a command for local delivery is executed at once",
            "leave the time out, or have it delivered over the WAN")),
    TOP_UP_AMOUNT(stays(
            "PST-2250",
            SUPPLIER,
            "an amount that is not valid or that one token cannot carry",
            "whole pence or pounds within the range of a UTRN",
            "write it with a point and at most two digits after it, or pay in several tokens")),
    NO_PREPAYMENT_KEY(stays(
            "PST-2251",
            SECURITY_OFFICER,
            "the role has no key agreement key for top-ups",
            "the role has a key agreement key for top-ups",
            "add the key to the vault and name it in the role's settings")),
    NO_METER_CERTIFICATE(stays(
            "PST-2252",
            SECURITY_OFFICER,
            "no Key Agreement certificate of the meter that is valid today",
            "the meter's Key Agreement certificate is on record and valid today",
            "put it into the certificates' folder, see org.postern.inventory.cfg")),
    NOT_THE_ROLES_METER(stays(
            "PST-2253",
            SUPPLIER,
            "a device that the role does not top up",
            "IS tops up an ESME, GS tops up a GSME",
            "give the meter's Device ID, or the other role")),
    TOP_UP_COUNTER(stays(
            "PST-2254",
            SUPPLIER,
            "a top-up whose counter is not a prepayment counter, or not that of its token",
            "the counter of a top-up is n x 2^32, and its token was made for this counter",
            "use the counter that the token was made for")),
    TOKEN_WORTH_NOTHING(stays(
            "PST-2255", SUPPLIER, "a token with the value zero", "a value of 1 or more", "have a new token made")),
    WRONG_SIGNER(stays(
            "PST-2301",
            SECURITY_OFFICER,
            "an answer signed by a party that may not sign this kind of answer",
            "signed by the party of transformSigners or acbSigners",
            "treat the document as forged, or correct transformSigners and acbSigners in "
                    + "org.postern.servicerequests.cfg")),
    STEP_FAILED(passes(
            "PST-2400",
            VENDOR,
            "a step of a request failed unexpectedly",
            "a step ends with a result",
            "see the log; the step is tried again")),
    NO_PROOF(stays(
            "PST-2402",
            VENDOR,
            "the correlator provided no proof of correlation",
            "the correlator has the authority to create proofs",
            "make sure that parse-correlate was started exactly once")),
    NO_OWN_KEY(stays(
            "PST-2403",
            SECURITY_OFFICER,
            "the vault has no signing key for a User ID",
            "a key of the purpose in the vault",
            "configure the role's bundle, or add the key to the vault")),
    CLOCK_DOUBTED(passes(
            "PST-2404",
            OPERATOR,
            "the clock jumped, or does not fit the ledger's newest entry or a document of the DCC",
            "a clock that agrees with the elapsed time",
            "correct the clock, or if it is right, confirm it with dcc:confirm-time; until then no request is"
                    + " ended because it is late")),
    CLOCK_APART(passes(
            "PST-2405",
            OPERATOR,
            "the DCC's documents bear a time more than 5 minutes from the clock's",
            "a clock within 5 minutes of the DCC's",
            "correct the clock, or if the DCC's clock is wrong, confirm yours with dcc:confirm-time, again"
                    + " after each start"));

    private final FaultEntry entry;

    ServiceRequestFault(FaultEntry entry) {
        this.entry = entry;
    }

    @Override
    public FaultEntry entry() {
        return entry;
    }
}
