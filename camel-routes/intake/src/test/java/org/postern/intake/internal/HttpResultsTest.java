package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.ledger.Origin;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;

/** The state and the result of a request, as the HTTP interface shows them. */
class HttpResultsTest extends HttpBench {

    @Test
    void aResultStatesHowFarItCanBeTrustedAndWhatHasToBeDone() throws Exception {
        Map<String, String> marks = Map.of(
                "outcome",
                "already-credited",
                "form",
                "mmc",
                "authenticated",
                "yes",
                "encrypted",
                "no",
                "flag",
                "odd\u2026",
                "reason",
                "why",
                "unprovenCode",
                "E1",
                "topUpResult",
                "2",
                "told",
                "already credited",
                "advice",
                "nothing is to be done");
        found = Optional.of(new RequestRecord(
                "id-1",
                Optional.empty(),
                new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "json"),
                Target.UNREAD,
                Lane.ROUTINE,
                new RequestRecord.Progress(RequestState.DELIVERED, "", Optional.of("I0"), Optional.of(true)),
                RequestRecord.Sending.NONE,
                RequestRecord.Timing.NONE,
                Instant.EPOCH,
                Instant.EPOCH));
        delivered = List.of(OutboxEntry.pending(
                "e-1",
                Optional.of("id-1"),
                DeliveryKind.RESULT,
                ReplyAddress.COMMON,
                marks,
                "application/xml",
                "<x/>".getBytes(StandardCharsets.UTF_8),
                Optional.of("{\"postern\":{}}")));
        String view = send(get("/service-requests/id-1")).body();
        HttpResponse<String> result = send(get("/service-requests/id-1/result"));
        assertThat(result.body()).isEqualTo("<x/>");
        marks.forEach((name, value) -> {
            assertThat(view).contains("\"" + name + "\":\"" + value + "\"");
            assertThat(result.headers().firstValue("Postern-" + name)).as(name).contains(value.replace('\u2026', '?'));
        });
    }

    @Test
    void aRequestThatEndedWithoutResultIsAnswered410() throws Exception {
        found = Optional.of(new RequestRecord(
                "id-1",
                Optional.empty(),
                new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "json"),
                Target.UNREAD,
                Lane.ROUTINE,
                new RequestRecord.Progress(
                        RequestState.REJECTED, "PST-2104 not of this role", Optional.empty(), Optional.empty()),
                RequestRecord.Sending.NONE,
                RequestRecord.Timing.NONE,
                Instant.EPOCH,
                Instant.EPOCH));
        HttpResponse<String> response = send(get("/service-requests/id-1/result"));
        assertThat(response.statusCode()).isEqualTo(410);
        assertThat(response.body())
                .contains(
                        "\"code\":\"PST-7326\"",
                        "PST-2104 not of this role",
                        "\"outcome\":\"rejected\"",
                        "\"state\":\"REJECTED\"");
    }

    // an answer that arrived after the end of the request is not its result
    @Test
    void theResultThatDeterminedTheStateIsShownAndNotALaterOne() throws Exception {
        found = Optional.of(new RequestRecord(
                "id-1",
                Optional.empty(),
                new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "json"),
                Target.UNREAD,
                Lane.ROUTINE,
                new RequestRecord.Progress(RequestState.DELIVERED, "", Optional.of("I0"), Optional.of(true)),
                RequestRecord.Sending.NONE,
                RequestRecord.Timing.NONE,
                Instant.EPOCH,
                Instant.EPOCH));
        OutboxEntry result = result("e-1", Map.of("outcome", "success"));
        OutboxEntry late = result("e-2", Map.of("outcome", "unknown", "effect", "none"));
        delivered = List.of(result, late);
        assertThat(send(get("/service-requests/id-1")).body()).contains("\"outcome\":\"success\"");
        assertThat(send(get("/service-requests/id-1/result")).body()).isEqualTo("<e-1/>");
        delivered = List.of(late);
        assertThat(send(get("/service-requests/id-1")).body())
                .contains("\"outcome\":\"unknown\"")
                .contains("\"effect\":\"none\"");
        assertThat(send(get("/service-requests/id-1/result")).body()).isEqualTo("<e-2/>");
    }

    private static OutboxEntry result(String id, Map<String, String> headers) {
        return OutboxEntry.pending(
                id,
                Optional.of("id-1"),
                DeliveryKind.RESULT,
                ReplyAddress.COMMON,
                headers,
                "application/xml",
                ("<" + id + "/>").getBytes(StandardCharsets.UTF_8),
                Optional.empty());
    }
}
