package org.postern.servicerequests.internal.keys;

import java.util.Objects;
import org.postern.duis.DuisException;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisVerifier;
import org.postern.duis.VerifiedDuis;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;

/**
 * Reads documents of the DCC: exactly one good signature, of a party that may sign this kind. The security log hears of
 * every other one. Safe for many threads.
 */
public final class DccDocuments {

    /**
     * A document that is proven to be the DCC's.
     *
     * @param response what it says
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
     * Reads and proves a document.
     *
     * @param from who handed it to us, for the security log
     * @param door where it came in
     * @param about what it is given as
     * @throws DccSigners.WrongSigner PST-2301 where the signer may not sign this kind
     * @throws DuisException where it cannot be read, or its signature is not good
     */
    public Proven read(byte[] document, String from, String door, String about) {
        try {
            VerifiedDuis<DuisResponse> verified = verifier.verifyResponse(document);
            return new Proven(verified.document(), signers.check(verified).toString(), verified.content());
        } catch (DccSigners.WrongSigner e) {
            log.append(new SecurityEvent.WrongSigner(from, door, about, e.expected(), e.got()));
            throw e;
        } catch (DuisException e) {
            log.append(new SecurityEvent.SignatureInvalid(
                    from, door, about, e.fault().code() + " " + e.fault().cause()));
            throw e;
        }
    }
}
