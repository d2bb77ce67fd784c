package org.postern.hsm;

/** Notified of every use of a key before its result is returned. Called on the thread of the caller, concurrently. */
public interface KeyUseListener {

    /**
     * The operation succeeded and its result is about to be returned. Return only when the record is durable: where
     * this throws, the result is withheld and the caller gets {@link KeyVaultException.Kind#NOT_LOGGED}.
     */
    void beforeRelease(KeyUse use);

    /**
     * The operation was refused or failed. An exception from this method is ignored, because no result is returned
     * anyway.
     */
    void refused(KeyUse use, KeyVaultException why);
}
