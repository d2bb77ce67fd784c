package org.postern.simulator.dcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.VerifiedDuis;
import org.postern.gbcs.Authentication;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.Verdict;
import org.postern.gbcs.ZclFields;
import org.postern.simulator.pki.SimulatorPki;

/** The simulator's services, callbacks, alerts and control service, as they are without faults. */
class SimulatorTest extends SocketSimulator {

    @Test
    void electricityRegistersComeEncryptedUnderAMacAndAreNotZero() throws Exception {
        DuisRequest request = readRegisters(esme);
        assertThat(ask(UserRole.IS, request).responseCode()).isEqualTo("I99");
        VerifiedDuis<DuisResponse> answer = user.callback(request);
        assertThat(answer.signer()).isEqualTo(user.signer(SimulatorPki.ACCESS_CONTROL_BROKER));
        assertThat(answer.document().requestId()).contains(request.requestId());
        GbcsMessage message = gbcs(answer.document());
        assertThat(authenticator.authenticate(message).mac().verdict()).isEqualTo(Verdict.VALID);
        DecryptedMessage plain = decryptor.decrypt(message);
        long reading = plain.parts().get(0).data().orElseThrow().at(0, 0).asLong();
        assertThat(reading).isPositive();
        assertThat(simulator.metersJson()).contains("\"deviceId\":\"" + esme.dashed() + "\"");
    }

    @Test
    void gasRegisterComesEncryptedUnderAMac() throws Exception {
        DuisRequest request = user.request(
                UserRole.GS, gpf, CommandVariant.CV1, "4.1.1", DuisElement.of("ReadInstantaneousImportRegisters"));
        assertThat(ask(UserRole.GS, request).responseCode()).isEqualTo("I99");
        GbcsMessage message = gbcs(user.callback(request).document());
        assertThat(authenticator.authenticate(message).mac().verdict()).isEqualTo(Verdict.VALID);
        var records = ZclFields.load()
                .attributes(
                        0x0702, decryptor.decrypt(message).parts().get(0).zcl().orElseThrow());
        assertThat(records).hasSize(4).allMatch(ZclFields.Attribute::success);
        assertThat(records.get(3).number()).isPositive();
    }

    @Test
    void firmwareVersionIsThatOfTheMeter() throws Exception {
        DuisRequest request =
                user.request(UserRole.IS, esme, CommandVariant.CV1, "11.2", DuisElement.of("ReadFirmwareVersion"));
        assertThat(ask(UserRole.IS, request).responseCode()).isEqualTo("I99");
        GbcsMessage message = gbcs(user.callback(request).document());
        assertThat(authenticator.authenticate(message).mac().verdict()).isEqualTo(Verdict.VALID);
        String firmware = ((DlmsPayload.AccessResponse) message.payload())
                .items()
                .get(0)
                .data()
                .asBytes()
                .hex();
        assertThat(simulator.metersJson()).containsIgnoringCase("\"firmware\":\"" + firmware + "\"");
    }

    @Test
    void aCriticalRequestIsTransformedSignedCarriedOutAndAnsweredWithASignature() throws Exception {
        DuisRequest request = enableSupply(CommandVariant.CV4);
        HttpResponse<byte[]> transformed =
                user.post(simulator.servicesPort(), ServiceEndpoint.TRANSFORM, user.sign(UserRole.IS, request));
        VerifiedDuis<DuisResponse> verified = user.verify(transformed.body());
        assertThat(verified.signer()).isEqualTo(user.signer(SimulatorPki.TRANSFORM));
        byte[] signed = user.signPreCommand(UserRole.IS, preCommand(verified.document()));
        assertThat(ask(UserRole.IS, request.signedPreCommand(CommandVariant.CV5, signed))
                        .responseCode())
                .isEqualTo("I99");
        Authentication answer =
                authenticator.authenticate(gbcs(user.callback(request).document()));
        assertThat(answer.signature().verdict()).isEqualTo(Verdict.VALID);
        assertThat(answer.mac().verdict()).isEqualTo(Verdict.ABSENT);
        assertThat(simulator.recorder().events(request.requestId().toString()))
                .extracting(EventRecorder.Event::what)
                .contains("pre-command", "signed-pre-command", "accepted.7.1", "callback.sent");
    }

