package org.postern.servicerequests.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeliveryKind;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.ledger.OutboxEntry;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Transition;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;
import org.postern.simulator.dcc.FaultRule;
import org.postern.simulator.pki.SimulatorPki;

/**
 * Commands for delivery on site (DUIS, Command Variants): variants 2 and 3 of non-critical, 6 and 7 of critical
 * services.
 */
class LocalDeliveryTest extends OnFullLifeCycle {

    private Eui64 meter() {
        return line.simulator.population().devices(DeviceType.ESME).get(0).deviceId();
    }

    private Admission admit(Submission.Format format, String text) {
        return line.line.admit(new Submission(
                Channel.JMS,
                format,
                text.getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "crm"));
    }

    private String accepted(String service, String delivery) {
        Admission admission = admit(
                Submission.Format.JSON,
                "{\"service\":\"" + service + "\",\"device\":\"" + meter().dashed()
                        + "\",\"role\":\"IS\",\"delivery\":\"" + delivery + "\"}");
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        return ((Admission.Accepted) admission).id();
    }

    private List<RequestState> path(String id) {
        return line.ledger.path(id).stream().map(Transition::to).toList();
    }

    private OutboxEntry localCommand(String id) {
        return line.deliveries(id).stream()
                .filter(entry -> entry.kind().equals(DeliveryKind.LOCAL_COMMAND))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCriticalCommandForTheSiteIsCorrelatedSignedHandedOutAndClosedByTheAnswerFromTheSite() throws Exception {
        String id = accepted("7.1", "local");
        RequestRecord handedOut = line.await(
                id, RequestState.HANDED_OUT, RequestState.NOT_CORRELATED, RequestState.REFUSED, RequestState.RESPONDED);
        assertThat(handedOut.state()).as(handedOut.progress().cause()).isEqualTo(RequestState.HANDED_OUT);
        assertThat(path(id))
                .containsSubsequence(
                        RequestState.TRANSFORM_SENT,
                        RequestState.CORRELATED,
                        RequestState.COMMAND_SIGNED,
                        RequestState.SENT,
                        RequestState.HANDED_OUT);
        assertThat(handedOut.sending().endpoint()).contains(ServiceEndpoint.NON_DEVICE);
        assertThat(handedOut.target().variant()).contains(CommandVariant.CV6);
        assertThat(new String(
                        line.ledger.documents(id).orElseThrow().transformWire().orElseThrow(), StandardCharsets.UTF_8))
                .contains("CommandVariant>4<");
        assertThat(new String(line.ledger.documents(id).orElseThrow().wire().orElseThrow(), StandardCharsets.UTF_8))
                .contains("CommandVariant>6<", "SignedPreCommand");
        assertThat(localCommand(id).json())
                .hasValueSatisfying(json -> assertThat(json).contains("LocalCommand"));

        byte[] answer = new DeviceMessages(pki)
                .actionDone(handedOut.requestId().orElseThrow().toString(), 0x004F);
        Admission returning = admit(
                Submission.Format.JSON,
                "{\"service\":\"8.13\",\"role\":\"IS\",\"body\":{\"OriginalRequestID\":\""
                        + handedOut.requestId().orElseThrow() + "\",\"DeviceGBCSResponse\":\""
                        + Base64.getEncoder().encodeToString(answer) + "\"}}");
        assertThat(returning).isInstanceOf(Admission.Accepted.class);
        assertThat(line.await(((Admission.Accepted) returning).id(), RequestState.DELIVERED)
                        .state())
                .isEqualTo(RequestState.DELIVERED);
        RequestRecord closed = line.await(id, RequestState.DELIVERED);
        assertThat(closed.state()).as(closed.progress().cause()).isEqualTo(RequestState.DELIVERED);
        assertThat(closed.progress().success()).contains(true);
        assertThat(line.deliveries(id))
                .filteredOn(entry -> entry.kind().equals(DeliveryKind.RESULT))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", "success")
                        .containsEntry("returnedBy", ((Admission.Accepted) returning).requestId())
                        .containsEntry("authenticated", "yes")
                        .containsEntry("useCase", "ECS42")
                        .doesNotContainKey("flag"));
    }

