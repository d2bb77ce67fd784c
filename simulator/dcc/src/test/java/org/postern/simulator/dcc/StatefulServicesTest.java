package org.postern.simulator.dcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.Sha256;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.gbcs.KeyUse;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.simulator.pki.SimulatorPki;

/** Services that leave something behind in a device, and what the DCC tells of them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StatefulServicesTest {

    @TempDir
    static Path folder;

    static Line line;

    @BeforeAll
    static void start() throws Exception {
        line = new Line(folder, 14);
    }

    @AfterAll
    static void stop() {
        if (line != null) {
            line.close();
        }
    }

    @BeforeEach
    void quiet() throws Exception {
        line.simulator.faults().clear();
        line.quiet();
    }

    private static Eui64 device(DeviceType type, int home) {
        return line.simulator.population().home(home).stream()
                .filter(d -> d.type() == type)
                .findFirst()
                .orElseThrow()
                .deviceId();
    }

    private static DuisRequest request(
            UserRole role, Eui64 target, CommandVariant variant, String srv, DuisElement body) {
        DuisRequest plain = line.user.request(role, target, variant, srv, body);
        return new DuisRequest(
                plain.requestId(), variant, new ServiceCatalogue().require(srv).reference(), srv, body);
    }

    /** A body with other values of its leaves. */
    private static DuisElement with(String body, Map<String, String> values) throws Exception {
        Map<String, Function<String, String>> by = new HashMap<>();
        values.forEach((name, value) -> by.put(name, t -> value));
        return CriticalCases.mapped(CriticalCases.body(body), by);
    }

    /** New certificates for the role's own keys. */
    private static Map<String, String> renewed(UserRole role, String floor) {
        Eui64 party = SimulatorPki.user(role);
        return Map.of(
                "RemotePartyFloorSeqNumber",
                floor,
                "SupplierFloorSeqNumber",
                floor,
                "RemotePartyPrepaymentTopUpFloorSeqNumber",
                "0",
                "SupplierPrepaymentTopUpFloorSeqNumber",
                "0",
                "DigitalSigningCertificate",
                renewed(party, KeyUse.DIGITAL_SIGNATURE),
                "KeyAgreementCertificate",
                renewed(party, KeyUse.KEY_AGREEMENT),
                "KeyAgreementTopUpCertificate",
                renewed(party, KeyUse.PREPAYMENT),
                "Certificate",
                line.cases.pem("issuing.pem"),
                "ExecutionDateTime",
                "");
    }

    private static String renewed(Eui64 party, KeyUse use) {
        X509Certificate now = line.cases.x509(party, use).orElseThrow();
        return CriticalCases.base64(line.pki.issueOrganisation(
                now.getPublicKey(), party, "02", use == KeyUse.DIGITAL_SIGNATURE, Clock.systemUTC()));
    }

    private static DuisElement undated(DuisElement body) {
        return DuisElement.of(
                body.name(),
                body.children().stream()
                        .filter(c -> !c.name().equals("ExecutionDateTime"))
                        .toList());
    }

    private static String sha1(String certificate) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1")
                        .digest(Base64.getDecoder().decode(certificate)));
    }

    @Test
    void aSupplierReplacesItsCredentialsAndTheFloorHolds() throws Exception {
        Eui64 meter = device(DeviceType.ESME, 3);
        Map<String, String> values = renewed(UserRole.IS, "1000000");
        DuisRequest replace = request(
                UserRole.IS,
                meter,
                CommandVariant.CV4,
                "6.15.1",
                undated(with("CS02bSupplierBySupplier_6.15.1", values)));
        assertThat(line.critical(UserRole.IS, replace)).isEqualTo("I99");
        ParsedMessage outcome = line.read(line.next(replace), "6.15.1");
        assertThat(outcome.success()).contains(true);
        ResponseBody.DccAlertMessage alert = line.dccAlert("SecurityCredentialsUpdated", meter.dashed());
        assertThat(alert.payload().value("RemotePartyRole")).isEqualTo("Supplier");
        assertThat(alert.payload().value("RemotePartySeqNumberChange/RemotePartyFloorSeqNumber"))
                .isEqualTo("1000000");
        assertThat(alert.payload().value("Certificates/CertificateHash"))
                .isEqualTo(sha1(values.get("DigitalSigningCertificate")));
        DuisRequest read =
                request(UserRole.IS, meter, CommandVariant.CV1, "6.24.1", CriticalCases.body("CS02aMAC_6.24.1"));
        ParsedMessage report = line.readOnly(line.noncritical(UserRole.IS, read), "6.24.1");
        assertThat(report.mmc().orElseThrow().json())
                .contains("1000000")
                .contains(SimulatorPki.user(UserRole.IS).dashed());
        DuisRequest late = request(UserRole.IS, meter, CommandVariant.CV4, "7.1", DuisElement.of("EnableSupply"));
        assertThat(line.critical(UserRole.IS, late)).isEqualTo("I99");
        assertThat(line.code(late)).isEqualTo("E21");
        assertThat(line.simulator.recorder().events(late.requestId().toString()))
                .extracting(EventRecorder.Event::what)
                .contains("device.counter-too-low");
    }

    @Test
    void whoDoesNotStandInTheAuthorisingCellOrHasNoRightCertificateIsRefused() throws Exception {
        Eui64 meter = device(DeviceType.ESME, 4);
        DuisElement body = undated(with("CS02bSupplierBySupplier_6.15.1", renewed(UserRole.GS, "0")));
        DuisRequest stranger = request(UserRole.GS, meter, CommandVariant.CV4, "6.15.1", body);
        assertThat(line.critical(UserRole.GS, stranger)).isEqualTo("I99");
        ParsedMessage outcome = line.read(line.next(stranger), "6.15.1");
        assertThat(outcome.success()).contains(false);
        assertThat(outcome.mmc().orElseThrow().json()).contains("noTrustAnchor");
        DuisRequest foreign = request(
                UserRole.IS,
                meter,
                CommandVariant.CV4,
                "6.15.1",
                undated(CriticalCases.body("CS02bSupplierBySupplier_6.15.1")));
        line.critical(UserRole.IS, foreign);
        outcome = line.read(line.next(foreign), "6.15.1");
        assertThat(outcome.success()).contains(false);
        assertThat(outcome.mmc().orElseThrow().json()).contains("badCertificate");
        line.quiet();
        assertThat(line.unasked).isEmpty();
    }

    @Test
    void aChangeOfSupplierIsToldToBoth() throws Exception {
        Eui64 meter = device(DeviceType.ESME, 8);
        DuisRequest take = request(
                UserRole.GS,
                meter,
                CommandVariant.CV1,
                "6.23",
                undated(with("CS02bSupplierByTransCoS_6.23_IMMEDIATE", renewed(UserRole.GS, "0"))));
        ParsedMessage outcome = line.read(line.noncritical(UserRole.GS, take), "6.23");
        assertThat(outcome.success()).contains(true);
        assertThat(line.dccAlert("ChangeOfSupplier", "ChangeOfSupplierServiceRequestID")
                        .payload()
                        .value("ChangeOfSupplierServiceRequestID"))
                .isEqualTo(take.requestId().toString());
        assertThat(line.dccAlert("ChangeOfSupplier", "DeviceChangeOfSupplier")
                        .payload()
                        .value("DeviceChangeOfSupplier/DeviceID"))
                .isEqualTo(meter.dashed());
        line.dccAlert("SecurityCredentialsUpdated", meter.dashed());
        line.dccAlert("SecurityCredentialsUpdated", meter.dashed());
    }

    @Test
    void aDatedChangeOfSupplierWaitsInTheDevice() throws Exception {
        Eui64 meter = device(DeviceType.ESME, 9);
        Map<String, String> values = new HashMap<>(renewed(UserRole.GS, "0"));
        values.put("ExecutionDateTime", DuisWriter.dateTime(Instant.now().plusSeconds(2)));
        DuisRequest take = request(
                UserRole.GS, meter, CommandVariant.CV1, "6.23", with("CS02bSupplierByTransCoS_6.23_FUTURE", values));
        line.read(line.noncritical(UserRole.GS, take), "6.23");
        ResponsePayload.FutureDatedDeviceAlertMessage alert =
                (ResponsePayload.FutureDatedDeviceAlertMessage) line.next(take);
        assertThat(alert.actioned()).isTrue();
        assertThat(line.read(alert, "6.23").mmc().orElseThrow().json())
                .contains(SimulatorPki.user(UserRole.GS).dashed());
        line.dccAlert("ChangeOfSupplier", "ChangeOfSupplierServiceRequestID");
    }

    @Test
    void theDccHandsOverOnlyWhatItHolds() throws Exception {
        DuisElement body = undated(with("CS02bSupplierBySupplierHandover_6.21", renewed(UserRole.GS, "0")));
        DuisRequest held = request(UserRole.GS, device(DeviceType.GPF, 1), CommandVariant.CV1, "6.21", body);
        assertThat(line.read(line.noncritical(UserRole.GS, held), "6.21").success())
                .contains(true);
        line.dccAlert("SecurityCredentialsUpdated", device(DeviceType.GPF, 1).dashed());
        DuisRequest given = request(UserRole.GS, device(DeviceType.GPF, 0), CommandVariant.CV1, "6.21", body);
        assertThat(line.read(line.noncritical(UserRole.GS, given), "6.21").success())
                .contains(false);
    }

    @Test
    void firmwareIsDistributedThenActivatedByItsHash() throws Exception {
        for (Map.Entry<DeviceType, UserRole> kind : Map.of(DeviceType.ESME, UserRole.IS, DeviceType.GSME, UserRole.GS)
                .entrySet()) {
            Eui64 meter = device(kind.getKey(), 2);
            byte[] image = ("image for " + kind.getKey()).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            String hash = HexFormat.of().withUpperCase().formatHex(Sha256.of(image));
            DuisRequest distribute = request(
                    kind.getValue(),
                    SimulatorPki.ACCESS_CONTROL_BROKER,
                    CommandVariant.CV8,
                    "11.1",
                    DuisElement.of(
                            "UpdateFirmware",
                            DuisElement.leaf(
                                    "FirmwareImage", Base64.getEncoder().encodeToString(image)),
                            DuisElement.leaf("FirmwareVersion", "0A0B0C0D"),
                            DuisElement.leaf("DeviceIDList", meter.dashed() + ",00-00-00-00-00-00-00-2A")));
            DuisResponse answer = line.ask(kind.getValue(), distribute);
            assertThat(answer.responseCode()).isEqualTo("W110101");
            assertThat(((ResponsePayload.DccData) ((ResponseBody.ResponseMessage) answer.body())
                                    .payload()
                                    .orElseThrow())
                            .data()
                            .value("InvalidDeviceIDList"))
                    .isEqualTo("00-00-00-00-00-00-00-2A");
            line.dccAlert("CSPFirmwareDeliveryStatus", meter.dashed());
            ParsedMessage verified = line.readAlert(line.deviceAlert(0x8F72));
            assertThat(verified.proven()).isTrue();
            assertThat(verified.mmc().orElseThrow().json()).containsIgnoringCase(hash);
            assertThat(activate(kind.getValue(), meter, "00".repeat(32)).success())
                    .contains(false);
            ParsedMessage done = activate(kind.getValue(), meter, hash);
            assertThat(done.success()).contains(true);
            assertThat(done.mmc().orElseThrow().json()).containsIgnoringCase("0A0B0C0D");
            assertThat(line.simulator.metersJson()).contains("\"firmware\":\"0A0B0C0D\"");
            assertThat(activate(kind.getValue(), meter, hash).success()).contains(false);
        }
    }

    private static ParsedMessage activate(UserRole role, Eui64 meter, String hash) throws Exception {
        DuisRequest activate = request(
                role,
                meter,
                CommandVariant.CV4,
                "11.3",
                DuisElement.of("ActivateFirmware", DuisElement.leaf("FirmwareHash", hash)));
        assertThat(line.critical(role, activate)).isEqualTo("I99");
        return line.read(line.next(activate), "11.3");
    }

    @Test
    void aDeviceMakesAKeyAndIsGivenItsCertificate() throws Exception {
        Eui64 meter = device(DeviceType.ESME, 10);
        DuisRequest make = request(
                UserRole.IS,
                meter,
                CommandVariant.CV4,
                "6.17",
                DuisElement.of("IssueSecurityCredentials", DuisElement.leaf("CredentialType", "Key Agreement")));
        line.critical(UserRole.IS, make);
        String json = line.read(line.next(make), "6.17").mmc().orElseThrow().json();
        String csr = json.replaceAll("(?s).*\"CertificationRequest\":\"([^\"]+)\".*", "$1");
        String certificate = line.simulator.issue(meter, false, csr);
        assertThat(install(meter, line.cases.certificate(meter, KeyUse.KEY_AGREEMENT))
                        .success())
                .as("a certificate for another key")
                .contains(false);
        assertThat(install(meter, certificate).success()).contains(true);
        DuisRequest read = request(
                UserRole.IS,
                meter,
                CommandVariant.CV4,
                "6.24.2",
                DuisElement.of(
                        "RetrieveDeviceSecurityCredentialsDevice",
                        DuisElement.leaf("CredentialType", "Key Agreement")));
        line.critical(UserRole.IS, read);
        assertThat(line.read(line.next(read), "6.24.2").mmc().orElseThrow().json())
                .contains(certificate);
    }

    private static ParsedMessage install(Eui64 meter, String certificate) throws Exception {
        DuisRequest install = request(
                UserRole.IS,
                meter,
                CommandVariant.CV4,
                "6.15.2",
                DuisElement.of("UpdateSecurityCredentialsDevice", DuisElement.leaf("DeviceCertificate", certificate)));
        line.critical(UserRole.IS, install);
        return line.read(line.next(install), "6.15.2");
    }

    @Test
    void joinsAndPartingsChangeTheLogThatIsRead() throws Exception {
        Eui64 meter = device(DeviceType.ESME, 12);
        Eui64 controller = device(DeviceType.HCALCS, 12);
        assertThat(log(meter)).contains(controller.dashed());
        DuisElement other = DuisElement.leaf("OtherDeviceID", controller.dashed());
        DuisRequest part = request(
                UserRole.IS, meter, CommandVariant.CV4, "8.8.1", DuisElement.of("UnjoinServiceCritical", other));
        line.critical(UserRole.IS, part);
        assertThat(line.read(line.next(part), "8.8.1").success()).contains(true);
        assertThat(log(meter)).doesNotContain(controller.dashed());
        DuisRequest join =
                request(UserRole.IS, meter, CommandVariant.CV4, "8.7.1", DuisElement.of("JoinServiceCritical", other));
        line.critical(UserRole.IS, join);
        assertThat(line.read(line.next(join), "8.7.1").success()).contains(true);
        assertThat(log(meter)).contains(controller.dashed());
        Eui64 hub = device(DeviceType.CHF, 12);
        DuisRequest drop = request(
                UserRole.IS,
                hub,
                CommandVariant.CV1,
                "8.11",
                DuisElement.of(
                        "UpdateHANDeviceLog",
                        DuisElement.leaf("DeviceID", controller.dashed()),
                        DuisElement.leaf("RequestType", "Remove")));
        line.noncritical(UserRole.IS, drop);
        ResponseBody.DccAlertMessage alert =
                line.dccAlert("UpdateHANDeviceLogResult", drop.requestId().toString());
        assertThat(alert.code()).isEqualTo("N24");
        DuisRequest read = request(UserRole.IS, hub, CommandVariant.CV1, "8.9", DuisElement.of("ReadDeviceLog"));
        assertThat(line.readOnly(line.noncritical(UserRole.IS, read), "8.9")
                        .mmc()
                        .orElseThrow()
                        .json())
                .doesNotContain(controller.dashed())
                .contains(meter.dashed());
    }

    private static String log(Eui64 meter) throws Exception {
        DuisRequest read = request(UserRole.IS, meter, CommandVariant.CV1, "8.9", DuisElement.of("ReadDeviceLog"));
        return line.read(line.noncritical(UserRole.IS, read), "8.9")
                .mmc()
                .orElseThrow()
                .json();
    }

    @Test
    void aMeterJudgesTopUpsByItself() throws Exception {
        for (Map.Entry<DeviceType, UserRole> kind : Map.of(DeviceType.ESME, UserRole.IS, DeviceType.GSME, UserRole.GS)
                .entrySet()) {
            UserRole role = kind.getValue();
            Eui64 meter = device(kind.getKey(), 1);
            long before = balance(role, meter);
            String five = line.user.token(role, meter, 5, 12);
            assertThat(topUp(role, meter, 5, five)).isEqualTo("accepted true");
            // a tenth goes to the payment debt while there is one
            assertThat(balance(role, meter) - before).isBetween(1_070_000L, 1_210_000L);
            assertThat(topUp(role, meter, 6, five)).isEqualTo("duplicate false");
            assertThat(topUp(role, meter, 3, line.user.token(role, meter, 3, 1)))
                    .isEqualTo("rejected false");
            String other = line.user.token(role, device(kind.getKey(), 2), 7, 1);
            assertThat(topUp(role, meter, 7, other))
                    .as("made for another meter")
                    .isEqualTo("rejected false");
            String wrong = five.substring(0, 19) + (char) ('0' + (five.charAt(19) - '0' + 1) % 10);
            assertThat(topUp(role, meter, 8, wrong)).as("check digit").isEqualTo("rejected false");
            assertThat(line.simulator.keypad(meter, line.user.token(role, meter, 9, 2)))
                    .isEqualTo("accepted");
            assertThat(line.simulator.keypad(meter, line.user.token(role, meter, 9, 2)))
                    .isEqualTo("duplicate");
            // the meter goes on counting meanwhile
            assertThat(balance(role, meter) - before).isBetween(1_240_000L, 1_410_000L);
            assertThat(Files.readString(folder.resolve("simulator/witness.jsonl")))
                    .doesNotContain(five);
        }
    }

    private static String topUp(UserRole role, Eui64 meter, long number, String token) throws Exception {
        DuisRequest top = new DuisRequest(
                new RequestId(SimulatorPki.user(role), meter, (number + (meter.value() & 0xFF) * 16) << 32 | 0),
                CommandVariant.CV1,
                "2.2",
                "2.2",
                DuisElement.of("TopUpDevice", DuisElement.leaf("UTRN", token)));
        ParsedMessage parsed = line.read(line.noncritical(role, top), "2.2");
        List<String> words = line.simulator.recorder().events(top.requestId().toString()).stream()
                .map(EventRecorder.Event::what)
                .filter(w -> w.startsWith("top-up."))
                .toList();
        assertThat(words).hasSize(1);
        return words.get(0).substring("top-up.".length()) + " "
                + parsed.success().orElseThrow();
    }

    private static long balance(UserRole role, Eui64 meter) throws Exception {
        DuisRequest read = request(
                role,
                meter,
                CommandVariant.CV1,
                "4.18",
                CriticalCases.body(role == UserRole.IS ? "ECS82_4.18" : "GCS60a_4.18"));
        String json = line.read(line.noncritical(role, read), "4.18")
                .mmc()
                .orElseThrow()
                .json();
        return Math.round(Double.parseDouble(json.replaceAll("(?s).*MeterBalance\"?:?[^0-9-]*(-?[0-9.]+).*", "$1")));
    }

    @Test
    void whatTheDccKeepsIsSentAtItsTimeUnlessItIsCancelled() throws Exception {
        Eui64 meter = device(DeviceType.ESME, 0);
        DuisRequest soon = dated(meter, DuisWriter.dateTime(Instant.now().plusSeconds(1)));
        assertThat(line.noncritical(UserRole.IS, soon)).isInstanceOf(ResponsePayload.GbcsPayload.class);
        DuisRequest later = dated(meter, DuisWriter.dateTime(Instant.now().plusSeconds(3600)));
        assertThat(line.ask(UserRole.IS, later).responseCode()).isEqualTo("I99");
        assertThat(line.ask(UserRole.IS, dated(meter, "3000-12-31T00:00:00.00Z"))
                        .responseCode())
                .isEqualTo("I99");
        assertThat(line.simulator.recorder().events(later.requestId().toString()))
                .extracting(EventRecorder.Event::what)
                .contains("kept", "kept.cancelled");
    }

    private static DuisRequest dated(Eui64 meter, String time) {
        return request(
                UserRole.IS,
                meter,
                CommandVariant.CV1,
                "11.2",
                DuisElement.of("ReadFirmwareVersion", DuisElement.leaf("ExecutionDateTime", time)));
    }
}
