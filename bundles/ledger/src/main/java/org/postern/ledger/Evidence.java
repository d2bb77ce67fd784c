package org.postern.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.CorrelationVerdict;

/**
 * Why a Pre-Command was signed or was not. Together with the request's documents it is sufficient to repeat the
 * comparison years later.
 *
 * @param verdict whether the Pre-Command is what was requested
 * @param ruleVersion version of the correlation rules
 * @param useCase GBCS use case such as ECS43, with its message code; empty if none matches
 * @param deviceFacts what the inventory recorded about the device at that time, JSON
 * @param exchangedAt when the DCC returned the Pre-Command
 * @param tolerance the permitted difference between the time at which the DCC built the Pre-Command and the time of the
 *     exchange
 * @param requestSha256 SHA-256 of our unsigned document
 * @param preCommandSha256 SHA-256 of the Pre-Command
 * @param excused JSON array of the values that the DCC is free to choose: path, position, value in hex, time, seconds
 *     from the exchange
 * @param differences JSON array of path, expected, got, rule; {@code []} if identical
 * @param signing the signature with its key and certificate; empty if not signed
 */
public record Evidence(
        CorrelationVerdict verdict,
        String ruleVersion,
        String useCase,
        String deviceFacts,
        Instant exchangedAt,
        Duration tolerance,
        String requestSha256,
        String preCommandSha256,
        String excused,
        String differences,
        Optional<Signing> signing) {

    public Evidence {
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(signing, "signing");
    }

    /** Our signature over the Pre-Command, 64 bytes; empty if not signed. */
    public Optional<byte[]> signature() {
        return signing.map(Signing::signature);
    }

    /**
     * A signature that was made because of this result.
     *
     * @param signature 64 bytes, r and s
     * @param keyAlias alias in the vault
     * @param issuer issuer of the key's certificate, RFC 2253
     * @param serial its serial number, decimal
     * @param certificate the certificate, DER; empty for signatures made before certificates were stored
     * @param at when the correlation proof was used up
     */
    public record Signing(
            byte[] signature, String keyAlias, String issuer, String serial, byte[] certificate, Instant at) {}
}
