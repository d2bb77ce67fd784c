package org.postern.hsm;

/** What an operator may ask of the key vault. */
public interface VaultControl {

    /**
     * Opens the vault anew with the keys and certificates that are there now, for instance after a renewal; returns at
     * once. The vault that is open stays in use where the new one cannot be opened or a key is not its certificate's;
     * readiness says so.
     */
    void reopen();
}
