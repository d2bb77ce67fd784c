package org.postern.servicerequests.internal.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.catalogue.InboundState;
import org.postern.catalogue.RequestId;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.Throttle;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.testkit.ForeignBytes;

/**
 * Documents that the DCC signed and that hold anything: its signature lets them in as far as the interpreter. Each is
 * kept and processed at its first try, or refused by number; none stays, and none ends a request twice.
 */
@Timeout(600)
class ForeignPayloadsTest extends InboundBench {

    private static final long SEED = Long.getLong("postern.seed", 20261129L);
    private static final int DOCUMENTS = Integer.getInteger("postern.documents", 600);
    private static final byte[] MESSAGE = HexFormat.of()
            .parseHex("DF090200000000000003E80800DB1234567890A00890B3D51F3001000002004F"
                    + "15D9200003E8000103000900000A006AFF0101120033");
    private static final List<String> SERVICES = List.of("11.2", "4.1.1", "7.1", "8.2", "4.8.1", "6.2.3");

    private static final int FIRST = 7_000_000;

    private final List<String> requests = new ArrayList<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void aValidlySignedDocumentIsStoredAndProcessedWhateverItContains() {
        List<byte[]> documents = answers(FIRST).stream()
                .map(document -> DuisWriter.write(document).toArray())
                .toList();
        System.out.println("seed " + SEED);
        ForeignBytes.random(SEED, DOCUMENTS, documents, changed -> one(new String(changed, StandardCharsets.UTF_8)));
        // documents that are whole, around messages that are not
        ForeignBytes.random(SEED, DOCUMENTS, List.of(MESSAGE), message -> {
            String document = new String(documents.get(requests.size() % documents.size()), StandardCharsets.UTF_8);
            one(document.replaceAll(
                    "<sr:GBCSPayload>[^<]*<",
                    "<sr:GBCSPayload>" + Base64.getEncoder().encodeToString(message) + "<"));
        });
        System.out.println("signed documents: " + outcomes);
        assertThat(ledger.inboundCounts().getOrDefault(InboundState.STORED, 0L))
                .as("nothing is left unprocessed")
                .isZero();
        assertThat(outcomes.get("Stored"))
                .as("most come as far as the interpreter")
                .isGreaterThan(DOCUMENTS);
        for (String id : requests) {
            long ends =
                    ledger.path(id).stream().filter(step -> step.to().isEnd()).count();
            assertThat(ends).as(id).isLessThanOrEqualTo(1);
            assertThat(ledger.find(id).orElseThrow().state()).isNotEqualTo(RequestState.ADMITTED);
        }
        // and a good one is taken as before
        String id = sent(5, "11.2");
        process(answer(5, "E4", Optional.empty()));
        assertThat(state(id)).isEqualTo(RequestState.REFUSED);
    }

    private List<DuisResponse> answers(long counter) {
        Bytes payload = Bytes.of(MESSAGE);
        Instant moment = Instant.parse("2026-11-23T12:00:00Z");
        RequestId asked = new RequestId(USER, METER, counter);
        return List.of(
                answer(asked, "I0", Optional.of(new ResponsePayload.GbcsPayload(payload))),
                answer(asked, "I99", Optional.empty()),
                answer(asked, "E5", Optional.empty()),
                answer(
                        asked,
                        "I0",
                        Optional.of(new ResponsePayload.FutureDatedDeviceAlertMessage(true, payload, 1, 2))),
                new DuisResponse(
                        "5.4",
                        Optional.empty(),
                        asked(counter),
                        "I0",
                        moment,
                        new ResponseBody.DccAlertMessage(
                                "AD1",
                                Throttle.NONE,
                                DuisElement.of("PowerOutageEvent", DuisElement.leaf("MPxN", "One" + counter)))));
    }

    private static Optional<org.postern.catalogue.ResponseId> asked(long counter) {
        return responseId(counter);
    }

    private void one(String text) {
        byte[] document;
        try {
            // each about a request of its own
            document = signedText(text.replace(Integer.toString(FIRST), Integer.toString(FIRST + requests.size())));
            requests.add(sent(FIRST + requests.size(), SERVICES.get(requests.size() % SERVICES.size())));
        } catch (IllegalArgumentException e) {
            outcomes.merge("no XML that can be signed", 1, Integer::sum);
            return;
        }
        try {
            CallbackVerdict verdict = receiver.receive(document, "CN=dcc");
            outcomes.merge(verdict.getClass().getSimpleName(), 1, Integer::sum);
            assertThat(verdict)
                    .as("what is wrong stays so; the DCC would send it for ever")
                    .isNotInstanceOf(CallbackVerdict.Busy.class);
            if (verdict instanceof CallbackVerdict.Stored stored) {
                assertThat(processor.process(stored.id()))
                        .as("at its first try: " + text)
                        .isTrue();
            }
        } catch (RuntimeException | StackOverflowError e) {
            fail("seed " + SEED + " document " + text, e);
        }
    }
}
