package org.postern.gatewayclient;

/**
 * Takes what the DCC hands to Receive Response. The HTTP answer waits for this method: whatever it has not made durable
 * when it returns {@link Receipt#TAKEN} is lost with the process.
 */
@FunctionalInterface
public interface CallbackHandler {

    /** The handler's decision, which determines the HTTP answer. */
    enum Receipt {
        /** Durably taken, or known already: the configured acknowledgement, by default 204. */
        TAKEN,
        /**
         * Not a document that we accept (schema, signature, signer, structure): 400. The DCC may send it again all the
         * same.
         */
        BAD,
        /** Cannot be taken now (ledger, log or capacity): 503. The DCC is to send it again. */
        BUSY
    }

    /**
     * Takes one document. Called by many threads at once; an exception counts as {@link Receipt#BUSY}.
     *
     * @param document the exact bytes received, not yet looked at
     * @param peerCertificate subject of the TLS client certificate, for the security log
     */
    Receipt receive(byte[] document, String peerCertificate);
}