    @Test
    void aSignedPreCommandWithAnothersSignatureIsNotCarriedOut() throws Exception {
        DuisRequest request = enableSupply(CommandVariant.CV4);
        byte[] forged = user.signPreCommand(UserRole.GS, preCommand(ask(UserRole.IS, request)));
        assertThat(ask(UserRole.IS, request.signedPreCommand(CommandVariant.CV5, forged))
                        .responseCode())
                .isEqualTo("E1000");
        assertThat(simulator.recorder().events(request.requestId().toString()))
                .extracting(EventRecorder.Event::what)
                .contains("signed-pre-command.refused")
                .doesNotContain("accepted.7.1");
    }

    @Test
    void theInventoryGivesAllDevicesOfTheHome() throws Exception {
        DuisRequest request = user.request(
                UserRole.IS,
                SimulatorPki.ACCESS_CONTROL_BROKER,
                CommandVariant.CV8,
                "8.2",
                DuisElement.of("ReadInventory", DuisElement.leaf("DeviceID", esme.dashed())));
        DuisResponse answer = ask(UserRole.IS, request);
        assertThat(answer.responseCode()).isEqualTo("I0");
        DuisElement inventory = ((ResponsePayload.DccData)
                        ((ResponseBody.ResponseMessage) answer.body()).payload().orElseThrow())
                .data();
        assertThat(inventory.children("Device"))
                .hasSameSizeAs(simulator.population().home(0));
    }

    @Test
    void theSameBytesGetTheSameAnswerAndOtherBytesUnderTheSameIdAnError() throws Exception {
        DuisRequest request = readRegisters(esme);
        byte[] document = user.sign(UserRole.IS, request);
        byte[] first = user.post(simulator.servicesPort(), ServiceEndpoint.SEND_COMMAND, document)
                .body();
        assertThat(user.post(simulator.servicesPort(), ServiceEndpoint.SEND_COMMAND, document)
                        .body())
                .isEqualTo(first);
        DuisRequest other = user.request(
                        UserRole.IS, esme, CommandVariant.CV1, "11.2", DuisElement.of("ReadFirmwareVersion"))
                .withRequestId(request.requestId());
        assertThat(ask(UserRole.IS, other).responseCode()).isEqualTo("E100");
        assertThat(simulator.recorder().events(request.requestId().toString()))
                .extracting(EventRecorder.Event::what)
                .contains("same-bytes-again", "other-bytes-same-id");
    }

    @Test
    void wrongServiceVariantRoleTargetAndSignerEachHaveTheirCode() throws Exception {
        assertThat(ask(ServiceEndpoint.TRANSFORM, user.sign(UserRole.IS, readRegisters(esme)))
                        .responseCode())
                .isEqualTo("E13");
        assertThat(ask(ServiceEndpoint.SEND_COMMAND, user.sign(UserRole.IS, enableSupply(CommandVariant.CV1)))
                        .responseCode())
                .isEqualTo("E12");
        DuisRequest byOperator =
                user.request(UserRole.ED, esme, CommandVariant.CV4, "7.1", DuisElement.of("EnableSupply"));
        assertThat(ask(UserRole.ED, byOperator).responseCode()).isEqualTo("E2");
        assertThat(ask(UserRole.IS, readRegisters(new Eui64(42))).responseCode())
                .isEqualTo("E19");
        assertThat(ask(UserRole.GS, readRegisters(esme)).responseCode()).isEqualTo("E1");
    }

