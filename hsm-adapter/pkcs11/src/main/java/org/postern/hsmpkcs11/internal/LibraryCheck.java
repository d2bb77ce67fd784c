package org.postern.hsmpkcs11.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.postern.catalogue.settings.SettingsCheck;
import org.postern.hsm.KeyVaultException;

/** Checks the setting {@code library}: the library has to be on the list of allowed ones, and installed. */
@Component
public final class LibraryCheck implements SettingsCheck {

    @Override
    public String pid() {
        return Pkcs11KeyVault.PID;
    }

    @Override
    public Optional<Objection> against(Map<String, List<String>> proposed) {
        try {
            Libraries.find(String.join("", proposed.get("library")));
            return Optional.empty();
        } catch (KeyVaultException e) {
            return Optional.of(
                    new Objection("library", e.fault().rule() + "; " + e.fault().cause()));
        }
    }
}
