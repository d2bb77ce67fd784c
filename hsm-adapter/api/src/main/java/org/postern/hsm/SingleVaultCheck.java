package org.postern.hsm;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.hsm.KeyVaultException.Kind;

/**
 * Sees that there is one vault and no more, and that its settings are somebody's: with two vaults it would be chance
 * which keys sign, and settings whose file was deleted while the process was down live on in the configuration cache.
 */
public final class OneVault implements VaultKeeper.Objection {

    /** Every vault's PID begins so. */
    public static final String PREFIX = "org.postern.hsm.";

    /** Property by which File Install notes which file settings come from. */
    public static final String FILE = "felix.fileinstall.filename";

    /** Property of the settings in force that says the same. */
    public static final String FROM = "postern.file";

    private static final String SUFFIX = ".cfg";

    private final Path etc;
    private final Map<String, ?> own;
    private final Supplier<Collection<String>> configured;

    /**
     * @param etc folder of the settings' files
     * @param own properties of this vault's settings
     * @param configured PIDs that begin with {@link #PREFIX} and have settings in force now, whatever they come from
     */
    public OneVault(Path etc, Map<String, ?> own, Supplier<Collection<String>> configured) {
        this.etc = etc;
        this.own = Map.copyOf(own);
        this.configured = configured;
    }

    @Override
    public Optional<KeyVaultException> now() {
        Optional<Path> file = file(own.get(own.containsKey(FROM) ? FROM : FILE));
        if (file.isPresent() && !Files.exists(file.get())) {
            return Optional.of(new KeyVaultException(
                    Kind.STALE_SETTINGS,
                    file.get().getFileName().toString(),
                    "settings have their file",
                    "the file is not there",
                    "put it back, or restart: settings without a file are dropped"));
        }
        TreeSet<String> pids = new TreeSet<>(configured.get());
        // a file that is still being read in counts: the first vault must not sign until the second is noticed
        try (DirectoryStream<Path> files = Files.newDirectoryStream(etc, PREFIX + "*" + SUFFIX)) {
            files.forEach(each -> pids.add(each.getFileName()
                    .toString()
                    .substring(0, each.getFileName().toString().length() - SUFFIX.length())));
        } catch (IOException e) {
            // no folder of files: the configurations in force are all there are
        }
        return pids.size() < 2
                ? Optional.empty()
                : Optional.of(new KeyVaultException(
                        Kind.TWO_VAULTS,
                        String.join(" and ", pids),
                        "one key vault is configured",
                        "there are " + pids.size(),
                        "remove the file of the one that is not to be used; neither is in use"));
    }

    /** The file that a property of File Install names. */
    private static Optional<Path> file(@Nullable Object uri) {
        try {
            return uri == null ? Optional.empty() : Optional.of(Path.of(URI.create(uri.toString())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
