package org.postern.servicerequests.internal.keys;

import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.PartyKeys;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.CertificateUsage;
import org.postern.inventory.PartyCertificate;

/**
 * Provides the codec with keys from the vault and with certificates on record. Our own keys are found by their EUI
 * instead of a role's settings, so that outstanding answers can still be read after a role bundle has been removed.
 */
public final class VaultPartyKeys implements PartyKeys {

    private final KeyVault vault;
    private final CertificateDirectory certificates;
    private final Map<Eui64, String> agreementAliases = new ConcurrentHashMap<>();
    private final Map<Eui64, String> prepaymentAliases = new ConcurrentHashMap<>();

    public VaultPartyKeys(KeyVault vault, CertificateDirectory certificates) {
        this.vault = Objects.requireNonNull(vault, "vault");
        this.certificates = Objects.requireNonNull(certificates, "certificates");
        for (KeyEntry key : vault.keys()) {
            if (key.purpose() == KeyPurpose.KEY_AGREEMENT) {
                agreementAliases.putIfAbsent(key.eui(), key.alias());
            } else if (key.purpose() == KeyPurpose.PREPAYMENT_KEY_AGREEMENT) {
                prepaymentAliases.putIfAbsent(key.eui(), key.alias());
            }
        }
    }

    /** @throws org.postern.catalogue.PosternException PST-8112 if the certificate on record may not be used */
    @Override
    public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
        return certificates.find(party, usage(use)).map(PartyCertificate::certificate);
    }

    /** @throws org.postern.hsm.KeyVaultException if the vault is not available or refuses */
    @Override
    public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
        boolean prepayment = use == KeyUse.PREPAYMENT;
        String alias = (prepayment ? prepaymentAliases : agreementAliases).get(own);
        if (alias == null) {
            return Optional.empty();
        }
        KeyPurpose purpose = prepayment ? KeyPurpose.PREPAYMENT_KEY_AGREEMENT : KeyPurpose.KEY_AGREEMENT;
        // the vault wipes its array when the function returns; the codec limits the number of copies and wipes them
        return Optional.of(vault.agree(alias, purpose, peer, byte[]::clone));
    }

    private static CertificateUsage usage(KeyUse use) {
        return switch (use) {
            case DIGITAL_SIGNATURE -> CertificateUsage.DIGITAL_SIGNATURE;
            case KEY_AGREEMENT -> CertificateUsage.KEY_AGREEMENT;
            case PREPAYMENT -> CertificateUsage.PREPAYMENT_KEY_AGREEMENT;
        };
    }
}
