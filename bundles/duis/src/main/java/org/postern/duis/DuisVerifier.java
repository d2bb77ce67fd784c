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
 * Verifies signed documents on the exact bytes received, and only then says what they contain.
 *
 * <p>One pass makes the tree and the digest from the same events, so that no field can come from outside what was
 * signed. Accepted is the DUIS profile of XML signatures and nothing near it: exactly one signature, the last child of
 * the root, one Reference with an empty URI, pinned algorithms. Safe for many threads.
 */
public final class DuisVerifier {

    private static final int MOST_KEYS = 256;

    private final DocumentParser parser;
    private final SignerDirectory signers;
    private final EcProvider ec;
    /** Public keys in the provider's form: translating one costs as much as a verification. */
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
     *     PST-1022 not in its place, PST-1023 not the profile, PST-1024 unknown signer, PST-1025 content changed,
     *     PST-1026 signature false, PST-1027 unusable certificate
     */
    public VerifiedDuis<DuisRequest> verifyRequest(byte[] document) {
        return verify(document, RequestMapping::request, root -> "");
    }

    /**
     * Verifies a response or alert, and reads as much of it as is known here: what is well signed but of another
     * version is not refused, it becomes a {@link ResponseBody.UnreadMessage} or
     * {@link ResponsePayload.UnknownPayload}.
     *
     * <p>The content digest is made of the verified tree: names with their namespaces, attributes in order, text
     * without white space at its ends. Left out are the signature, so that the same signed anew is the same; the
     * prefixes; and Header/ResponseDateTime, so that the same sent anew is the same. Of a document with neither
     * RequestID nor ResponseID the date-time stays in, since nothing else tells two equal events apart.
     *
     * @throws DuisException PST-1010 to PST-1014 for what is no XML that is allowed, PST-1020 to PST-1027 as
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
                        "a certificate on record, valid now",
                        "no such issuer and serial number",
                        "import the certificate if it is genuine"));
        if (!MessageDigest.isEqual(signed.digest(), signature.digest())) {
            throw DuisException.of(
                    DuisFault.DIGEST_DIFFERS,
                    "Signature/DigestValue",
                    "the digest of the document",
                    "another digest",
                    "the document was changed after it was signed");
        }
        if (!ec.verify(key(signer), signature.value(), signed.signedInfo())) {
            throw DuisException.of(
                    DuisFault.SIGNATURE_WRONG,
                    "Signature/SignatureValue",
                    "made with the key of the certificate named",
                    "made with another, or changed",
                    "treat the document as forged");
        }
        return new VerifiedDuis<>(DocumentParser.read(signed.root(), mapping), signer, content.apply(signed.root()));
    }

    private PublicKey key(X509Certificate signer) {
        if (keys.size() > MOST_KEYS) {
            keys.clear();
        }
        try {
            return keys.computeIfAbsent(signer, ec::publicKey);
        } catch (EcException e) {
            throw DuisException.of(
                    DuisFault.SIGNER_KEY_UNUSABLE,
                    "Signature/KeyInfo",
                    "a certificate with a P-256 key",
                    "another key",
                    "remove the certificate from the records");
        }
    }
}
