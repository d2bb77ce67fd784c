package org.postern.itests;

import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** An Artemis broker without Postern's settings: in the process of the tests, or as a process of its own. */
public final class BareArtemis {

    private BareArtemis() {}

    static String start(int port) throws Exception {
        String url = "tcp://127.0.0.1:" + port;
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        broker.setConfiguration(new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setPersistenceEnabled(false)
                .setJMXManagementEnabled(false)
                .addAcceptorConfiguration("tcp", url));
        broker.start();
        return url;
    }

    /** Runs it as a process of its own, with a journal on the disk: {@code PORT FOLDER}. It runs until it is killed. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        broker.setConfiguration(new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setPagingDirectory(folder.resolve("pages").toString())
                .setLargeMessagesDirectory(folder.resolve("large").toString())
                .addAddressSetting("#", new AddressSettings().setMaxDeliveryAttempts(-1))
                .addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + arguments[0]));
        broker.start();
        System.out.println("up");
        Thread.currentThread().join();
    }
}
