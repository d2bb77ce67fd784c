package org.postern.hsm;

/** Operations on the key vault for operators. */
public interface VaultControl {

    /**
     * Reopens the vault with the keys and certificates that exist now, for example after a renewal. Returns
     * immediately; the vault is reopened asynchronously. The current vault stays in use where the new one cannot be
     * opened, or where a key does not belong to its certificate; the readiness check then reports this.
     */
    void reopen();
}
