package org.postern.duis;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.postern.duis.internal.SignatureProfile;

/**
 * Signs documents according to the DUIS profile of XML signatures: an enveloped signature as the last child of the
 * root, one Reference to the whole document with only the enveloped transform (hence a digest over inclusive Canonical
 * XML), SignedInfo in exclusive canonical form, ECDSA P-256 with SHA-256, the certificate identified by issuer and
 * serial number.
 *
 * <p>A {@link CanonicalDuis} is already in canonical form and SignedInfo is a template, so the cost is that of the
 * operation with the key. The result must not be changed, not even its white space. Thread-safe if the key is.
 */
public final class DuisSigner {

    private final byte[] keyInfo;
    private final SignedInfoSigner key;

    /**
     * @param issuer issuer of the signing certificate
     * @param serial serial number of the signing certificate
     * @param key signs with the private key
     */
    public DuisSigner(X500Principal issuer, BigInteger serial, SignedInfoSigner key) {
        this.key = Objects.requireNonNull(key, "key");
        this.keyInfo = SignatureProfile.keyInfo(issuer.getName(X500Principal.RFC2253), serial);
    }

    /** A signer for this certificate. */
    public DuisSigner(X509Certificate certificate, SignedInfoSigner key) {
        this(certificate.getIssuerX500Principal(), certificate.getSerialNumber(), key);
    }

    /**
     * The document with its signature.
     *
     * @throws DuisException PST-1050 where the result of the key is not 64 bytes long; exceptions of the key are passed
     *     on
     */
    public byte[] sign(CanonicalDuis document) {
        byte[] bytes = document.shared();
        byte[] digest = Base64.getEncoder().encode(SignatureProfile.sha256(bytes, document.length()));
        byte[] raw = key.sign(SignatureProfile.signedInfo(digest));
        if (raw == null || raw.length != SignatureProfile.SIGNATURE_BYTES) {
            throw DuisException.of(
                    DuisFault.SIGNER_OUTPUT,
                    "Signature/SignatureValue",
                    "64 bytes, r then s",
                    "the key returned another length",
                    "check that the alias is a P-256 key");
        }
        int end = document.length() - 1;
        while (bytes[end] != '<') {
            end--;
        }
        return SignatureProfile.signed(
                bytes, document.length(), end, digest, Base64.getEncoder().encode(raw), keyInfo);
    }

    /** Names the certificate, for messages. */
    @Override
    public String toString() {
        return "DuisSigner["
                + new String(keyInfo, StandardCharsets.UTF_8)
                        .replaceAll("<[^>]*>", " ")
                        .strip() + "]";
    }
}
