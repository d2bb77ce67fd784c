package org.postern.gatewayclient;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.Fault;

/**
 * How the gateway client is doing.
 *
 * @param baseUrl where the DCC is
 * @param answered exchanges with an answer, since start
 * @param refused exchanges with an HTTP status that is no answer
 * @param inDoubt exchanges of which the DCC may know
 * @param unreachable exchanges that never left
 * @param handshakes TLS connections opened; few, if connections are reused as they should be
 * @param lastAnswerAt when the DCC last answered
 * @param trouble why no exchange is possible now, as far as is known: the last exchanges or the last probe failed, or
 *     settings or key files are wrong; empty where all is well
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
