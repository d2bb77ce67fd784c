package org.postern.hsmsoftware.standalone;

import java.nio.file.Path;
import java.util.List;
import org.postern.ecprovider.EcProvider;
import org.postern.hsm.KeyUseListener;
import org.postern.hsm.KeyVault;
import org.postern.hsm.KeyVaultException;
import org.postern.hsm.ProofAuthority;
import org.postern.hsmsoftware.internal.SoftwareKeyVault;

/** Key vaults over PKCS#12 files, which are never for production. */
public final class SoftwareVaults {

    private SoftwareVaults() {}

    /**
     * Opens a vault with the rules of every vault.
     *
     * @param keyStore a PKCS#12 file, or a folder whose .p12 files are all read
     * @param passwordFile the one password of the key files and their entries
     * @param keys one text for each key: {@code alias=PURPOSE:entry name:EUI}
     * @param authority whose proofs it signs by
     * @param listener told of every use of a key before its result is given
     * @throws KeyVaultException NOT_FOR_PRODUCTION where the system property {@code postern.production} is true, and
     *     for files and keys that do not fit
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
