package org.postern.appliance.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.postern.appliance.SecretFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the console's first user at the first start. The archive contains no user, since a default password would be
 * known to everybody.
 *
 * <p>Karaf's login module reads {@code etc/users.properties} at every login, and encrypts the passwords in it after the
 * first login. The password stays readable in its secret file until the operator deletes that.
 */
@Component(service = ConsoleUser.class, immediate = true)
public final class ConsoleUser {

    static final String USER = "admin";
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleUser.class);

    @Activate
    public ConsoleUser() throws IOException {
        this(Path.of(System.getProperty("karaf.etc", "etc")), Path.of(System.getProperty("postern.state", "state")));
    }

    ConsoleUser(Path etc, Path state) throws IOException {
        Path users = etc.resolve("users.properties");
        List<String> lines = Files.exists(users) ? Files.readAllLines(users) : List.of();
        boolean someUser = lines.stream()
                .map(String::strip)
                .anyMatch(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("_g_"));
        if (someUser) {
            return;
        }
        Path secret = state.resolve("secrets/console-" + USER + ".password");
        String password = SecretFile.readOrCreate(secret);
        Files.write(
                users,
                java.util.stream.Stream.concat(
                                lines.stream(),
                                java.util.stream.Stream.of(
                                        USER + " = " + password + ",_g_:admingroup",
                                        "_g_\\:admingroup = group,admin,manager,viewer,systembundles,ssh,operator,security-officer"))
                        .toList());
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        LOG.info("First start: console user '{}' made; its password is in {}", USER, secret.toAbsolutePath());
    }
}
