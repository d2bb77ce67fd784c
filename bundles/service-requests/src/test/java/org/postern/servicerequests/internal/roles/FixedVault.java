package org.postern.servicerequests.internal.roles;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.postern.catalogue.Eui64;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyPurpose;
import org.postern.hsm.KeyVault;
import org.postern.testkitservices.ClosedVault;

/** A vault that only lists its keys. */
public final class FixedVault {

    private FixedVault() {}

    /** For each User ID, keys named {@code xml-}, {@code sign-} and {@code agree-} with the ID after it. */
    public static KeyVault of(Eui64... users) {
        List<KeyEntry> keys = new ArrayList<>();
        for (Eui64 user : users) {
            keys.add(key("xml-" + user, KeyPurpose.XML_SIGNING, user));
            keys.add(key("sign-" + user, KeyPurpose.GBCS_SIGNING, user));
            keys.add(key("agree-" + user, KeyPurpose.KEY_AGREEMENT, user));
        }
        return new ClosedVault() {
            @Override
            public List<KeyEntry> keys() {
                return keys;
            }
        };
    }

    private static KeyEntry key(String alias, KeyPurpose purpose, Eui64 user) {
        return new KeyEntry(alias, purpose, user, "00".repeat(32), "CN=test", "1", Instant.EPOCH);
    }
}
