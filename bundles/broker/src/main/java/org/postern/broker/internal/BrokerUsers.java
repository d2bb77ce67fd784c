package org.postern.broker.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.RolePrincipal;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;

/**
 * The embedded broker's users: Postern itself, and the supplier systems.
 *
 * <p>JAAS is deliberately not used: it finds its login modules through the context class loader of the connecting
 * thread, which in OSGi is not the class loader of this bundle. The role of a user has the name of the user.
 *
 * <p>A supplier system may use single addresses only, never an address pattern: a pattern would also match the
 * addresses of others.
 */
final class BrokerUsers implements ActiveMQSecurityManager5 {

    static final String INTERNAL = "postern";
    static final String SUPPLIER = "supplier";

    private final Map<String, byte[]> passwords;

    BrokerUsers(String internalPassword, String supplierPassword) {
        this.passwords = Map.of(
                INTERNAL,
                internalPassword.getBytes(StandardCharsets.UTF_8),
                SUPPLIER,
                supplierPassword.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Subject authenticate(String user, String password, RemotingConnection connection, String domain) {
        if (!validateUser(user, password)) {
            return null;
        }
        return new Subject(true, Set.of(new UserPrincipal(user), new RolePrincipal(user)), Set.of(), Set.of());
    }

    @Override
    public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
        if (subject == null || pattern(address) && !subject.getPrincipals().contains(new RolePrincipal(INTERNAL))) {
            return false;
        }
        return roles.stream()
                .anyMatch(role ->
                        check.hasRole(role) && subject.getPrincipals().contains(new RolePrincipal(role.getName())));
    }

    private static boolean pattern(String address) {
        return address != null && (address.indexOf('*') >= 0 || address.indexOf('#') >= 0);
    }

    @Override
    public boolean validateUser(String user, String password) {
        byte[] expected = user == null ? null : passwords.get(user);
        return expected != null
                && password != null
                && MessageDigest.isEqual(expected, password.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean validateUserAndRole(String user, String password, Set<Role> roles, CheckType check) {
        return validateUser(user, password)
                && roles.stream().anyMatch(role -> role.getName().equals(user) && check.hasRole(role));
    }
}
