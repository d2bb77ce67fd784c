package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.ledger.Change;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.simulator.dcc.FaultRule;

/** A cached record of a request that another node has changed in the ledger. */
class StaleRecordTest extends OnFullLifeCycle {

    private String admitted() {
        String json = "{\"service\":\"4.1.1\",\"device\":\""
                + line.simulator
                        .population()
                        .devices(DeviceType.ESME)
                        .get(0)
                        .deviceId()
                        .dashed() + "\",\"role\":\"IS\"}";
        return ((Admission.Accepted) line.line.admit(new Submission(
                        Channel.HTTP,
                        Submission.Format.JSON,
                        json.getBytes(StandardCharsets.UTF_8),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "http")))
                .id();
    }

    @Test
    void whatAnotherNodeHasWithdrawnIsNotSent() {
        line.paused = true;
        String id = admitted();
        assertThat(line.ledger.apply(Change.of(id).from(RequestState.ADMITTED).to(RequestState.CANCELLED, "elsewhere")))
                .isTrue();
        line.line.step(id);
        assertThat(line.ledger.find(id).orElseThrow().state()).isEqualTo(RequestState.CANCELLED);
        assertThat(line.ledger.documents(id).orElseThrow().wire()).isEmpty();
        assertThat(line.simulator.recorder().count("received")).isZero();
    }

    @Test
    void anAnswerCountsForWhatAnotherNodeHasCalledOverdue() throws Exception {
        line.simulator.faults().add(FaultRule.parse("delay-callback times=1 1500"));
        String id = admitted();
        RequestRecord acknowledged = line.await(id, RequestState.ACKNOWLEDGED);
        assertThat(acknowledged.state()).isEqualTo(RequestState.ACKNOWLEDGED);
        assertThat(line.ledger.apply(
                        Change.of(id).from(RequestState.ACKNOWLEDGED).to(RequestState.OVERDUE, "elsewhere")))
                .isTrue();
        assertThat(line.await(id, RequestState.DELIVERED).state()).isEqualTo(RequestState.DELIVERED);
        assertThat(line.ledger.path(id))
                .extracting(step -> step.to())
                .endsWith(RequestState.OVERDUE, RequestState.RESPONDED, RequestState.DELIVERED);
    }
}
