package org.postern.duis;

import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.postern.duis.internal.ContentDigest;
import org.postern.duis.internal.DocumentParser;
import org.postern.duis.internal.RequestMapping;
import org.postern.duis.internal.ResponseMapping;
import org.postern.duis.internal.SignatureProfile;
import org.postern.duis.internal.SignedDocument;
import org.postern.ecprovider.EcException;
import org.postern.ecprovider.EcProvider;

/**
 * Verifies signed documents over the exact bytes received, and only then returns their content.
 *
 * <p>One pass creates the tree and the digest from the same events, so every field is covered by the signature. Only
 * the DUIS profile of XML signatures is accepted: exactly one signature, which is the last child of the root, one
 * Reference with an empty URI, and fixed algorithms. Thread-safe.
 */
public final class DuisVerifier {

    private static final int MAX_CACHED_KEYS = 256;

    private final DocumentParser parser;
    private final SignerDirectory signers;
    private final EcProvider ec;
    /** Public keys in the form of the provider: converting one costs as much as a verification. */
    private final Map<X509Certificate, PublicKey> keys = new ConcurrentHashMap<>();

    public DuisVerifier(DuisLimits limits, SignerDirectory signers, EcProvider ec) {
        this.parser = new DocumentParser(Objects.requireNonNull(limits, "limits"));
        this.signers = Objects.requireNonNull(signers, "signers");
        this.ec = Objects.requireNonNull(ec, "ec");
    }

    /**
     * Verifies a request.
     *
     * @throws DuisException PST-1010 to PST-1019 for the document, PST-1020 no signature, PST-1021 more than one,
     *     PST-1022 signature misplaced, PST-1023 other signature profile, PST-1024 unknown signer, PST-1025 content
     *     changed, PST-1026 signature wrong, PST-1027 unusable certificate
     */
    public VerifiedDuis<DuisRequest> verifyRequest(byte[] document) {
        return verify(document, RequestMapping::request, root -> "");
    }

    /**
     * Verifies a response or alert, and reads it as far as it can be interpreted. A document with a valid signature but
     * of another version is not refused; it is returned as {@link ResponseBody.UnreadMessage} or
     * {@link ResponsePayload.UnknownPayload}.
     *
     * <p>The content digest is computed from the verified tree: names with their namespaces, attributes in alphabetical
     * order, and text without leading and trailing white space. It excludes the signature, so that it does not change
     * when the same document is signed again; the prefixes; and Header/ResponseDateTime, so that it does not change
     * when the same document is sent again. For a document with neither RequestID nor ResponseID the date-time is
     * included, because nothing else distinguishes two equal events.
     *
     * @throws DuisException PST-1010 to PST-1014 where it is not permitted XML, PST-1020 to PST-1027 as
     *     {@link #verifyRequest(byte[])}
     */
    public VerifiedDuis<DuisResponse> verifyResponse(byte[] document) {
        return verify(document, ResponseMapping::known, ContentDigest::of);
    }

    private <T> VerifiedDuis<T> verify(
            byte[] document, Function<DuisElement, T> mapping, Function<DuisElement, String> content) {
        SignedDocument signed = parser.signed(document);
        SignatureProfile.Read signature = signed.signature();
        X509Certificate signer = signers.find(signature.issuer(), signature.serial())
                .orElseThrow(() -> DuisException.of(
                        DuisFault.UNKNOWN_SIGNER,
                        "Signature/KeyInfo",
                        "a known certificate that is valid now",
                        "there is none with this issuer and serial number",
                        "import the certificate if it is genuine"));
        if (!MessageDigest.isEqual(signed.digest(), signature.digest())) {
            throw DuisException.of(
                    DuisFault.DIGEST_DIFFERS,
                    "Signature/DigestValue",
                    "the digest of the signature is that of the document",
                    "the digests differ",
                    "treat the document as forged: it was changed after it was signed");
        }
        if (!ec.verify(key(signer), signature.value(), signed.signedInfo())) {
            throw DuisException.of(
                    DuisFault.SIGNATURE_WRONG,
                    "Signature/SignatureValue",
                    "created with the key of the named certificate",
                    "created with another key, or changed",
                    "treat the document as forged");
        }
        return new VerifiedDuis<>(DocumentParser.read(signed.root(), mapping), signer, content.apply(signed.root()));
    }

    private PublicKey key(X509Certificate signer) {
        if (keys.size() > MAX_CACHED_KEYS) {
            keys.clear();
        }
        try {
            return keys.computeIfAbsent(signer, ec::publicKey);
        } catch (EcException e) {
            throw DuisException.of(
                    DuisFault.SIGNER_KEY_UNUSABLE,
                    "Signature/KeyInfo",
                    "a certificate with a P-256 key",
                    "it has another key",
                    "remove the certificate from the certificate folder");
        }
    }
}
