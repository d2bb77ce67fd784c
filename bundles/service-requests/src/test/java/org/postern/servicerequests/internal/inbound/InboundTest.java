package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.ReplyAddress;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ResponseId;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestState;
import org.postern.securitylogging.SecurityEvent;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Rtds;

/** Verified, on disk, answered; read, matched, advanced, delivered. */
class InboundTest extends InboundBench {

    @Test
    void aDocumentIsStoredAndQueuedBeforeItIsAcknowledged() {
        String id = sent(7, "11.2");

        CallbackVerdict verdict = receiver.receive(signed(answer(7, "I0", Optional.empty())), "CN=dcc");

        String inbound = ((CallbackVerdict.Stored) verdict).id();
        assertThat(ledger.inbound(inbound)).isPresent();
        assertThat(queued).containsExactly("PROCESS ROUTINE " + inbound);
        assertThat(state(id)).isEqualTo(RequestState.SENT);
    }

    @Test
    void aRepetitionIsDroppedAndDifferentContentIsQuarantined() {
        byte[] first = signed(answer(7, "I0", Optional.empty()));
        receiver.receive(first, "CN=dcc");

        assertThat(receiver.receive(first, "CN=dcc")).isInstanceOf(CallbackVerdict.Duplicate.class);
        // another content: here, of another service
        DuisResponse other = new DuisResponse(
                "5.4",
                requestId(7),
                responseId(7),
                "I0",
                Instant.parse("2026-11-23T12:00:00Z"),
                new ResponseBody.ResponseMessage("7.1", "7.1", Optional.empty()));
        assertThat(receiver.receive(signed(other), "CN=dcc")).isInstanceOf(CallbackVerdict.Quarantined.class);
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.Quarantined.class);
        assertThat(queued).hasSize(1);
    }

    @Test
    void whatIsToBeDeliveredIsOfferedOnceItIsOnDisk() {
        String id = sent(7, "11.2");
        process(answer(7, "E20", Optional.empty()));

        assertThat(queued)
                .last()
                .isEqualTo("DELIVER ROUTINE " + ledger.deliveriesOf(id).get(0).id());
    }

    // ECDSA gives another value each time, and for every value (r, s) there is another, (r, n - s), that is as good
    @Test
    void theSameSignedAnewOrSentAnewIsTheSame() {
        DuisResponse document = answer(7, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(new byte[] {1}))));
        byte[] first = signed(document);
        assertThat(receiver.receive(first, "CN=dcc")).isInstanceOf(CallbackVerdict.Stored.class);
        for (int i = 0; i < 20; i++) {
            byte[] again = signed(document);
            assertThat(again).isNotEqualTo(first);
            assertThat(receiver.receive(again, "CN=dcc")).isInstanceOf(CallbackVerdict.Duplicate.class);
        }
        assertThat(receiver.receive(mirrored(first), "CN=dcc")).isInstanceOf(CallbackVerdict.Duplicate.class);
        DuisResponse later = new DuisResponse(
                document.schemaVersion(),
                document.requestId(),
                document.responseId(),
                "I0",
                Instant.parse("2026-11-24T18:00:00Z"),
                document.body());
        assertThat(receiver.receive(signed(later), "CN=dcc")).isInstanceOf(CallbackVerdict.Duplicate.class);
        assertThat(ledger.inboundCounts()).containsOnlyKeys(InboundState.STORED);
        assertThat(logged).isEmpty();
        assertThat(queued).hasSize(1);
    }

    /** The same signature as (r, n - s). */
    private static byte[] mirrored(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        int from = text.indexOf("<ds:SignatureValue>") + "<ds:SignatureValue>".length();
        String value = text.substring(from, text.indexOf("<", from));
        byte[] rs = Base64.getMimeDecoder().decode(value);
        BigInteger order = new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);
        byte[] s = order.subtract(new BigInteger(1, Arrays.copyOfRange(rs, 32, 64)))
                .toByteArray();
        byte[] other = Arrays.copyOf(rs, 64);
        Arrays.fill(other, 32, 64, (byte) 0);
        int length = Math.min(32, s.length);
        System.arraycopy(s, s.length - length, other, 64 - length, length);
        return text.replace(value, Base64.getEncoder().encodeToString(other)).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void twoAlertsOfOneMomentAreTwoAndTheSameAlertIsOne() {
        Instant moment = Instant.parse("2026-11-23T12:00:00Z");
        for (Optional<ResponseId> id : List.of(Optional.<ResponseId>empty(), responseId(5))) {
            List<DuisResponse> alerts = List.of("One", "Two").stream()
                    .map(name -> new DuisResponse(
                            "5.4",
                            Optional.empty(),
                            id,
                            "I0",
                            moment,
                            new ResponseBody.DccAlertMessage(
                                    "AD1",
                                    Throttle.NONE,
                                    DuisElement.of("PowerOutageEvent", DuisElement.leaf("MPxN", name)))))
                    .toList();
            alerts.forEach(alert ->
                    assertThat(receiver.receive(signed(alert), "CN=dcc")).isInstanceOf(CallbackVerdict.Stored.class));
            alerts.forEach(alert -> assertThat(receiver.receive(signed(alert), "CN=dcc"))
                    .isInstanceOf(CallbackVerdict.Duplicate.class));
        }
        assertThat(ledger.inboundCounts()).containsOnlyKeys(InboundState.STORED);
    }

    @Test
    void aDocumentOfTwoRequestsIsQuarantinedAndBlocksNeither() {
        String id = sent(7, "7.1");
        String other = sent(8, "7.1");
        DuisResponse crossed = new DuisResponse(
                "5.4",
                requestId(7),
                responseId(8),
                "I0",
                Instant.parse("2026-11-23T12:00:00Z"),
                new ResponseBody.ResponseMessage("7.1", "7.1", Optional.empty()));
        assertThat(receiver.receive(signed(crossed), "CN=dcc")).isInstanceOf(CallbackVerdict.Quarantined.class);
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.Quarantined.class);
        assertThat(queued).isEmpty();
        process(answer(8, "E4", Optional.empty()));
        assertThat(state(other)).isEqualTo(RequestState.REFUSED);
        assertThat(state(id)).isEqualTo(RequestState.SENT);
    }

    @Test
    void acknowledgementResponseAndInstructionsShareAResponseIdAndAreFourDocuments() {
        Bytes payload = Bytes.of(new byte[] {1});
        assertThat(List.of(
                        answer(7, "I99", Optional.empty()),
                        answer(7, "I0", Optional.of(new ResponsePayload.GbcsPayload(payload))),
                        answer(
                                7,
                                "I0",
                                Optional.of(new ResponsePayload.FutureDatedDeviceAlertMessage(true, payload, 1, 2))),
                        answer(
                                7,
                                "I0",
                                Optional.of(new ResponsePayload.FutureDatedDeviceAlertMessage(true, payload, 2, 2)))))
                .allSatisfy(document -> assertThat(receiver.receive(signed(document), "CN=dcc"))
                        .isInstanceOf(CallbackVerdict.Stored.class));
    }

    @Test
    void unsignedForgedAndWronglySignedDocumentsAreRefusedAndLogged() {
        byte[] unsigned = DuisWriter.write(answer(7, "I0", Optional.empty())).toArray();
        byte[] changed = new String(signed(answer(7, "I0", Optional.empty())), StandardCharsets.UTF_8)
                .replace(">I0<", ">I1<")
                .getBytes(StandardCharsets.UTF_8);
        byte[] byTransform = signed(answer(7, "I0", Optional.empty()), SimulatorPki.TRANSFORM);

        assertThat(List.of(unsigned, changed, byTransform, "<x".getBytes(StandardCharsets.UTF_8)))
                .allSatisfy(document ->
                        assertThat(receiver.receive(document, "CN=dcc")).isInstanceOf(CallbackVerdict.Refused.class));
        assertThat(logged)
                .hasExactlyElementsOfTypes(
                        SecurityEvent.SignatureInvalid.class,
                        SecurityEvent.SignatureInvalid.class,
                        SecurityEvent.WrongSigner.class,
                        SecurityEvent.SignatureInvalid.class);
        assertThat(queued).isEmpty();
    }

    @Test
    void aDocumentOfAnUnknownSignerMustBeSentAgainAndIsNotRefused() {
        byte[] renewed = new String(signed(answer(7, "I0", Optional.empty())), StandardCharsets.UTF_8)
                .replaceAll("(<ds:X509SerialNumber>)[0-9]+", "$199")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(receiver.receive(renewed, "CN=dcc"))
                .isInstanceOfSatisfying(
                        CallbackVerdict.Busy.class,
                        busy -> assertThat(busy.fault().code()).isEqualTo("PST-1024"));
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.SignatureInvalid.class);
        assertThat(queued).isEmpty();
    }

    @Test
    void aLateAcknowledgementChangesNothingThatHasGoneFurther() {
        String id = sent(7, "11.2");
        process(answer(7, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(new byte[] {1})))));
        process(answer(7, "I99", Optional.empty()));

        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(ledger.deliveriesOf(id)).hasSize(1);
        assertThat(ledger.inboundCounts()).containsOnlyKeys(InboundState.PROCESSED);
    }

    @Test
    void theDccsRefusalEndsTheRequestAndReachesItsCaller() {
        String id = sent(7, "11.2");
        process(answer(7, "E4", Optional.empty()));

        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> {
            assertThat(entry.destination()).hasToString("queue:replies");
            assertThat(entry.headers())
                    .containsEntry("outcome", "refused")
                    .containsEntry("responseCode", "E4")
                    .containsEntry("form", "duis");
            assertThat(entry.json())
                    .hasValueSatisfying(
                            json -> assertThat(json).contains("\"postern\":{").contains("\"responseCode\":\"E4\""));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"E20", "E21", "E30"})
    void anUnknownOutcomeStaysUnknownUntilAProvenAnswer(String code) {
        String id = sent(7, "11.2");
        process(answer(7, code, Optional.empty()));
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
        assertThat(ledger.find(id).orElseThrow().progress().success()).isEmpty();
        assertThat(ledger.deliveriesOf(id))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", "unknown")
                        .containsEntry("responseCode", code));
        process(answer(7, "E4", Optional.empty()));
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
    }

    @Test
    void anUnknownOutcomeIsSettledByTheDevicesOwnAnswer() {
        byte[] message = Rtds.hex(Rtds.required().messages("11.2_ECS52").stream()
                .filter(f -> f.toString().contains("_RESPONSE_"))
                .findFirst()
                .orElseThrow());
        RequestId request = asked(message);
        String id = sent(request, "11.2");
        process(answer(request, "E21", Optional.empty()));
        process(answer(request, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message)))));
        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(ledger.find(id).orElseThrow().progress().success()).contains(true);
        assertThat(ledger.deliveriesOf(id))
                .extracting(entry -> entry.headers().get("outcome"))
                .containsExactly("unknown", "success");
    }

    @Test
    void whatCannotBeReadIsDeliveredAsItCameWithTheReason() {
        String id = sent(7, "11.2");
        byte[] nonsense = {(byte) 0xDF, 9, 2, 0, 1};
        process(answer(7, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(nonsense)))));

        assertThat(state(id)).isEqualTo(RequestState.RESPONDED);
        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> {
            assertThat(entry.body()).isEqualTo(nonsense);
            assertThat(entry.headers())
                    .containsEntry("outcome", "unproven")
                    .containsEntry("authenticated", "no")
                    .containsKey("flag");
        });
        assertThat(logged).hasExactlyElementsOfTypes(SecurityEvent.MessageNotAuthentic.class);
    }

    @Test
    void anAnswerToARequestThatNobodyMadeIsDeliveredAsSuch() {
        process(answer(99, "I0", Optional.empty()));

        OutboxEntry entry = pending().get(0);
        assertThat(entry.destination()).isEqualTo(ReplyAddress.COMMON);
        assertThat(entry.headers()).containsEntry("outcome", "unmatched");
    }

    @Test
    void aDccAlertIsDeliveredByItsPayload() {
        process(new DuisResponse(
                "5.4",
                Optional.empty(),
                Optional.of(new ResponseId(SimulatorPki.ACCESS_CONTROL_BROKER, USER, 5)),
                "I0",
                CLOCK.instant(),
                new ResponseBody.DccAlertMessage("AD1", Throttle.NONE, DuisElement.of("PowerOutageEvent"))));

        assertThat(pending()).singleElement().satisfies(entry -> {
            assertThat(entry.destination()).hasToString("topic:postern.alerts");
            assertThat(entry.headers()).containsEntry("alertCode", "AD1").containsEntry("alert", "PowerOutageEvent");
        });
    }

    /** The given answers of the main line's use cases, by the way every answer goes, up to the delivery queue. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "4.1.1, ECS17b, ReadInstantaneousImportRegistersRsp",
        "4.1.1, GCS13a, ReadInstantaneousImportRegistersRsp",
        "11.2, ECS52, ReadFirmwareVersionRsp",
        "11.2, GCS38, ReadFirmwareVersionRsp",
        "7.1, ECS42, EnableSupplyRsp"
    })
    void everyGivenAnswerIsProvenReadAndDelivered(String service, String useCase, String element) {
        List<Path> answers = Rtds.required().messages(service + "_" + useCase).stream()
                .filter(f -> f.toString().contains("_RESPONSE_"))
                .toList();
        assertThat(answers).isNotEmpty();
        for (Path file : answers) {
            byte[] message = Rtds.hex(file);
            RequestId request = asked(message);
            String id = sent(request, service);
            process(answer(request, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message)))));

            assertThat(state(id)).as(file.toString()).isEqualTo(RequestState.RESPONDED);
            assertThat(ledger.deliveriesOf(id))
                    .as(file.toString())
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.headers())
                                .containsEntry("authenticated", "yes")
                                .containsEntry("useCase", useCase)
                                .doesNotContainKey("flag")
                                .containsEntry(
                                        "outcome",
                                        ledger.find(id)
                                                        .flatMap(r ->
                                                                r.progress().success())
                                                        .orElseThrow()
                                                ? "success"
                                                : "failed");
                        assertThat(new String(entry.body(), StandardCharsets.UTF_8))
                                .contains(element);
                        assertThat(entry.json())
                                .hasValueSatisfying(json -> assertThat(json).contains(element));
                    });
        }
    }

    @Test
    void aGenuineAnswerUnderTheRequestOfAnotherIsFlagged() {
        byte[] message = Rtds.hex(Rtds.required().messages("11.2_ECS52").stream()
                .filter(f -> f.toString().contains("_RESPONSE_"))
                .findFirst()
                .orElseThrow());
        long other = asked(message).counter() + 1;
        String id = sent(other, "11.2");
        process(answer(other, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message)))));

        assertThat(ledger.deliveriesOf(id))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", "unproven")
                        .containsEntry("flag", "the GBCS message answers another request"));
    }

    /**
     * 6.21, 6.23, 6.24.1: the command was another party's, and the device answers that party under a counter that is
     * not ours.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "6.24.1, CS02aMAC",
        "6.21, CS02bSupplierBySupplierHandover",
        "6.21, CS02bNOByNOHandover",
        "6.23, CS02bSupplierByTransCoS"
    })
    void anAnswerToThePartyThatCommandedInOurPlaceIsTheRequestsAnswer(String service, String useCase) {
        byte[] message = Rtds.hex(Rtds.required().messages(service + "_" + useCase).stream()
                .filter(f -> f.toString().contains("SUCCESS_RESPONSE_"))
                .findFirst()
                .orElseThrow());
        Eui64 device = asked(message).target();
        for (Map.Entry<String, String> one :
                Map.of(service, "success", "11.2", "unproven").entrySet()) {
            RequestId request = new RequestId(USER, device, one.getValue().length());
            String id = sent(request, one.getKey());
            process(answer(request, "I0", Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message)))));

            assertThat(ledger.deliveriesOf(id))
                    .as(one.getKey())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.headers()).containsEntry("outcome", one.getValue()));
        }
        String other = sent(new RequestId(USER, Eui64.parse("00DB123456789FFF"), 4711), service);
        process(answer(
                new RequestId(USER, Eui64.parse("00DB123456789FFF"), 4711),
                "I0",
                Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message)))));
        assertThat(ledger.deliveriesOf(other))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", "unproven")
                        .containsEntry("flag", "the GBCS message answers another request"));
    }

    @Test
    void processingADocumentTwiceDeliversItOnce() {
        String id = sent(7, "11.2");
        String inbound =
                ((CallbackVerdict.Stored) receiver.receive(signed(answer(7, "I0", Optional.empty())), "CN=dcc")).id();

        assertThat(processor.process(inbound)).isTrue();
        assertThat(processor.process(inbound)).isTrue();
        assertThat(ledger.deliveriesOf(id)).hasSize(1);
    }

    @Test
    void whileTheLedgerIsClosedADocumentWaits() {
        sent(7, "11.2");
        String inbound =
                ((CallbackVerdict.Stored) receiver.receive(signed(answer(7, "I0", Optional.empty())), "CN=dcc")).id();
        byte[] second = signed(answer(7, "I0", Optional.empty()));
        ledger.close();

        assertThat(processor.process(inbound)).as("offered again later").isFalse();
        assertThat(receiver.receive(second, "CN=dcc"))
                .as("the DCC sends it again")
                .isInstanceOf(CallbackVerdict.Busy.class);
    }

    // no other token is made, and the result contains advice for the one that was issued
    @ParameterizedTest
    @CsvSource({"E20, true", "E21, true", "E4, false", "E11, false"})
    void aTopUpThatDidNotReachItsMeterIsAdvisedToBeKeyedIn(String code, boolean advised) {
        String id = sent(7L << 32, "2.2");
        String read = sent(8, "4.1.1");

        process(answer(7L << 32, code, Optional.empty()));
        process(answer(8, code, Optional.empty()));

        assertThat(state(id)).isEqualTo(advised ? RequestState.UNKNOWN : RequestState.REFUSED);
        assertThat(ledger.deliveriesOf(id))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.headers().containsKey("advice")).isEqualTo(advised));
        assertThat(ledger.deliveriesOf(read))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers()).doesNotContainKey("advice"));
    }
}
