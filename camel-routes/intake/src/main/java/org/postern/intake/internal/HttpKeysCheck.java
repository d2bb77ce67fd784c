package org.postern.intake.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.settings.SettingsCheck;

/**
 * The settings {@code httpKeyStore} and {@code httpKeyStorePasswordFile}: the password opens the store, and the store
 * has a key.
 */
@Component
public final class HttpKeysCheck implements SettingsCheck {

    @Override
    public String pid() {
        return "org.postern.intake";
    }

    @Override
    public Optional<Objection> against(Map<String, List<String>> proposed) {
        String store = String.join("", proposed.getOrDefault("httpKeyStore", List.of()));
        if (store.isBlank()) {
            return Optional.empty();
        }
        try {
            HttpKeys.read(Path.of(store), Path.of(String.join("", proposed.get("httpKeyStorePasswordFile"))));
            return Optional.empty();
        } catch (PosternException e) {
            return Optional.of(new Objection(
                    "httpKeyStore", e.fault().rule() + "; found: " + e.fault().cause()));
        }
    }
}
