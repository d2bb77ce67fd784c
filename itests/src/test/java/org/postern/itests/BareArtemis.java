package org.postern.itests;

import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/** A broker that knows nothing of Postern, in the process of the tests; it ends with that process. */
final class BareArtemis {

    private BareArtemis() {
    }

    static String start(int port) throws Exception {
        String url = "tcp://127.0.0.1:" + port;
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        broker.setConfiguration(new ConfigurationImpl().setSecurityEnabled(false).setPersistenceEnabled(false)
                .setJMXManagementEnabled(false).addAcceptorConfiguration("tcp", url));
        broker.start();
        return url;
    }
}
