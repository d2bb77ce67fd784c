package org.postern.simulator.dcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.VerifiedDuis;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Authentication;
import org.postern.gbcs.Authenticator;
import org.postern.gbcs.DecryptedMessage;
import org.postern.gbcs.Decryptor;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.gbcs.Verdict;
import org.postern.gbcs.ZclFields;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/**
 * The simulator on real sockets with real TLS, checked with the appliance's own verifier, authenticator and decryptor.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SimulatorTest {

    @TempDir
    static Path folder;

    static Simulator simulator;
    static TestUser user;
    static Authenticator authenticator;
    static Decryptor decryptor;
    static final GbcsCodec CODEC = new GbcsCodec();
    static Eui64 esme;
    static Eui64 gpf;
    static Eui64 chf;

    @BeforeAll
    static void start() throws Exception {
        EcProvider ec = EcProvider.fastest();
        SimulatorPki pki = SimulatorPki.create(folder, new Population(3, 7), Clock.systemUTC());
        user = new TestUser(pki, ec);
        simulator = new Simulator(
                SimulatorSettings.of(folder, user.callbackUrl())
                        .withPorts(0, 0)
                        .withPace(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(200)),
                ec,
                Clock.systemUTC());
        GbcsCrypto crypto = new GbcsCrypto(ec);
        SharedSecretCache cache = new SharedSecretCache(100);
        authenticator = new Authenticator(crypto, user, cache, UseCaseTable.load(), SimulatorPki.ACCESS_CONTROL_BROKER);
        decryptor = new Decryptor(crypto, CODEC, user, cache);
        esme = simulator.population().devices(DeviceType.ESME).get(0).deviceId();
        gpf = simulator.population().devices(DeviceType.GPF).get(0).deviceId();
        chf = simulator.population().devices(DeviceType.CHF).get(0).deviceId();
    }

    @AfterAll
    static void stop() {
        simulator.close();
        user.close();
    }

    @BeforeEach
    void noFaultsAndNothingUnderWay() throws InterruptedException {
        simulator.faults().clear();
        await(() -> simulator.outstandingCallbacks() == 0);
        user.received.clear();
    }

    private static DuisRequest readRegisters(Eui64 meter) {
        return user.request(
                UserRole.IS, meter, CommandVariant.CV1, "4.1.1", DuisElement.of("ReadInstantaneousImportRegisters"));
    }

    private static DuisRequest enableSupply(CommandVariant variant) {
        return user.request(UserRole.IS, esme, variant, "7.1", DuisElement.of("EnableSupply"));
    }

    private static DuisResponse ask(UserRole role, DuisRequest request) throws Exception {
        return ask(request.variant().endpoint(), user.sign(role, request));
    }

    private static DuisResponse ask(ServiceEndpoint endpoint, byte[] document) throws Exception {
        HttpResponse<byte[]> answer = user.post(simulator.servicesPort(), endpoint, document);
        assertThat(answer.statusCode()).isEqualTo(200);
        return user.verify(answer.body()).document();
    }

    private static GbcsMessage gbcs(DuisResponse response) {
        return CODEC.decode(((ResponsePayload.GbcsPayload) ((ResponseBody.ResponseMessage) response.body())
                        .payload()
                        .orElseThrow())
                .payload()
                .toArray());
    }

    private static byte[] preCommand(DuisResponse response) {
        return ((ResponsePayload.PreCommand) ((ResponseBody.ResponseMessage) response.body())
                        .payload()
                        .orElseThrow())
                .payload()
                .toArray();
    }

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

    @Test
    void oneCommandIsAnsweredTwiceInOtherWordsAndUnderACodeThatDoesNotFit() throws Exception {
        fault("contradict times=1");
        DuisRequest request = readRegisters(esme);
        ask(UserRole.IS, request);
        DuisResponse first = user.callback().document();
        DuisResponse second = user.callback().document();
        assertThat(first.requestId()).contains(request.requestId()).isEqualTo(second.requestId());
        assertThat(first.body()).isNotEqualTo(second.body());
        fault("wrong-code times=1");
        ask(UserRole.IS, readRegisters(esme));
        DuisResponse wrong = user.callback().document();
        assertThat(wrong.responseCode()).isEqualTo("E21");
        assertThat(((ResponseBody.ResponseMessage) wrong.body()).payload())
                .containsInstanceOf(ResponsePayload.GbcsPayload.class);
    }

    @Test
    void droppedGarbledBusyAndUnreachableAnswersAreWhatTheyAre() throws Exception {
        byte[] document = user.sign(UserRole.IS, readRegisters(esme));
        fault("http-503 7 times=1");
        HttpResponse<byte[]> busy = user.post(simulator.servicesPort(), ServiceEndpoint.SEND_COMMAND, document);
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(busy.headers().firstValue("Retry-After")).contains("7");
        fault("drop-answer times=1");
        assertThatThrownBy(() -> user.post(simulator.servicesPort(), ServiceEndpoint.SEND_COMMAND, document))
                .isInstanceOf(IOException.class);
        assertThat(ask(ServiceEndpoint.SEND_COMMAND, document).responseCode()).isEqualTo("I99");
        fault("garbage times=1");
        assertThatThrownBy(() -> ask(ServiceEndpoint.SEND_COMMAND, document)).isInstanceOf(DuisException.class);
        fault("unreachable 60 target=" + gpf.hex());
        DuisRequest gas =
                user.request(UserRole.GS, gpf, CommandVariant.CV1, "11.2", DuisElement.of("ReadFirmwareVersion"));
        assertThatThrownBy(() -> ask(UserRole.GS, gas)).isInstanceOf(IOException.class);
        assertThat(ask(ServiceEndpoint.SEND_COMMAND, document).responseCode()).isEqualTo("I99");
    }

    @Test
    void delayAndErrorCodeStrikeWhomTheyName() throws Exception {
        fault("error-code E20 service=4.1.1 times=1");
        fault("delay 300 service=11.2 times=1");
        assertThat(ask(UserRole.IS, readRegisters(esme)).responseCode()).isEqualTo("E20");
        long start = System.nanoTime();
        assertThat(ask(
                                UserRole.IS,
                                user.request(
                                        UserRole.IS,
                                        esme,
                                        CommandVariant.CV1,
                                        "11.2",
                                        DuisElement.of("ReadFirmwareVersion")))
                        .responseCode())
                .isEqualTo("I99");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
    }

    @Test
    void wrongSignaturesAndSignersAreFoundByTheVerifier() throws Exception {
        fault("wrong-signature stage=exchange times=1");
        byte[] bad = user.post(
                        simulator.servicesPort(),
                        ServiceEndpoint.SEND_COMMAND,
                        user.sign(UserRole.IS, readRegisters(esme)))
                .body();
        assertThatThrownBy(() -> user.verify(bad))
                .isInstanceOf(DuisException.class)
                .hasMessageContaining("PST-1026");
        fault("wrong-signer stage=exchange times=1");
        byte[] other = user.post(
                        simulator.servicesPort(),
                        ServiceEndpoint.TRANSFORM,
                        user.sign(UserRole.IS, enableSupply(CommandVariant.CV4)))
                .body();
        assertThat(user.verify(other).signer()).isEqualTo(user.signer(SimulatorPki.ACCESS_CONTROL_BROKER));
    }

    @Test
    void oneFieldOfAPreCommandIsAltered() throws Exception {
        byte[] right = preCommand(ask(UserRole.IS, enableSupply(CommandVariant.CV4)));
        Set<String> kinds = new HashSet<>();
        for (String field : new String[] {
            "", "counter", "target", "message-code", "item[0].class", "item[0].obis", "item[0].data", "item[0].repeated"
        }) {
            fault("alter-pre-command " + field + " times=1");
            kinds.add(java.util.HexFormat.of()
                            .formatHex(preCommand(ask(UserRole.IS, enableSupply(CommandVariant.CV4))))
                            .substring(0, 8)
                    + CODEC.decode(right).header().messageCodeHex());
        }
        assertThat(kinds).hasSize(1);
        assertThat(simulator.recorder().count("pre-command.altered")).isEqualTo(8);
        assertThat(simulator.recorder().count("pre-command.no-such-field")).isZero();
    }

    /**
     * What the event record calls altered was given: the second fault, which finds no field here, waits for the next
     * Pre-Command.
     */
    @Test
    void ofTwoFaultsWithOnePreCommandOneStrikes() throws Exception {
        // the recorder counts from the first test on
        long altered = simulator.recorder().count("pre-command.altered");
        long notFound = simulator.recorder().count("pre-command.no-such-field");
        ask(UserRole.IS, enableSupply(CommandVariant.CV4));
        fault("foreign-pre-command times=1");
        fault("alter-pre-command item[99].data times=1");
        ask(UserRole.IS, enableSupply(CommandVariant.CV4));
        assertThat(simulator.recorder().count("pre-command.altered")).isEqualTo(altered + 1);
        assertThat(simulator.recorder().count("pre-command.no-such-field")).isEqualTo(notFound);
        ask(UserRole.IS, enableSupply(CommandVariant.CV4));
        assertThat(simulator.recorder().count("pre-command.no-such-field")).isEqualTo(notFound + 1);
    }

    @Test
    void callbacksAreDuplicatedReorderedDelayedAndDropped() throws Exception {
        fault("duplicate 2 times=1");
        ask(UserRole.IS, readRegisters(esme));
        byte[] first = user.received.poll(10, TimeUnit.SECONDS);
        assertThat(user.received.poll(10, TimeUnit.SECONDS)).isEqualTo(first);
        assertThat(user.received.poll(10, TimeUnit.SECONDS)).isEqualTo(first);
        fault("reorder times=1");
        DuisRequest held = readRegisters(esme);
        ask(UserRole.IS, held);
        await(() -> simulator.recorder().count("fault.reorder") == 1);
        DuisRequest next = readRegisters(esme);
        ask(UserRole.IS, next);
        assertThat(user.callback().document().requestId()).contains(next.requestId());
        assertThat(user.callback().document().requestId()).contains(held.requestId());
        fault("drop-callback times=1");
        ask(UserRole.IS, readRegisters(esme));
        await(() -> simulator.recorder().count("fault.drop-callback") == 1);
        fault("delay-callback 200 times=1");
        ask(UserRole.IS, readRegisters(esme));
        await(() -> simulator.recorder().count("fault.delay-callback") == 1);
        assertThat(user.callback().document().responseCode()).isEqualTo("I0");
    }

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

    private static void fault(String line) {
        simulator.faults().add(FaultRule.parse(line.replaceAll(" +", " ")));
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for too long").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
