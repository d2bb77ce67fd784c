package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.TlsFiles;

/** Which certificates the gateway and the DCC accept, and how a refusal is reported. */
class GatewayTlsTest extends GatewayFixture {

    @Test
    void aClientCertificateOfAnotherAuthorityIsRefused() throws Exception {
        ScriptedDcc server = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        TlsFiles stranger = new TestCertificates(folder, "other").member("stranger", authority);
        Exchange exchange = gateway(
                        settings(server.port(), stranger, Duration.ofSeconds(10), 1, 1 << 20, true, "localhost"))
                .post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST);
        assertThat(exchange).isNotInstanceOfAny(Exchange.Answered.class, Exchange.Refused.class);
        assertThat(server.bodies).isEmpty();
    }

    @Test
    void theHostNameIsCheckedUnlessConfiguredOtherwise() throws Exception {
        dcc = authority.member("elsewhere", authority, "dcc.example");
        ScriptedDcc server = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        assertThat(gateway(server.port()).post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Unreachable.class);
        assertThat(gateway(settings(server.port(), ours, Duration.ofSeconds(10), 1, 1 << 20, false, "localhost"))
                        .post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
    }

    @Test
    void aRefusedCertificateIsNamedWhicheverSideRefusesIt() throws Exception {
        ScriptedDcc server = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        TlsFiles suspicious = authority.member("suspicious", new TestCertificates(folder, "other"));
        HttpsGateway refusing =
                gateway(settings(server.port(), suspicious, Duration.ofSeconds(10), 1, 1 << 20, true, "localhost"));
        assertThat(reason(refusing.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST)))
                .contains("we refuse the DCC's certificate CN=dcc serial");
        assertThat(refusing.refusedCertificates()).isPositive();
        TlsFiles stranger = new TestCertificates(folder, "third").member("stranger", authority);
        HttpsGateway refused =
                gateway(settings(server.port(), stranger, Duration.ofSeconds(10), 1, 1 << 20, true, "localhost"));
        assertThat(reason(refused.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST)))
                .contains("the DCC refuses our certificate CN=stranger serial");
        refused.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST);
        assertThat(refused.status().trouble())
                .hasValueSatisfying(fault -> assertThat(fault.cause()).contains("CN=stranger serial"));
        refused.probe(Duration.ZERO);
        assertThat(refused.status().trouble())
                .as("the probe detects the refusal")
                .isPresent();
    }

    private static String reason(Exchange exchange) {
        return exchange.fold(a -> "answered", r -> "refused", Exchange.InDoubt::reason, Exchange.Unreachable::reason);
    }
}
