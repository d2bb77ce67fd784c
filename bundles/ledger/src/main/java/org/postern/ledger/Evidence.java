package org.postern.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * Why a Pre-Command was signed, or was not: enough to check the verdict again years later, with the request's documents.
 *
 * @param verdict       {@code identical} or {@code different}
 * @param ruleVersion   rules of the correlation
 * @param deviceFacts   the inventory's facts of the day, JSON
 * @param exchangedAt   when the DCC answered
 * @param requestSha256 SHA-256 of our unsigned document
 * @param preCommandSha256 SHA-256 of the Pre-Command
 * @param differences   JSON array of path, expected, got, rule; {@code []} where identical
 * @param signature     our signature over the Pre-Command, 64 bytes; empty where not signed
 */
public record Evidence(String verdict, String ruleVersion, String deviceFacts, Instant exchangedAt, String requestSha256,
        String preCommandSha256, String differences, Optional<byte[]> signature) {
}
