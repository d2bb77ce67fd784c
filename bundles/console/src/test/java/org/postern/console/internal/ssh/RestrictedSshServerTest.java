package org.postern.console.internal.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.junit.jupiter.api.Test;

class RestrictedSshServerTest {

    /** Karaf registers its server and starts it afterwards: bound in between, it is restricted all the same. */
    @Test
    void aServerThatHasNotStartedYetIsRestricted() {
        SshServer server = SshServer.setUpDefaultServer();
        assertThat(server.isStarted()).isFalse();

        new RestrictedSshServer(null).bind(server);

        assertThat(server.getForwardingFilter()).isSameAs(RejectAllForwardingFilter.INSTANCE);
        assertThat(server.getSubsystemFactories()).isEmpty();
        assertThat(server.getCommandFactory()).isNotNull();
    }
}
