package org.postern.servicerequests.internal.credentials;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.Sha256;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.CertificateUsage;
import org.postern.inventory.SmkiCertificate.Usage;
import org.postern.servicerequests.ServiceRequestFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the keys in certificates against the vault and the certificates on record, to find keys of other parties or
 * usages.
 */
final class KeyRules {

    private static final Logger LOG = LoggerFactory.getLogger(KeyRules.class);
    private static final Map<KeyPurpose, CertificateUsage> USAGES = Map.of(
            KeyPurpose.GBCS_SIGNING,
            CertificateUsage.DIGITAL_SIGNATURE,
            KeyPurpose.KEY_AGREEMENT,
            CertificateUsage.KEY_AGREEMENT,
            KeyPurpose.PREPAYMENT_KEY_AGREEMENT,
            CertificateUsage.PREPAYMENT_KEY_AGREEMENT);
    /** A device has one certificate for each of these usages. */
    private static final Map<Usage, CertificateUsage> OF_DEVICES = Map.of(
            Usage.DIGITAL_SIGNATURE,
            CertificateUsage.DIGITAL_SIGNATURE,
            Usage.KEY_AGREEMENT,
            CertificateUsage.KEY_AGREEMENT);

    private final CertificateDirectory directory;
    private final KeyVault vault;
    private final CredentialsTable table;
    private final CredentialSettings settings;
    private final Findings findings;

    KeyRules(
            CertificateDirectory directory,
            KeyVault vault,
            CredentialsTable table,
            CredentialSettings settings,
            Findings findings) {
        this.directory = directory;
        this.vault = vault;
        this.table = table;
        this.settings = settings;
        this.findings = findings;
    }

    /** The key must not be on record for one of these other parties, or for another usage of the same party. */
    void notOfOthers(SuppliedCertificate supplied, Set<Eui64> others) {
        Eui64 own = supplied.certificate().eui().orElse(null);
        Optional<CertificateUsage> usage = table.element(supplied.element())
                .flatMap(CredentialsTable.Element::purpose)
                .map(USAGES::get)
                .or(() -> Optional.ofNullable(
                        OF_DEVICES.get(supplied.certificate().usage())));
        for (Eui64 party : others) {
            for (CertificateUsage each : CertificateUsage.values()) {
                if (!party.equals(own) && known(party, each, supplied)) {
                    findings.refuse(
                            ServiceRequestFault.CERTIFICATE_KEY,
                            supplied.field(),
                            "a key that no other party has",
                            supplied.name() + " has a key of " + party);
                    return;
                }
            }
        }
        for (CertificateUsage each : CertificateUsage.values()) {
            if (own != null && usage.isPresent() && each != usage.get() && known(own, each, supplied)) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_KEY,
                        supplied.field(),
                        "a key for each usage",
                        supplied.name() + " has the key that " + own + " has for "
                                + each.name().toLowerCase(Locale.ROOT).replace('_', ' '));
                return;
            }
        }
    }

    private boolean known(Eui64 party, CertificateUsage usage, SuppliedCertificate supplied) {
        try {
            return directory
                    .find(party, usage)
                    .filter(found -> Arrays.equals(
                            found.certificate().getPublicKey().getEncoded(),
                            supplied.certificate().publicKey()))
                    .isPresent();
        } catch (PosternException e) {
            // a certificate on record that cannot be used is ignored
            return false;
        }
    }

    /**
     * A key in the vault must be for the right party and purpose; for our own credentials the vault must have the key.
     *
     * @param own true if the certificates are of a User ID whose keys are in this vault
     */
    void inVault(List<SuppliedCertificate> leaves, boolean own) {
        Map<String, KeyEntry> keys;
        try {
            keys = vault.keys().stream()
                    .collect(Collectors.toMap(KeyEntry::publicKeySha256, Function.identity(), (a, b) -> a));
        } catch (PosternException e) {
            LOG.warn("the keys of the vault cannot be listed: {}", e.fault());
            return;
        }
        for (SuppliedCertificate supplied : leaves) {
            Optional<KeyPurpose> purpose = table.element(supplied.element()).flatMap(CredentialsTable.Element::purpose);
            KeyEntry entry = keys.get(Sha256.hex(supplied.certificate().publicKey()));
            if (entry == null) {
                if (own) {
                    findings.add(
                            settings.requireKeyInVault(),
                            ServiceRequestFault.CERTIFICATE_KEY,
                            supplied.field(),
                            "the vault has the private key of our own certificate",
                            supplied.name() + ": the vault does not have its key");
                }
            } else if (!supplied.certificate().eui().equals(Optional.of(entry.eui()))
                    || !purpose.equals(Optional.of(entry.purpose()))) {
                findings.refuse(
                        ServiceRequestFault.CERTIFICATE_KEY,
                        supplied.field(),
                        "a key for each usage and each party",
                        supplied.name() + " has the vault's key " + entry.alias() + ", of " + entry.eui() + " for "
                                + entry.purpose());
            }
        }
    }
}
