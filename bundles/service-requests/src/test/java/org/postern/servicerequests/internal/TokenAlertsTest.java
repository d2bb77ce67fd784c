package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.UserRole;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.CallbackVerdict;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpOrder;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;

/**
 * What an electricity meter says of a token by a Device Alert, which names neither token nor counter (GBCS 16.2), and
 * what becomes of the top-up that it is about.
 */
class TokenAlertsTest extends OnFullLifeCycle {

    private static final int USED_BEFORE = 0x8F51;
    private static final int NOT_GENUINE = 0x8F63;
    private static final Eui64 SUPPLIER = SimulatorPki.user(UserRole.IS);
    private DeviceMessages device;

    @BeforeEach
    void onlyOurDeviceSpeaks() {
        device = new DeviceMessages(pki);
        line.simulator.faults().add(FaultRule.parse("drop-callback"));
    }

    private Eui64 meter() {
        return line.simulator.population().devices(DeviceType.ESME).get(0).deviceId();
    }

    /** A top-up that is on its way to the meter. */
    private Admission.Accepted sent() throws InterruptedException {
        Admission admission = line.line.topUp(new TopUpOrder(
                Channel.CONSOLE, "IS", meter(), TopUpAmount.of("10"), Optional.empty(), Optional.of("c1"), "clerk"));
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        line.await(((Admission.Accepted) admission).id(), RequestState.ACKNOWLEDGED);
        return (Admission.Accepted) admission;
    }

    private OutboxEntry received(byte[] document) throws Exception {
        int before = line.deliveredIds.size();
        assertThat(line.line.receive(document, "CN=dcc")).isInstanceOf(CallbackVerdict.Stored.class);
        Await.until("delivered", Duration.ofSeconds(30), () -> line.deliveredIds.size() > before);
        assertThat(line.deliveredIds).hasSize(before + 1);
        return line.ledger.delivery(line.deliveredIds.get(before)).orElseThrow();
    }

    private OutboxEntry alert(int code, Instant time) throws Exception {
        return received(device.alert(meter(), SUPPLIER, code, time));
    }

    private OutboxEntry answered(Admission.Accepted topUp, int result) throws Exception {
        return received(device.tokenAnswer(RequestId.parse(topUp.requestId()), result));
    }

    private List<String> remarks(Admission.Accepted topUp) {
        return line.ledger.remarks(topUp.id()).stream()
                .map(remark -> remark.text())
                .toList();
    }

    @Test
    void theAlertNamesItsTopUpAndThatNoActionIsNeeded() throws Exception {
        Admission.Accepted topUp = sent();
        OutboxEntry alert = alert(USED_BEFORE, Instant.now());
        assertThat(alert.headers())
                .containsEntry("outcome", "alert")
                .containsEntry("alertCode", "8F51")
                .containsEntry("request", topUp.id())
                .containsEntry("requestId", topUp.requestId())
                .hasEntrySatisfying("told", told -> assertThat(told).contains("has received this token before"))
                .hasEntrySatisfying("advice", advice -> assertThat(advice).contains("a second token"));
        assertThat(remarks(topUp))
                .anySatisfy(remark -> assertThat(remark)
                        .startsWith("Device Alert 8F51 of ")
                        .contains("has received this token before"));
    }

    @Test
    void aRefusalThatTheAlertExplainsIsAlreadyCreditedWithoutADoubt() throws Exception {
        Admission.Accepted topUp = sent();
        alert(USED_BEFORE, Instant.now());
        assertThat(answered(topUp, 3).headers())
                .containsEntry("outcome", "already-credited")
                .doesNotContainKey("flag")
                .hasEntrySatisfying(
                        "told", told -> assertThat(told).contains("result 3").contains("Device Alert 8F51"))
                .hasEntrySatisfying("advice", advice -> assertThat(advice).contains("no action is needed"));
    }

