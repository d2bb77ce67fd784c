package org.postern.simulator.dcc.internal.gateway;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.hc.core5.http.HttpException;
import org.postern.jettyruntime.ConnectionPool;
import org.postern.jettyruntime.PooledConnection;

/**
 * Posts documents to the User's Receive Response service, each on the calling thread; gives the HTTP status, or 0 where
 * there was none.
 */
final class UserConnections implements ToIntFunction<byte[]>, AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    /** Shorter than the time after which the User closes an idle connection. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private static final int MAX_ANSWER_BYTES = 1 << 16;

    private final URI address;
    private final SSLContext tls;
    private final ConnectionPool connections = new ConnectionPool("simulator-callback-deadlines", IDLE);

    UserConnections(URI address, SSLContext tls) {
        this.address = address;
        this.tls = tls;
    }

    @Override
    public int applyAsInt(byte[] document) {
        PooledConnection connection = connections.idleConnection();
        try {
            if (connection == null) {
                connection = new PooledConnection(connections.epoch());
            }
            try (ConnectionPool.Use use = connections.use(connection, TIMEOUT)) {
                if (!connection.opened()) {
                    SSLParameters parameters = new SSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    connection.open(address, tls.getSocketFactory(), parameters, TIMEOUT);
                }
                return connection.post(address, document, MAX_ANSWER_BYTES).status();
            }
        } catch (IOException | HttpException | RuntimeException e) {
            // whatever the reason: the document is sent again
            return 0;
        } finally {
            if (connection != null) {
                connections.release(connection);
            }
        }
    }

    @Override
    public void close() {
        connections.close();
    }
}
