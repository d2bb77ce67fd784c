package org.postern.benchmarks.appliance;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * Sends messages to a persistent queue of a broker in this process, thirty-two to a transaction, which a client in
 * another process takes over TCP. An operation is done when the message is on the broker's disk; no more are sent than
 * the client keeps up with.
 */
final class JmsFloor extends OneThread {

    static final String QUEUE = "floor";
    /** How far the client may be behind. */
    private static final int AHEAD = 512;

    private static final int BUFFER_TIMEOUT_NANOS = 500_000;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final Connection connection;
    private final PeerProcess client;
    private final Semaphore ahead = new Semaphore(AHEAD);

    JmsFloor(Path folder, FloorProcess.Sizes sizes) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        broker.setConfiguration(new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .setJournalType(JournalType.NIO)
                .setJournalBufferTimeout_NIO(BUFFER_TIMEOUT_NANOS)
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setPagingDirectory(folder.resolve("pages").toString())
                .setLargeMessagesDirectory(folder.resolve("large").toString())
                .addAcceptorConfiguration("vm", "vm://0")
                .addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port));
        broker.start();
        connection = new ActiveMQConnectionFactory("vm://0").createConnection();
        connection.start();
        client = PeerProcess.start("jms", Integer.toString(port));
        Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(session.createQueue(QUEUE));
        byte[] content = new byte[sizes.answer()];
        start("jms", () -> send(session, producer, content));
        Thread taken = new Thread(this::count, "jms-taken");
        taken.setDaemon(true);
        taken.start();
    }

    private void count() {
        try {
            for (String line = client.line(); line != null; line = client.line()) {
                ahead.release(Integer.parseInt(line));
            }
        } catch (IOException e) {
            // it was ended, and nothing more is sent
        }
    }

    private int send(Session session, MessageProducer producer, byte[] content)
            throws JMSException, InterruptedException {
        ahead.acquire(CommitFloor.TOGETHER);
        for (int i = 0; i < CommitFloor.TOGETHER; i++) {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(content);
            producer.send(message);
        }
        session.commit();
        return CommitFloor.TOGETHER;
    }

    @Override
    void wake() {
        ahead.release(AHEAD);
    }

    @Override
    void end() throws Exception {
        client.close();
        connection.close();
        broker.stop();
    }
}
