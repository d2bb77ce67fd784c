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
 * Leaves of the console's ssh server what the command ACLs reach: an interactive shell and single commands. Karaf's own
 * server forwards ports for everybody who may log in, and a setting brings back file transfer rooted at the
 * installation, both past every ACL.
 *
 * <p>Sessions that were opened before this component was there are ended, so that none keeps what was open until then.
 */
@Component(service = SshDoor.class, immediate = true)
public final class SshDoor {

    private static final Logger LOG = LoggerFactory.getLogger(SshDoor.class);

    private final SessionFactory sessions;

    @Activate
    public SshDoor(@Reference SessionFactory sessions) {
        this.sessions = sessions;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bind(SshServer server) {
        restrict(server);
        LOG.info("The console's ssh server gives a shell and commands, no file transfer and no forwarding");
    }

    void unbind(SshServer server) {
        // Karaf stops it; there is nothing of ours to take back
    }

    /**
     * No subsystem, no file transfer by command, no forwarding of ports, agents or displays; and commands whose output
     * arrives.
     */
    void restrict(SshServer server) {
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setSubsystemFactories(List.of());
        server.setCommandFactory((channel, line) -> new ExecCommand(
                sessions, line, session -> session.getAttribute(KarafJaasAuthenticator.SUBJECT_ATTRIBUTE_KEY)));
        // Karaf registers its server before it has started: there is nobody in it then, and nothing to ask who is
        if (server.isStarted()) {
            server.getActiveSessions().forEach(session -> session.close(true));
        }
    }
}
