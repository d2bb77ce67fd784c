package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.RequestId;
import org.postern.duis.Bytes;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisVerifier;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponsePayload;
import org.postern.gatewayclient.Exchange;
import org.postern.ledger.Change;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.internal.keys.DccDocuments;
import org.postern.testkit.Rtds;

/**
 * Answers in the exchange of their request: judged as those of Receive Response are, and what is none is not met for
 * ever.
 */
class ExchangedAnswersTest extends ExchangeBench {

    @Test
    void anUnsignedErrorIsNotMetForEverAndItsCodeIsShownAsUnproven() {
        String id = sent(7, "7.12");
        exchanges.add(new Exchange.Answered(
                DuisWriter.write(answer(7, "E1", Optional.empty())).toArray()));
        steps(id, 3000);

        assertThat(posts).isEqualTo(5);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
        assertThat(ledger.find(id).orElseThrow().progress().cause())
                .contains("unproven")
                .contains("E1");
        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> {
            assertThat(entry.headers())
                    .containsEntry("outcome", "unproven")
                    .containsEntry("unprovenCode", "E1")
                    .containsKey("flag");
            assertThat(entry.json()).hasValueSatisfying(json -> assertThat(json).contains("\"unprovenCode\":\"E1\""));
        });
        assertThat(ledger.inboundOf(new RequestId(USER, METER, 7)))
                .singleElement()
                .satisfies(kept -> {
                    assertThat(kept.kind()).startsWith("Untrusted");
                    assertThat(kept.responseCode()).isEqualTo("E1");
                });
        // a proven answer wins
        process(answer(7, "E4", Optional.empty()));
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
    }

    private Exchange unsigned(String code) {
        return new Exchange.Answered(
                DuisWriter.write(answer(7, code, Optional.empty())).toArray());
    }

    // DUIS, E20: not delivered to the device; the same may be sent again, but not for ever
    @Test
    void aDeviceThatCannotBeReachedIsTriedAFewTimesAndThenUnknownUntilAProvenAnswerComes() {
        String id = sent(7, "7.12");
        exchanges.add(answered(answer(7, "E20", Optional.empty())));
        steps(id, 4);
        assertThat(state(id)).isEqualTo(RequestState.SENT);
        assertThat(ledger.find(id).orElseThrow().progress().responseCode()).contains("E20");
        assertThat(ledger.deliveriesOf(id)).isEmpty();
        steps(id, 3000);

        assertThat(posts).isEqualTo(5);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> {
            assertThat(entry.headers())
                    .containsEntry("outcome", "unknown")
                    .containsEntry("responseCode", "E20")
                    .doesNotContainKey("unprovenCode");
            assertThat(entry.json()).hasValueSatisfying(json -> assertThat(json).contains("\"outcome\":\"unknown\""));
        });
        assertThat(ledger.inboundOf(new RequestId(USER, METER, 7)))
                .singleElement()
                .satisfies(kept -> assertThat(kept.responseCode()).isEqualTo("E20"));
        process(answer(7, "E4", Optional.empty()));
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
    }

    // decision 0043: a planned attempt proves that the last one did not reach the DCC
    @Test
    void whatNeverReachedTheDccIsWithdrawnButNotWhileItIsBeingSent() {
        String never = sent(7, "7.12");
        exchanges.add(new Exchange.Unreachable("no connection"));
        meanwhile = () -> assertThat(dispatcher.cancel(never, "operator"))
                .as("while it is being sent")
                .isFalse();
        steps(never, 2);
        meanwhile = () -> {};
        assertThat(dispatcher.cancel(never, "operator")).isTrue();
        assertThat(state(never)).isEqualTo(RequestState.CANCELLED);
        steps(never, 2);
        assertThat(posts).as("it is not sent again").isEqualTo(2);
    }

    @Test
    void whatTheDccHadIsNotWithdrawn() {
        String untold = sent(7, "7.12");
        exchanges.add(answered(answer(7, "E20", Optional.empty())));
        steps(untold, 1);
        assertThat(state(untold)).isEqualTo(RequestState.SENT);
        assertThat(dispatcher.cancel(untold, "operator")).as("the DCC had it").isFalse();
    }

    @Test
    void whatTheDccMayHaveIsNotWithdrawn() {
        String begun = sent(9, "7.12");
        assertThat(ledger.apply(Change.of(begun).from(RequestState.SENT).noRetry()))
                .isTrue();
        assertThat(dispatcher.cancel(begun, "operator"))
                .as("a sending has no end on disk")
                .isFalse();

        exchanges.add(new Exchange.InDoubt("no answer"));
        String doubt = sent(10, "7.12");
        steps(doubt, 1);
        assertThat(dispatcher.cancel(doubt, "operator")).isFalse();
        assertThat(state(doubt)).isEqualTo(RequestState.IN_DOUBT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRestartDoesNotBeginToCountAnew(boolean proven) {
        String id = sent(7, "7.12");
        exchanges.add(proven ? answered(answer(7, "E20", Optional.empty())) : unsigned("E1"));
        for (int restart = 0; restart < 4; restart++) {
            steps(id, 1);
            dispatcher(5);
        }
        assertThat(ledger.find(id).orElseThrow().sending().inconclusive()).isEqualTo(4);
        steps(id, 3000);
        assertThat(posts).isEqualTo(5);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
    }

    @Test
    void bothKindsCountTogetherAndSilenceCountsForNothing() {
        String id = sent(7, "7.12");
        exchanges.add(answered(answer(7, "E20", Optional.empty())));
        exchanges.add(new Exchange.InDoubt("no answer"));
        exchanges.add(unsigned("E1"));
        exchanges.add(new Exchange.Unreachable("nobody there"));
        exchanges.add(unsigned("E1"));
        exchanges.add(answered(answer(7, "E20", Optional.empty())));
        steps(id, 6);
        assertThat(ledger.find(id).orElseThrow().sending().inconclusive()).isEqualTo(4);
        assertThat(state(id)).isEqualTo(RequestState.IN_DOUBT);
        steps(id, 3000);
        assertThat(posts).isEqualTo(7);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9})
    void howOftenIsASetting(int tries) {
        dispatcher(tries);
        String id = sent(7, "7.12");
        exchanges.add(unsigned("E1"));
        steps(id, 50);
        assertThat(posts).isEqualTo(tries);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
        String other = sent(8, "7.12");
        exchanges.clear();
        exchanges.add(answered(answer(8, "E20", Optional.empty())));
        steps(other, 50);
        assertThat(posts).isEqualTo(2 * tries);
        assertThat(state(other)).isEqualTo(RequestState.UNKNOWN);
    }

    // I99 means that the DCC has nothing to return (DUIS, ResponseCode), which is not an answer to a service that
    // returns data
    @ParameterizedTest
    @CsvSource({"5.1, unproven", "5.2, unproven", "8.2, unproven", "12.1, unproven", "8.4, success"})
    void nothingToReturnIsASuccessOnlyOfAServiceThatReturnsNothing(String service, String outcome) {
        RequestId asked = new RequestId(USER, Eui64.parse("90B3D51F30000002"), 7);
        String id = sent(asked, service);
        exchanges.add(answered(answer(asked, "I99", Optional.empty())));
        steps(id, 1);
        assertThat(posts).isEqualTo(1);
        assertThat(ledger.deliveriesOf(id))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", outcome)
                        .containsEntry("responseCode", "I99"));
        assertThat(ledger.find(id).orElseThrow().progress().success()).contains(outcome.equals("success"));
        assertThat(ledger.deliveriesOf(id)
                        .get(0)
                        .headers()
                        .getOrDefault("flag", "")
                        .contains("must contain data, and code I99 came without any"))
                .isEqualTo(outcome.equals("unproven"));
        assertThat(logged).as("nothing in it is other than it is given as").isEmpty();
    }

    @Test
    void afterAnUntrustedAnswerTheRequestIsSentAgain() {
        String id = sent(7, "7.12");
        exchanges.add(new Exchange.Answered("<html/>".getBytes(StandardCharsets.UTF_8)));
        exchanges.add(answered(answer(8, "I99", Optional.empty())));
        exchanges.add(answered(answer(7, "I99", Optional.empty())));
        steps(id, 3);
        assertThat(state(id)).isEqualTo(RequestState.ACKNOWLEDGED);
        assertThat(ledger.deliveriesOf(id)).isEmpty();
    }

    @Test
    void theBodyOfAnHttpErrorIsStoredAndShown() {
        String id = sent(7, "7.12");
        exchanges.add(new Exchange.Refused(400, Optional.empty(), "schema error <at line 7>"));
        steps(id, 2);
        assertThat(posts).isEqualTo(1);
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
        assertThat(ledger.find(id).orElseThrow().progress().cause())
                .isEqualTo("the DCC answered HTTP 400: schema error <at line 7>");
        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> {
            assertThat(new String(entry.body(), StandardCharsets.UTF_8)).contains("schema error &lt;at line 7&gt;");
            assertThat(entry.json()).hasValueSatisfying(json -> assertThat(json).contains("schema error"));
        });
        assertThat(ledger.inboundOf(new RequestId(USER, METER, 7)))
                .singleElement()
                .satisfies(kept -> assertThat(kept.kind()).isEqualTo("HTTP 400"));
    }

    // an HTTP status is not signed, and the DCC may have accepted the earlier transmission
    @Test
    void anHttpErrorAfterATransmissionWithoutAnswerIsNoRefusal() {
        String id = sent(7, "7.12");
        exchanges.add(new Exchange.InDoubt("connection lost"));
        exchanges.add(new Exchange.Refused(403, Optional.empty(), "blocked here"));
        steps(id, 3000);
        assertThat(posts).isEqualTo(6);
        assertThat(state(id)).isEqualTo(RequestState.UNKNOWN);
        assertThat(ledger.deliveriesOf(id)).singleElement().satisfies(entry -> {
            assertThat(entry.headers()).containsEntry("outcome", "unproven");
            assertThat(entry.json()).hasValueSatisfying(json -> assertThat(json).contains("HTTP 403", "blocked here"));
        });
        assertThat(ledger.inboundOf(new RequestId(USER, METER, 7)))
                .singleElement()
                .satisfies(kept -> assertThat(kept.kind()).isEqualTo("HTTP 403"));
        process(answer(7, "E4", Optional.empty()));
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
    }

    // which code the DCC gives to a RequestID that it has had is not public: one that is on record as no refusal
    @ParameterizedTest
    @CsvSource({
        "false, E100, REFUSED",
        "true, E100, UNKNOWN",
        "true, E9999, UNKNOWN",
        "true, E4, REFUSED",
        "false, E9999, REFUSED"
    })
    void aCodeOfUnknownMeaningRefusesNothingThatTheDccMayHaveHadBefore(boolean doubt, String code, RequestState state) {
        String id = sent(7, "7.12");
        if (doubt) {
            exchanges.add(new Exchange.InDoubt("connection lost"));
        }
        exchanges.add(answered(answer(7, code, Optional.empty())));
        steps(id, 3);
        assertThat(state(id)).isEqualTo(state);
        assertThat(posts).isEqualTo(doubt ? 2 : 1);
        assertThat(ledger.deliveriesOf(id))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", state.name().toLowerCase(java.util.Locale.ROOT))
                        .containsEntry("responseCode", code));
        assertThat(ledger.find(id).orElseThrow().progress().responseCode()).contains(code);
    }

    // the DCC has renewed a key, and its certificate is imported an hour later
    @Test
    void aSignerThatIsNotOnRecordYetEndsNothing() {
        AtomicBoolean onRecord = new AtomicBoolean();
        documents = new DccDocuments(
                new DuisVerifier(
                        DuisLimits.DEFAULT,
                        (issuer, serial) -> onRecord.get() ? signers.find(issuer, serial) : Optional.empty(),
                        EC),
                signers,
                log);
        dispatcher(5);
        String transform = handedToTransform(7, "7.1");
        exchanges.add(answered(answer(7, "E4", Optional.empty())));
        steps(transform, 60);
        assertThat(state(transform)).isEqualTo(RequestState.TRANSFORM_SENT);
        assertThat(ledger.find(transform).orElseThrow().progress().cause()).startsWith("PST-1024");
        exchanges.clear();
        String command = sent(8, "7.12");
        exchanges.add(answered(answer(8, "E4", Optional.empty())));
        steps(command, 60);
        assertThat(state(command)).isEqualTo(RequestState.IN_DOUBT);
        assertThat(ledger.deliveriesOf(transform)).isEmpty();
        assertThat(ledger.deliveriesOf(command)).isEmpty();
        onRecord.set(true);
        steps(command, 1);
        assertThat(state(command)).isEqualTo(RequestState.REFUSED);
    }

    // a gateway that times out, or a program that fails, may have forwarded the request
    @ParameterizedTest
    @CsvSource({"500, IN_DOUBT", "502, IN_DOUBT", "504, IN_DOUBT", "503, SENT", "429, SENT", "408, SENT"})
    void aFailureBehindTheDccsInterfaceLeavesTheRequestInDoubt(int status, RequestState state) {
        String id = sent(7, "7.12");
        exchanges.add(new Exchange.Refused(status, Optional.empty()));
        steps(id, 1);
        assertThat(state(id)).isEqualTo(state);
        exchanges.add(answered(answer(7, "I99", Optional.empty())));
        steps(id, 3);
        assertThat(state(id)).isEqualTo(RequestState.ACKNOWLEDGED);
    }

    @ParameterizedTest
    @CsvSource({"true, UNKNOWN, unknown, no answer of the DCC", "false, OVERDUE, overdue, not accepted by the DCC"})
    void whatIsGivenUpIsUnknownWhereTheDccMayHaveTakenIt(
            boolean doubt, RequestState state, String outcome, String cause) {
        dispatcher(5, Duration.ofHours(48));
        String id = sent(7, "7.12");
        exchanges.add(doubt ? new Exchange.InDoubt("connection lost") : new Exchange.Unreachable("no connection"));
        steps(id, 2);
        clock.now = clock.now.plus(Duration.ofDays(4000));
        steps(id, 2);
        assertThat(posts).isEqualTo(2);
        assertThat(state(id)).isEqualTo(state);
        assertThat(ledger.find(id).orElseThrow().progress().cause()).isEqualTo(cause + " within PT48H");
        assertThat(ledger.deliveriesOf(id))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", outcome)
                        .hasEntrySatisfying("reason", text -> assertThat(text).startsWith(cause)));
        process(answer(7, "E4", Optional.empty()));
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
    }

    // one interpreter, one builder: whichever way it comes, state, outcome, form, flags and JSON are the same
    @ParameterizedTest
    @ValueSource(
            strings = {
                "E4",
                "E21",
                "E9999",
                "I99",
                "W050201",
                "I7",
                "no payload",
                "schedule id",
                "unreadable",
                "device",
                "local"
            })
    void theSameAnswerHasTheSameEffectThroughBothChannels(String what) {
        byte[] message = Rtds.hex(Rtds.required().messages("11.2_ECS52").stream()
                .filter(f -> f.toString().contains("_RESPONSE_"))
                .findFirst()
                .orElseThrow());
        RequestId first = asked(message);
        String exchanged = sent(first, "11.2");
        exchanges.add(answered(answer(first, code(what), payload(what, message))));
        steps(exchanged, 1);
        InboundRecord kept = ledger.inboundOf(first).get(0);
        assertThat(kept.state()).isEqualTo(InboundState.EXCHANGED);
        var byExchange = ledger.deliveriesOf(exchanged);
        RequestState state = state(exchanged);

        // the same request again, in a ledger of its own, answered by Receive Response
        close();
        folder = folder.resolve("other");
        folder.toFile().mkdirs();
        open();
        String called = sent(first, "11.2");
        process(answer(first, code(what), payload(what, message)));
        var byCallback = ledger.deliveriesOf(called);
        assertThat(state(called)).isEqualTo(state);
        assertThat(byCallback).hasSameSizeAs(byExchange);
        for (int i = 0; i < byCallback.size(); i++) {
            assertThat(plain(byCallback.get(i).headers(), called))
                    .isEqualTo(plain(byExchange.get(i).headers(), exchanged));
            assertThat(byCallback.get(i).contentType())
                    .isEqualTo(byExchange.get(i).contentType());
            assertThat(byCallback.get(i).json().orElseThrow().replace(called, ""))
                    .isEqualTo(byExchange.get(i).json().orElseThrow().replace(exchanged, ""));
        }
    }

    private static String plain(java.util.Map<String, String> headers, String id) {
        return new java.util.TreeMap<>(headers).toString().replace(id, "");
    }

    private static String code(String what) {
        return what.matches("[A-Z]\\d+") ? what : "I0";
    }

    private static Optional<ResponsePayload> payload(String what, byte[] message) {
        return switch (what) {
            case "schedule id" -> Optional.of(new ResponsePayload.ScheduleId(5));
            case "unreadable" -> Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(new byte[] {1})));
            case "device" -> Optional.of(new ResponsePayload.GbcsPayload(Bytes.of(message)));
            case "local" -> Optional.of(new ResponsePayload.LocalCommand(Bytes.of(new byte[] {1})));
            default -> Optional.empty();
        };
    }
}
