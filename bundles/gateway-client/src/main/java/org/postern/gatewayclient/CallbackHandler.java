package org.postern.gatewayclient;

/**
 * Handles the documents that the DCC posts to Receive Response. The HTTP answer is sent after this method has returned:
 * a document has to be stored durably before it returns {@link Receipt#TAKEN}, because the DCC may not send it again.
 */
@FunctionalInterface
public interface CallbackHandler {

    /** The handler's decision, which determines the HTTP answer. */
    enum Receipt {
        /** The document is stored durably, or was received before: the configured acknowledgement, by default 204. */
        TAKEN,
        /**
         * The document is not acceptable (schema, signature, signer, structure): 400. The DCC may nevertheless send it
         * again.
         */
        BAD,
        /** The document cannot be stored now (ledger, log or capacity): 503. The DCC has to send it again. */
        BUSY
    }

    /**
     * Handles one document. Called by many threads concurrently; an exception counts as {@link Receipt#BUSY}.
     *
     * @param document the exact bytes received, not checked yet
     * @param peerCertificate subject of the TLS client certificate, for the security log
     */
    Receipt receive(byte[] document, String peerCertificate);
}
