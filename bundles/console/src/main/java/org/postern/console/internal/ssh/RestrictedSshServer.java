package org.postern.console.internal.ssh;

import java.util.List;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.karaf.shell.ssh.KarafJaasAuthenticator;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restricts the console's ssh server to what the command ACLs control: an interactive shell and single commands.
 * Karaf's own server also forwards ports for everybody who may log in, and a setting can enable file transfer of the
 * installation's files; no ACL applies to either.
 *
 * <p>Sessions that were opened before this component started are closed, so that none keeps these features.
 */
@Component(service = RestrictedSshServer.class, immediate = true)
public final class RestrictedSshServer {

    private static final Logger LOG = LoggerFactory.getLogger(RestrictedSshServer.class);

    private final SessionFactory sessions;

    @Activate
    public RestrictedSshServer(@Reference SessionFactory sessions) {
        this.sessions = sessions;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bind(SshServer server) {
        restrict(server);
        LOG.info("The console's ssh server provides a shell and commands, but no file transfer and no forwarding");
    }

    void unbind(SshServer server) {
        // Karaf stops it; nothing needs to be undone
    }

    /**
     * Removes subsystems, file transfer by command, and the forwarding of ports, agents and displays; sets a command
     * whose output is not cut off.
     */
    void restrict(SshServer server) {
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setSubsystemFactories(List.of());
        server.setCommandFactory((channel, line) -> new ExecCommand(
                sessions, line, session -> session.getAttribute(KarafJaasAuthenticator.SUBJECT_ATTRIBUTE_KEY)));
        // Karaf registers its server before it starts it; then it has no sessions, and getActiveSessions would fail
        if (server.isStarted()) {
            server.getActiveSessions().forEach(session -> session.close(true));
        }
    }
}