    // a number that is in no table: only the alert gives the reason, and it names no token
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 11, 12, 250})
    void aRefusalByAnotherNumberIsAlreadyCreditedByTheAlertWithAFlag(int result) throws Exception {
        Admission.Accepted topUp = sent();
        alert(USED_BEFORE, Instant.now());
        assertThat(answered(topUp, result).headers())
                .containsEntry("outcome", "already-credited")
                .containsEntry("topUpResult", Integer.toString(result))
                .hasEntrySatisfying("flag", flag -> assertThat(flag).contains("balance confirms it"))
                .hasEntrySatisfying("advice", advice -> assertThat(advice).contains("a second token"));
        assertThat(line.ledger.find(topUp.id()).orElseThrow().progress().success())
                .contains(true);
    }

    @Test
    void withoutTheAlertAnotherNumberIsAFailure() throws Exception {
        assertThat(answered(sent(), 11).headers())
                .containsEntry("outcome", "failed")
                .hasEntrySatisfying("advice", advice -> assertThat(advice).contains("a second token"));
    }

    @Test
    void aTokenThatIsNotGenuineIsNotCreditedWhateverTheNumber() throws Exception {
        Admission.Accepted topUp = sent();
        assertThat(alert(NOT_GENUINE, Instant.now()).headers()).containsEntry("request", topUp.id());
        assertThat(answered(topUp, 3).headers())
                .containsEntry("outcome", "failed")
                .hasEntrySatisfying("flag", flag -> assertThat(flag).contains("Device Alert 8F63"));
    }

    @Test
    void anAlertAboutAnotherTokenDoesNotChangeTheMeaningOfTheAnswer() throws Exception {
        Admission.Accepted topUp = sent();
        alert(NOT_GENUINE, Instant.now());
        assertThat(answered(topUp, 3).headers())
                .hasEntrySatisfying("flag", flag -> assertThat(flag).contains("perhaps credited already"));
    }

    @Test
    void aLaterAlertAboutAnotherTokenDoesNotReplaceTheAlert() throws Exception {
        Admission.Accepted topUp = sent();
        alert(USED_BEFORE, Instant.now());
        alert(NOT_GENUINE, Instant.now());
        assertThat(answered(topUp, 3).headers()).containsEntry("outcome", "already-credited");
    }

    @Test
    void theAlertAfterTheAnswerIsNotedBesideTheTopUp() throws Exception {
        Admission.Accepted topUp = sent();
        assertThat(answered(topUp, 11).headers()).containsEntry("outcome", "failed");
        assertThat(alert(USED_BEFORE, Instant.now()).headers()).containsEntry("request", topUp.id());
        assertThat(remarks(topUp)).anySatisfy(remark -> assertThat(remark).startsWith("Device Alert 8F51 of "));
    }

    @Test
    void aSuccessStaysOne() throws Exception {
        Admission.Accepted topUp = sent();
        alert(USED_BEFORE, Instant.now());
        assertThat(answered(topUp, 0).headers()).containsEntry("outcome", "success");
    }

    @Test
    void whatHappenedBeforeTheTopUpWasSentIsNotAboutIt() throws Exception {
        Admission.Accepted topUp = sent();
        OutboxEntry alert = alert(USED_BEFORE, Instant.now().minusSeconds(600));
        assertThat(alert.headers())
                .doesNotContainKey("request")
                .hasEntrySatisfying("advice", advice -> assertThat(advice).contains("a second token"));
        assertThat(answered(topUp, 11).headers()).containsEntry("outcome", "failed");
    }

    @Test
    void alertsOfAnotherMeterOrToAnotherUserAreNotAssigned() throws Exception {
        Admission.Accepted topUp = sent();
        Eui64 other =
                line.simulator.population().devices(DeviceType.ESME).get(1).deviceId();
        assertThat(received(device.alert(other, SUPPLIER, USED_BEFORE, Instant.now()))
                        .headers())
                .doesNotContainKey("request");
        Eui64 distributor = SimulatorPki.user(UserRole.ED);
        assertThat(received(device.alert(meter(), distributor, USED_BEFORE, Instant.now()))
                        .headers())
                .doesNotContainKey("request");
        assertThat(answered(topUp, 11).headers()).containsEntry("outcome", "failed");
    }

    @Test
    void keyingInThatIsLockedIsAboutNoTopUp() throws Exception {
        Admission.Accepted topUp = sent();
        assertThat(alert(0x81C5, Instant.now()).headers())
                .doesNotContainKey("request")
                .containsKey("told");
        assertThat(answered(topUp, 3).headers())
                .containsEntry("outcome", "failed")
                .hasEntrySatisfying("flag", flag -> assertThat(flag).startsWith("perhaps credited already"))
                .hasEntrySatisfying("advice", advice -> assertThat(advice).contains("a second token"));
        assertThat(line.ledger.find(topUp.id()).orElseThrow().progress().success())
                .contains(false);
    }

    @Test
    void itStandsAfterARestart() throws Exception {
        Admission.Accepted topUp = sent();
        alert(USED_BEFORE, Instant.now());
        line.restart();
        assertThat(answered(topUp, 3).headers())
                .containsEntry("outcome", "already-credited")
                .doesNotContainKey("flag");
    }
}
