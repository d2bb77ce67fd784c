package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.gbcs.DlmsPayload.Operation.ACTION;
import static org.postern.gbcs.DlmsPayload.Operation.SET;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.gbcs.DlmsPayload.Operation;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.servicerequests.Submission;
import org.postern.simulator.dcc.FaultRule;

/**
 * A device's authentic answer is held to the command that was signed and sent, not only to what its use case may have:
 * ECS46a has one to five items, one for each description that the request names (GBCS 20.3, ECS46a).
 */
class AnswersCheckedAgainstCommandsTest extends OnFullLifeCycle {

    private static final int DESCRIPTIONS = 0x0053;
    private DeviceMessages device;

    @BeforeEach
    void onlyOurDeviceSpeaks() {
        device = new DeviceMessages(pki);
        line.simulator.faults().add(FaultRule.parse("drop-callback"));
    }

    /** A signed command of two items, taken in by the DCC. */
    private RequestRecord sent() throws InterruptedException {
        String meter = line.simulator
                .population()
                .devices(DeviceType.ESME)
                .get(0)
                .deviceId()
                .dashed();
        String json = "{\"service\":\"6.14.1\",\"device\":\"" + meter + "\",\"role\":\"IS\",\"body\":{"
                + "\"ALCSHCALCSDescription\":[{\"@index\":1,\"SwitchDescription\":\"Boiler\"},"
                + "{\"@index\":2,\"SwitchDescription\":\"Charger\"}]}}";
        Admission admission = line.line.admit(new Submission(
                Channel.JMS,
                Submission.Format.JSON,
                json.getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "crm"));
        assertThat(admission).as("admission of %s", json).isInstanceOf(Admission.Accepted.class);
        RequestRecord record = line.await(
                ((Admission.Accepted) admission).id(),
                RequestState.ACKNOWLEDGED,
                RequestState.NOT_CORRELATED,
                RequestState.REFUSED);
        assertThat(record.state()).as(record.progress().cause()).isEqualTo(RequestState.ACKNOWLEDGED);
        return record;
    }

    private OutboxEntry answered(RequestRecord request, List<Operation> operations) throws InterruptedException {
        assertThat(line.line.receive(
                        device.answer(request.name(), "6.14", "6.14.1", DESCRIPTIONS, operations), "CN=dcc"))
                .isInstanceOf(CallbackVerdict.Stored.class);
        line.await(request.id(), RequestState.DELIVERED);
        assertThat(line.deliveries(request.id())).hasSize(1);
        return line.deliveries(request.id()).get(0);
    }

    @Test
    void asManyResultsAsTheCommandHasItemsAreASuccess() throws Exception {
        RequestRecord request = sent();
        assertThat(answered(request, List.of(SET, SET)).headers())
                .containsEntry("outcome", "success")
                .containsEntry("authenticated", "yes")
                .doesNotContainKey("flag");
        assertThat(line.ledger.find(request.id()).orElseThrow().progress().success())
                .contains(true);
    }

    // each of these is a whole answer by the use case's own table
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5})
    void aDifferentNumberOfResultsIsNoSuccessAndIsExplained(int results) throws Exception {
        RequestRecord request = sent();
        isNoSuccess(request, answered(request, Collections.nCopies(results, SET)), results + " results");
    }

    @Test
    void theResultOfAnotherOperationIsNoSuccess() throws Exception {
        RequestRecord request = sent();
        isNoSuccess(request, answered(request, List.of(SET, ACTION)), "ACTION");
    }

    @Test
    void itStandsAfterARestart() throws Exception {
        RequestRecord request = sent();
        line.restart();
        isNoSuccess(request, answered(request, List.of(SET)), "1 results");
    }

    private void isNoSuccess(RequestRecord request, OutboxEntry entry, String reason) {
        assertThat(entry.headers())
                .containsEntry("outcome", "unproven")
                .containsEntry("authenticated", "yes")
                .hasEntrySatisfying(
                        "flag", flag -> assertThat(flag).contains(reason).contains("the command has"));
        assertThat(entry.json().orElseThrow())
                .contains("\"outcome\":\"unproven\"")
                .contains("\"flag\":");
        assertThat(line.ledger.find(request.id()).orElseThrow().progress().success())
                .contains(false);
        assertThat(line.securityLog.tail(50))
                .anySatisfy(event -> assertThat(event.object()).isEqualTo(request.name()));
    }
}
