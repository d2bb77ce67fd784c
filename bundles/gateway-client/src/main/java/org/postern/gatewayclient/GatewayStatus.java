package org.postern.gatewayclient;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.Fault;

/**
 * The state of the gateway client.
 *
 * @param baseUrl the address of the DCC
 * @param answered exchanges answered with a document, since start
 * @param refused exchanges answered with an HTTP status other than 2xx
 * @param inDoubt exchanges without a usable answer, whose request the DCC may have received
 * @param unreachable exchanges for which no connection could be opened
 * @param handshakes TLS connections opened; far fewer than exchanges, because connections are reused
 * @param lastAnswerAt when the DCC last answered
 * @param trouble the fault that prevents exchanges now: the last exchanges or the last probe failed, or the settings or
 *     key files are not valid; empty where there is none
 */
public record GatewayStatus(
        String baseUrl,
        long answered,
        long refused,
        long inDoubt,
        long unreachable,
        long handshakes,
        Optional<Instant> lastAnswerAt,
        Optional<Fault> trouble) {}
