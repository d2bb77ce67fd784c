package org.postern.servicerequests.internal.keys;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.duis.DuisSigner;
import org.postern.hsm.KeyVault;

/** Caches one signer for each XML signing key of the vault; the key itself stays in the vault. */
public final class VaultSigners {

    private final KeyVault vault;
    private final Map<String, DuisSigner> signers = new ConcurrentHashMap<>();

    public VaultSigners(KeyVault vault) {
        this.vault = Objects.requireNonNull(vault, "vault");
    }

    /**
     * The signer of that key.
     *
     * @throws org.postern.hsm.KeyVaultException if there is no such key, now or when signing
     */
    public DuisSigner of(String alias) {
        return signers.computeIfAbsent(
                alias, name -> new DuisSigner(vault.certificate(name), signedInfo -> vault.signXml(name, signedInfo)));
    }
}
