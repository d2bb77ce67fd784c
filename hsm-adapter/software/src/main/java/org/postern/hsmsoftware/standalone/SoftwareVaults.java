package org.postern.hsmsoftware.standalone;

import java.nio.file.Path;
import java.util.List;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.ProofAuthority;
import org.postern.hsmsoftware.internal.SoftwareKeyVault;

/** Key vaults with keys in PKCS#12 files; never for production. */
public final class SoftwareVaults {

    private SoftwareVaults() {}

    /**
     * Opens a vault, which applies the rules of every vault.
     *
     * @param keyStore a PKCS#12 file, or a folder of which all .p12 files are read
     * @param passwordFile the common password of the key files and their entries
     * @param keys one text for each key: {@code alias=PURPOSE:entry name:EUI}
     * @param authority checks the proofs of Pre-Commands
     * @param listener notified of every use of a key before its result is returned
     * @throws KeyVaultException NOT_FOR_PRODUCTION where the system property {@code postern.production} is true, and
     *     further kinds for unsuitable files and keys
     */
    public static KeyVault open(
            Path keyStore,
            Path passwordFile,
            List<String> keys,
            ProofAuthority authority,
            KeyUseListener listener,
            EcProvider ec) {
        return new SoftwareKeyVault(
                new SoftwareKeyVault.Settings(false, keyStore.toString(), passwordFile.toString(), keys),
                authority,
                listener,
                ec);
    }
}
