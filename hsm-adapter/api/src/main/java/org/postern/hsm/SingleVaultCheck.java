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
 * Checks that exactly one vault is configured and that its settings file exists. With two vaults it would be undefined
 * which keys sign. Settings whose file was deleted while the process was not running remain in the configuration cache.
 */
public final class SingleVaultCheck implements VaultKeeper.Objection {

    /** Prefix of the PID of every vault. */
    public static final String PREFIX = "org.postern.hsm.";

    /** Property in which File Install records the file that the settings come from. */
    public static final String FILE_INSTALL_PROPERTY = "felix.fileinstall.filename";

    /** Property of the settings in force with the same meaning. */
    public static final String FILE_PROPERTY = "postern.file";

    private static final String SUFFIX = ".cfg";

    private final Path etc;
    private final Map<String, ?> own;
    private final Supplier<Collection<String>> configured;

    /**
     * @param etc folder of the settings files
     * @param own properties of this vault's settings
     * @param configured PIDs that begin with {@link #PREFIX} and have settings in force now, from whatever source
     */
    public SingleVaultCheck(Path etc, Map<String, ?> own, Supplier<Collection<String>> configured) {
        this.etc = etc;
        this.own = Map.copyOf(own);
        this.configured = configured;
    }

    @Override
    public Optional<KeyVaultException> now() {
        Optional<Path> file = file(own.get(own.containsKey(FILE_PROPERTY) ? FILE_PROPERTY : FILE_INSTALL_PROPERTY));
        if (file.isPresent() && !Files.exists(file.get())) {
            return Optional.of(new KeyVaultException(
                    Kind.STALE_SETTINGS,
                    file.get().getFileName().toString(),
                    "the settings file exists",
                    "the file does not exist",
                    "restore it, or restart: settings without a file are discarded"));
        }
        TreeSet<String> pids = new TreeSet<>(configured.get());
        // a file that has not been processed yet counts as well, so that no vault signs before the second one is
        // noticed
        try (DirectoryStream<Path> files = Files.newDirectoryStream(etc, PREFIX + "*" + SUFFIX)) {
            files.forEach(each -> pids.add(each.getFileName()
                    .toString()
                    .substring(0, each.getFileName().toString().length() - SUFFIX.length())));
        } catch (IOException e) {
            // the folder does not exist: only the configurations in force count
        }
        return pids.size() < 2
                ? Optional.empty()
                : Optional.of(new KeyVaultException(
                        Kind.TWO_VAULTS,
                        String.join(" and ", pids),
                        "exactly one key vault is configured",
                        pids.size() + " are configured",
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