    @Test
    void anAnswerFromTheSiteThatIsNotTheDevicesIsDeliveredUnproven() throws Exception {
        String id = accepted("7.1", "local");
        RequestRecord handedOut = line.await(id, RequestState.HANDED_OUT);
        byte[] forged = new DeviceMessages(pki)
                .actionDone(handedOut.requestId().orElseThrow().toString(), 0x004F);
        forged[forged.length - 1] ^= 1;
        admit(
                Submission.Format.JSON,
                "{\"service\":\"8.13\",\"role\":\"IS\",\"body\":{\"OriginalRequestID\":\""
                        + handedOut.requestId().orElseThrow() + "\",\"DeviceGBCSResponse\":\""
                        + Base64.getEncoder().encodeToString(forged) + "\"}}");
        assertThat(line.await(id, RequestState.DELIVERED).progress().success()).contains(false);
        assertThat(line.deliveries(id))
                .filteredOn(entry -> entry.kind().equals(DeliveryKind.RESULT))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", "unproven")
                        .hasEntrySatisfying("flag", flag -> assertThat(flag).startsWith("signature invalid")));
    }

    @Test
    void anUnprovenAnswerFromTheSiteToWhatIsUnknownIsDeliveredAndEndsNothing() throws Exception {
        line.simulator.faults().add(FaultRule.parse("error-code E21 service=4.1.1 times=1"));
        String id = accepted("4.1.1", "local");
        RequestRecord unknown = line.await(id, RequestState.UNKNOWN, RequestState.HANDED_OUT);
        assertThat(unknown.state()).as(unknown.progress().cause()).isEqualTo(RequestState.UNKNOWN);
        byte[] other = new DeviceMessages(pki)
                .actionDone(unknown.requestId().orElseThrow().toString(), 0x004F);
        Admission returning = admit(
                Submission.Format.JSON,
                "{\"service\":\"8.13\",\"role\":\"IS\",\"body\":{\"OriginalRequestID\":\""
                        + unknown.requestId().orElseThrow() + "\",\"DeviceGBCSResponse\":\""
                        + Base64.getEncoder().encodeToString(other) + "\"}}");
        line.await(((Admission.Accepted) returning).id(), RequestState.DELIVERED);
        assertThat(line.ledger.find(id).orElseThrow().state()).isEqualTo(RequestState.UNKNOWN);
        assertThat(line.ledger.remarks(id))
                .anySatisfy(remark -> assertThat(remark.text()).contains("not counted"));
        assertThat(line.deliveries(id))
                .filteredOn(entry -> entry.headers().containsKey("returnedBy"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.headers())
                        .containsEntry("outcome", "unproven")
                        .containsKey("flag"));
    }

    @Test
    void aCriticalCommandForBothDeliveriesIsReturnedAndAnsweredOverTheWan() throws Exception {
        String id = accepted("7.1", "both");
        RequestRecord end =
                line.await(id, RequestState.DELIVERED, RequestState.NOT_CORRELATED, RequestState.HANDED_OUT);
        assertThat(end.state()).as(end.progress().cause()).isEqualTo(RequestState.DELIVERED);
        assertThat(path(id))
                .contains(RequestState.ACKNOWLEDGED, RequestState.RESPONDED)
                .doesNotContain(RequestState.HANDED_OUT);
        assertThat(new String(line.ledger.documents(id).orElseThrow().wire().orElseThrow(), StandardCharsets.UTF_8))
                .contains("CommandVariant>7<");
        assertThat(line.deliveries(id))
                .extracting(OutboxEntry::kind)
                .containsExactlyInAnyOrder(DeliveryKind.LOCAL_COMMAND, DeliveryKind.RESULT);
    }

    @Test
    void aReadForLocalDeliveryIsReturnedAndForBothAlsoAnswered() throws Exception {
        String local = accepted("4.1.1", "local");
        assertThat(line.await(local, RequestState.HANDED_OUT, RequestState.REFUSED)
                        .state())
                .isEqualTo(RequestState.HANDED_OUT);
        assertThat(localCommand(local).body()).isNotEmpty();
        String both = accepted("4.1.1", "both");
        assertThat(line.await(both, RequestState.DELIVERED, RequestState.HANDED_OUT)
                        .state())
                .isEqualTo(RequestState.DELIVERED);
        assertThat(line.deliveries(both))
                .extracting(OutboxEntry::kind)
                .containsExactlyInAnyOrder(DeliveryKind.LOCAL_COMMAND, DeliveryKind.RESULT);
    }

    // in XML the wish is the Command Variant of the Signed Pre-Command
    @Test
    void inXmlTheVariantOfTheSignedPreCommandIsTheWish() throws Exception {
        String xml = "<sr:Request xmlns:sr=\"http://www.dccinterface.co.uk/ServiceUserGateway\""
                + " schemaVersion=\"5.4\"><sr:Header><sr:RequestID>"
                + SimulatorPki.user(UserRole.IS).dashed() + ":" + meter().dashed()
                + ":1</sr:RequestID><sr:CommandVariant>6</sr:CommandVariant>"
                + "<sr:ServiceReference>7.1</sr:ServiceReference><sr:ServiceReferenceVariant>7.1</sr:ServiceReferenceVariant></sr:Header>"
                + "<sr:Body><sr:EnableSupply/></sr:Body></sr:Request>";
        Admission admission = admit(Submission.Format.XML, xml);
        assertThat(admission).isInstanceOf(Admission.Accepted.class);
        assertThat(line.await(((Admission.Accepted) admission).id(), RequestState.HANDED_OUT)
                        .state())
                .isEqualTo(RequestState.HANDED_OUT);
    }

    @Test
    void aLocalCommandCannotBeFutureDatedAndIsNotPossibleForEveryService() {
        String device = "\"device\":\"" + meter().dashed() + "\",\"role\":\"IS\"";
        assertThat(
                        refused(
                                "{\"service\":\"1.6\"," + device
                                        + ",\"delivery\":\"local\",\"body\":{\"ExecutionDateTime\":\"2099-01-01T00:00:00.00Z\",\"Credit\":{}}}"))
                .isEqualTo("PST-2163 Body/UpdatePaymentMode/ExecutionDateTime");
        assertThat(refused("{\"service\":\"8.2\",\"role\":\"IS\",\"delivery\":\"local\",\"body\":{}}"))
                .endsWith("delivery");
        assertThat(refused("{\"service\":\"7.1\"," + device + ",\"delivery\":\"by post\"}"))
                .endsWith("delivery");
        assertThat(refused("{\"service\":\"4.1.1\"," + device + ",\"delivery\":\"wan\",\"commandVariant\":1}"))
                .endsWith("delivery");
        assertThat(refused("{\"service\":\"6.23\"," + device + ",\"delivery\":\"local\"}"))
                .endsWith("delivery");
    }

    private String refused(String json) {
        Admission admission = admit(Submission.Format.JSON, json);
        assertThat(admission).as(json).isInstanceOf(Admission.Refused.class);
        return ((Admission.Refused) admission).fault().code() + " "
                + ((Admission.Refused) admission).fault().field();
    }
}
