package org.postern.servicerequests.internal.lifecycle;

import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVault;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.ServiceRequestFault;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;
import org.postern.servicerequests.internal.keys.VaultSigners;

/**
 * The keys of a User ID: those that its role bundle names or, if the bundle has been removed, the vault's entry with
 * that User ID and purpose, so that requests in progress survive the removal of a role. Safe for use by several
 * threads.
 */
public final class OwnKeys {

    private final UserRoles roles;
    private final KeyVault vault;
    private final VaultSigners signers;

    public OwnKeys(UserRoles roles, KeyVault vault) {
        this.roles = roles;
        this.vault = vault;
        this.signers = new VaultSigners(vault);
    }

    /** The document of a request, signed with the key of its originator. */
    byte[] sign(DuisRequest request) {
        return signers.of(xmlSigning(request.requestId().originator())).sign(DuisWriter.write(request));
    }

    private String xmlSigning(Eui64 userId) {
        return roles.byUserId(userId)
                .map(UserRoleProfile::keys)
                .map(KeyAliases::xmlSigning)
                .orElseGet(() -> ofVault(userId, KeyPurpose.XML_SIGNING));
    }

    /** Alias of the key for signing commands. */
    String gbcsSigning(Eui64 userId) {
        return roles.byUserId(userId)
                .map(UserRoleProfile::keys)
                .flatMap(KeyAliases::gbcsSigning)
                .orElseGet(() -> ofVault(userId, KeyPurpose.GBCS_SIGNING));
    }

    private String ofVault(Eui64 userId, KeyPurpose purpose) {
        Optional<KeyEntry> entry = vault.keys().stream()
                .filter(key -> key.purpose() == purpose && key.eui().equals(userId))
                .findFirst();
        return entry.map(KeyEntry::alias)
                .orElseThrow(() -> new PosternException(ServiceRequestFault.NO_OWN_KEY.fault(
                        "key of " + userId,
                        "a key of purpose " + purpose + " in the vault",
                        "none",
                        "configure the role's bundle, or add the key to the vault")));
    }
}
