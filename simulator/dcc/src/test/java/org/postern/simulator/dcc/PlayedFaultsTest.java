package org.postern.simulator.dcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.simulator.pki.SimulatorPki;

/** Each kind of fault does what it is named after, and nothing else. */
class PlayedFaultsTest extends SocketSimulator {

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
}
