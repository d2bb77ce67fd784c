package org.postern.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.postern.catalogue.CorrelationVerdict;

/**
 * Why a Pre-Command was signed, or was not: enough to check the verdict again years later, with the request's
 * documents.
 *
 * @param verdict whether it is what was asked for
 * @param ruleVersion rules of the correlation
 * @param useCase GBCS use case such as ECS43, with its message code; empty where none fits
 * @param deviceFacts the inventory's facts of the day, JSON
 * @param exchangedAt when the DCC answered
 * @param tolerance how far the DCC's build time might lie from the exchange
 * @param requestSha256 SHA-256 of our unsigned document
 * @param preCommandSha256 SHA-256 of the Pre-Command
 * @param excused JSON array of what the DCC might choose: path, position, value in hex, time, seconds from the exchange
 * @param differences JSON array of path, expected, got, rule; {@code []} where identical
 * @param signing who signed with what; empty where not signed
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

    /** Our signature over the Pre-Command, 64 bytes; empty where not signed. */
    public Optional<byte[]> signature() {
        return signing.map(Signing::signature);
    }

    /**
     * A use of a key on the strength of this verdict.
     *
     * @param signature 64 bytes, r and s
     * @param keyAlias alias in the vault
     * @param issuer issuer of the key's certificate, RFC 2253
     * @param serial its serial number, decimal
     * @param certificate the certificate, DER; empty for what was signed before certificates were kept
     * @param at when the proof was consumed
     */
    public record Signing(
            byte[] signature, String keyAlias, String issuer, String serial, byte[] certificate, Instant at) {}
}
