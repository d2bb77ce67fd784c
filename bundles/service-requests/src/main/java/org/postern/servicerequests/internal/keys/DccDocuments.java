package org.postern.servicerequests.internal.keys;

import java.util.Objects;
import org.postern.duis.DuisException;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisVerifier;
import org.postern.duis.VerifiedDuis;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;

/**
 * Reads documents of the DCC. A document must have exactly one valid signature, of a party that may sign this kind;
 * every other one is reported to the security log. Safe for use by several threads.
 */
public final class DccDocuments {

    /**
     * A document that is proven to be from the DCC.
     *
     * @param response the content
     * @param signer who signed it, EUI-64
     * @param content digest of its content without the signature
     */
    public record Proven(DuisResponse response, String signer, String content) {}

    private final DuisVerifier verifier;
    private final DccSigners signers;
    private final SecurityLog log;

    public DccDocuments(DuisVerifier verifier, DccSigners signers, SecurityLog log) {
        this.verifier = Objects.requireNonNull(verifier, "verifier");
        this.signers = Objects.requireNonNull(signers, "signers");
        this.log = Objects.requireNonNull(log, "log");
    }

    /**
     * Reads and verifies a document.
     *
     * @param from who delivered it, for the security log
     * @param channel the interface that received it, for the security log
     * @param about the object that it concerns, for the security log
     * @throws DccSigners.WrongSigner PST-2301 if the signer may not sign this kind
     * @throws DuisException if it cannot be read, or its signature is not valid
     */
    public Proven read(byte[] document, String from, String channel, String about) {
        try {
            VerifiedDuis<DuisResponse> verified = verifier.verifyResponse(document);
            return new Proven(verified.document(), signers.check(verified).toString(), verified.content());
        } catch (DccSigners.WrongSigner e) {
            log.append(new SecurityEvent.WrongSigner(from, channel, about, e.expected(), e.got()));
            throw e;
        } catch (DuisException e) {
            log.append(new SecurityEvent.SignatureInvalid(
                    from, channel, about, e.fault().code() + " " + e.fault().cause()));
            throw e;
        }
    }
}