    @Test
    void whatIsNoSignedDocumentIsNotAnsweredWithOne() throws Exception {
        byte[] document = user.sign(UserRole.IS, readRegisters(esme));
        String text = new String(document, java.nio.charset.StandardCharsets.UTF_8);
        for (String bad : new String[] {
            "<x",
            "<!DOCTYPE x []><x/>",
            text.replace("4.1.1", "4.1.2"),
            text.replaceAll("<ds:Signature.*</ds:Signature>", "")
        }) {
            assertThat(user.post(
                                    simulator.servicesPort(),
                                    ServiceEndpoint.SEND_COMMAND,
                                    bad.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void alertsAreSignedOrMacedAndTheDccAlertNamesTheHub() throws Exception {
        simulator.deviceAlert(esme, 0x8F30, true, UserRole.IS);
        ResponseBody.DeviceAlertMessage critical =
                (ResponseBody.DeviceAlertMessage) user.callback().document().body();
        assertThat(authenticator
                        .authenticate(CODEC.decode(critical.gbcsPayload().toArray()))
                        .signature()
                        .verdict())
                .isEqualTo(Verdict.VALID);
        simulator.deviceAlert(esme, 0x810E, false, UserRole.IS);
        ResponseBody.DeviceAlertMessage plain =
                (ResponseBody.DeviceAlertMessage) user.callback().document().body();
        assertThat(plain.alertCode()).isEqualTo(0x810E);
        assertThat(authenticator
                        .authenticate(CODEC.decode(plain.gbcsPayload().toArray()))
                        .mac()
                        .verdict())
                .isEqualTo(Verdict.VALID);
        simulator.powerOutage(esme, UserRole.ED);
        ResponseBody.DccAlertMessage outage =
                (ResponseBody.DccAlertMessage) user.callback().document().body();
        assertThat(outage.payload().value("CommsHubDeviceID")).isEqualTo(chf.dashed());
    }

    @Test
    void aCallbackThatIsRefusedComesAgainWithTheSameBytes() throws Exception {
        user.refuseNext.set(2);
        DuisRequest request = readRegisters(esme);
        ask(UserRole.IS, request);
        assertThat(user.callback().document().requestId()).contains(request.requestId());
        await(() -> simulator.recorder().events(request.requestId().toString()).stream()
                .anyMatch(e -> e.what().equals("callback.acknowledged")));
        assertThat(simulator.recorder().events(request.requestId().toString()).stream()
                        .filter(e -> e.what().equals("callback.sent")))
                .hasSize(3)
                .extracting(e -> e.details().get("digest"))
                .containsOnly(simulator.recorder().events(request.requestId().toString()).stream()
                        .filter(e -> e.what().equals("callback.sent"))
                        .findFirst()
                        .orElseThrow()
                        .details()
                        .get("digest"));
    }

    /**
     * What the event record calls altered was given: the second fault, which finds no field here, waits for the next
     * Pre-Command.
     */
    @Test
    void theControlServiceCountsReplaysAndSetsFaults() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        URI control = URI.create("http://127.0.0.1:" + simulator.controlPort());
        DuisRequest request = readRegisters(esme);
        String body = "DF09" + "00".repeat(20);
        HttpResponse<String> replayed = http.send(
                HttpRequest.newBuilder(control.resolve("/replay?service=4.1.1&request=" + request.requestId()))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(replayed.statusCode()).isEqualTo(200);
        ResponseBody.ResponseMessage message =
                (ResponseBody.ResponseMessage) user.callback(request).document().body();
        assertThat(((ResponsePayload.GbcsPayload) message.payload().orElseThrow())
                        .payload()
                        .hex())
                .isEqualToIgnoringCase(body);
        http.send(
                HttpRequest.newBuilder(control.resolve("/faults"))
                        .POST(HttpRequest.BodyPublishers.ofString("drop-answer times=2\n"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(simulator.faults().rules()).extracting(FaultRule::toString).containsExactly("drop-answer times=2");
        assertThat(http.send(
                                HttpRequest.newBuilder(control.resolve("/counts"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body())
                .contains("\"replay\":");
        assertThat(http.send(
                                HttpRequest.newBuilder(control.resolve("/faults"))
                                        .POST(HttpRequest.BodyPublishers.ofString("no-such-fault"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(400);
    }
}
