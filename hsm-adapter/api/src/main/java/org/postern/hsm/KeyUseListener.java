package org.postern.hsm;

/**
 * Told of every use of a key before its result is given away. Called on the caller's thread, by many threads at once.
 */
public interface KeyUseListener {

    /**
     * The operation was done and its result is about to be returned. Return only when the record is durable: where this
     * throws, the result is withheld and the caller gets {@link KeyVaultException.Kind#NOT_LOGGED}.
     */
    void beforeRelease(KeyUse use);

    /** The operation was refused or failed. What this throws is ignored, since nothing was given away. */
    void refused(KeyUse use, KeyVaultException why);
}
