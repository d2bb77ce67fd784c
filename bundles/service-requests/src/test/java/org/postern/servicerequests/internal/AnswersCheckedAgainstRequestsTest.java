package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.servicerequests.Submission;
import org.postern.simulator.dcc.FaultRule;
import org.postern.testkit.Rtds;

/**
 * A device's authentic answer to a non-critical request, whose command the DCC makes, is held to the commands that the
 * request may have become: of the log that was asked for, and of its period.
 */
class AnswersCheckedAgainstRequestsTest extends OnFullLifeCycle {

    private static final String LOG =
            "\"ReadLogPeriod\":{\"StartDateTime\":\"%s\",\"EndDateTime\":\"%s\"}," + "\"LogToRead\":\"%s\"";
    private DeviceMessages device;

    @BeforeEach
    void onlyOurDeviceSpeaks() {
        device = new DeviceMessages(pki);
        line.simulator.faults().add(FaultRule.parse("drop-callback"));
    }

    /** A request that the DCC has acknowledged. */
    private RequestRecord sent(String service, String body) throws InterruptedException {
        String meter = line.simulator
                .population()
                .devices(DeviceType.ESME)
                .get(0)
                .deviceId()
                .dashed();
        String json = "{\"service\":\"" + service + "\",\"device\":\"" + meter + "\",\"role\":\"IS\",\"body\":{" + body
                + "}}";
        Admission admission = line.line.admit(new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                json.getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "crm"));
        assertThat(admission).as("admission of %s", json).isInstanceOf(Admission.Accepted.class);
        RequestRecord record =
                line.await(((Admission.Accepted) admission).id(), RequestState.ACKNOWLEDGED, RequestState.REFUSED);
        assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.ACKNOWLEDGED);
        return record;
    }

    private OutboxEntry answered(RequestRecord request, String reference, String folder) throws InterruptedException {
        byte[] message = Rtds.hex(Rtds.required().messages(folder).stream()
                .filter(file -> file.getFileName().toString().endsWith("_SUCCESS_RESPONSE_GBCS.HEX"))
                .findFirst()
                .orElseThrow());
        assertThat(line.line.receive(
                        device.answer(
                                request.requestId().orElseThrow(),
                                reference,
                                request.target().service().orElseThrow(),
                                message),
                        "CN=dcc"))
                .isInstanceOf(CallbackVerdict.Stored.class);
        line.await(request.id(), RequestState.DELIVERED);
        assertThat(line.deliveries(request.id())).hasSize(1);
        return line.deliveries(request.id()).get(0);
    }

    private static String log(String log, String from, String to) {
        return String.format(LOG, from, to, log);
    }

    @Test
    void theEntriesOfThePeriodThatWasAskedForAreASuccess() throws Exception {
        RequestRecord request = sent("6.13", log("Event", "2014-12-31T00:00:00Z", "2015-01-01T00:00:00Z"));
        assertThat(answered(request, "6.13", "6.13_ECS35a").headers())
                .containsEntry("outcome", "success")
                .containsEntry("authenticated", "yes")
                .doesNotContainKey("flag");
    }

    @Test
    void entriesOfAnotherPeriodAreUnproven() throws Exception {
        RequestRecord request = sent("6.13", log("Event", "2014-12-31T00:30:00Z", "2015-01-01T00:00:00Z"));
        isUnproven(request, answered(request, "6.13", "6.13_ECS35a"), "1 entry lies outside the requested period");
    }

    @Test
    void itStandsAfterARestart() throws Exception {
        RequestRecord request = sent("6.13", log("Event", "2013-12-31T00:00:00Z", "2014-01-01T00:00:00Z"));
        line.restart();
        isUnproven(request, answered(request, "6.13", "6.13_ECS35a"), "33 entries lie outside the requested period");
    }

    @Test
    void theLogThatWasAskedForIsASuccess() throws Exception {
        RequestRecord request = sent("6.13", log("Security", "2014-12-31T00:00:00Z", "2015-01-01T00:00:00Z"));
        assertThat(answered(request, "6.13", "6.13_ECS35b").headers())
                .containsEntry("outcome", "success")
                .doesNotContainKey("flag");
    }

    @Test
    void anotherLogOfTheSameServiceIsUnproven() throws Exception {
        RequestRecord request = sent("6.13", log("Event", "2014-12-31T00:00:00Z", "2015-01-01T00:00:00Z"));
        isUnproven(
                request,
                answered(request, "6.13", "6.13_ECS35b"),
                "does not result in a command with message code 0049");
    }

    private void isUnproven(RequestRecord request, OutboxEntry entry, String reason) {
        assertThat(entry.headers())
                .containsEntry("outcome", "unproven")
                .containsEntry("authenticated", "yes")
                .hasEntrySatisfying("flag", flag -> assertThat(flag).contains(reason));
        assertThat(line.ledger.find(request.id()).orElseThrow().progress().success())
                .contains(false);
    }
}
