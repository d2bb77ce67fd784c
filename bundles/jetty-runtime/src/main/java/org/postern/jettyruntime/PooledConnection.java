package org.postern.jettyruntime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;

/**
 * One TLS connection to a server. The calling thread itself writes and reads, without a selector or a second thread. It
 * carries one exchange at a time; only {@link #abort()} may be called by another thread, and ends whatever the first
 * thread waits for.
 */
public final class PooledConnection {

    /** The answer is larger than allowed. */
    public static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("answer too large");
        }
    }

    /** An HTTP response: status, the headers that callers need (empty where absent) and the exact body. */
    public record Answer(int status, String contentType, String retryAfter, byte[] body) {}

    /** The largest payload of a TLS record, in bytes. */
    private static final int BUFFER = 16 * 1024;

    private static final Http1Config HTTP = Http1Config.custom()
            .setMaxLineLength(BUFFER)
            .setMaxHeaderCount(200)
            .setMaxEmptyLineCount(2)
            .build();
    private static final int HTTPS_PORT = 443;
    private static final int SWITCHING = 101;
    private static final int MAX_INTERIM_RESPONSES = 8;

    private final SocketChannel channel;
    private final AtomicBoolean aborted = new AtomicBoolean();
    private final Object epoch;
    private final SessionInputBufferImpl received = new SessionInputBufferImpl(BUFFER);
    private final DefaultHttpResponseParser parser = new DefaultHttpResponseParser(HTTP);
    private SSLSocket tls;
    private boolean opened;
    private boolean reusable;
    private long answers;
    private long idleSince;

    /**
     * Makes a connection that is not open yet.
     *
     * @param epoch the epoch of the pool, and so the keys, to which it belongs
     */
    public PooledConnection(Object epoch) throws IOException {
        this.channel = SocketChannel.open();
        this.epoch = epoch;
    }

    public Object epoch() {
        return epoch;
    }

    /** True once {@link #open} has succeeded. */
    public boolean opened() {
        return opened;
    }

    /** Connects and completes the TLS handshake. Where this fails, no part of a request has been sent. */
    public void open(URI address, SSLSocketFactory factory, SSLParameters parameters, Duration connectTimeout)
            throws IOException {
        int port = address.getPort() < 0 ? HTTPS_PORT : address.getPort();
        InetSocketAddress target = new InetSocketAddress(address.getHost(), port);
        if (target.isUnresolved()) {
            throw new UnknownHostException(address.getHost());
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Socket plain = channel.socket();
        plain.connect(target, (int) connectTimeout.toMillis());
        tls = (SSLSocket) factory.createSocket(plain, address.getHost(), port, true);
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        opened = true;
    }

    /** Posts the document. After a failure it is unknown whether the server has received and processed it. */
    public Answer post(URI address, byte[] document, int maxBytes) throws IOException, HttpException {
        reusable = false;
        tls.getOutputStream().write(request(address, document));
        InputStream in = tls.getInputStream();
        ClassicHttpResponse response = parser.parse(received, in);
        for (int interim = 0; response.getCode() < 200 && response.getCode() != SWITCHING; interim++) {
            if (interim == MAX_INTERIM_RESPONSES) {
                throw new HttpException("more than " + MAX_INTERIM_RESPONSES + " interim responses");
            }
            response = parser.parse(received, in);
        }
        byte[] body = body(response, in, maxBytes);
        // bytes beyond this response would be taken for the response to the next request
        reusable = response.getCode() >= 200
                && !received.hasBufferedData()
                && in.available() == 0
                && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(null, response, null);
        answers++;
        return new Answer(response.getCode(), header(response, "Content-Type"), header(response, "Retry-After"), body);
    }

    /** Head and body as one array: one write, and one TLS record where they fit into it. */
    private static byte[] request(URI address, byte[] document) {
        String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        byte[] head = ("POST " + path + query + " HTTP/1.1\r\nHost: " + address.getRawAuthority()
                        + "\r\nContent-Type: application/xml\r\nAccept: application/xml\r\nContent-Length: "
                        + document.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + document.length);
        System.arraycopy(document, 0, whole, head.length, document.length);
        return whole;
    }

    private byte[] body(ClassicHttpResponse response, InputStream in, int maxBytes) throws IOException, HttpException {
        int status = response.getCode();
        if (status < 200 || status == 204 || status == 304) {
            return new byte[0];
        }
        long length = DefaultContentLengthStrategy.INSTANCE.determineLength(response);
        if (length > maxBytes) {
            throw new TooLarge();
        }
        if (length >= 0) {
            // throws where the connection ends before all bytes have arrived
            return new ContentLengthInputStream(received, in, length).readNBytes((int) length);
        }
        return withoutLength(
                length == ContentLengthStrategy.CHUNKED
                        ? new ChunkedInputStream(received, in, HTTP)
                        : new IdentityInputStream(received, in),
                maxBytes);
    }

    private static byte[] withoutLength(InputStream in, int maxBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        byte[] part = new byte[4096];
        for (int length = in.read(part); length >= 0; length = in.read(part)) {
            if (bytes.size() + length > maxBytes) {
                throw new TooLarge();
            }
            bytes.write(part, 0, length);
        }
        return bytes.toByteArray();
    }

    private static String header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }

    /** The number of responses received on this connection so far. */
    public long answers() {
        return answers;
    }

    /** True where another exchange may follow the last one on this connection. */
    boolean reusable() {
        return reusable && !aborted.get();
    }

    void beginIdle() {
        idleSince = System.nanoTime();
    }

    boolean idleFor(Duration time) {
        return System.nanoTime() - idleSince >= time.toNanos();
    }

    /**
     * True where nothing can be read from the idle connection: the server has neither closed it nor sent anything
     * without a request. A connection whose state a firewall on the way has dropped cannot be told from a live one.
     */
    boolean hasNothingToRead() {
        // on a lost connection, or one with unexpected bytes, close() must not send close_notify: nobody reads it, and
        // the channel may still be in non-blocking mode
        reusable = false;
        try {
            channel.configureBlocking(false);
            boolean nothing = channel.read(ByteBuffer.allocate(1)) == 0;
            channel.configureBlocking(true);
            reusable = nothing;
            return nothing;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Waits for that time whether the server refuses our certificate: with TLS 1.3 its alert comes only after the
     * handshake, and is thrown as an exception.
     */
    public void awaitRefusal(Duration time) throws IOException {
        tls.setSoTimeout((int) time.toMillis());
        try {
            tls.getInputStream().read();
        } catch (SocketTimeoutException e) {
            // no alert: the server accepts our certificate
        }
    }

    /** Closes the socket at once, without a TLS close_notify, and so ends what another thread waits for on it. */
    public void abort() {
        aborted.set(true);
        try {
            channel.close();
        } catch (IOException e) {
            // the socket is closed in any case
        }
    }

    public boolean aborted() {
        return aborted.get();
    }

    /** Closes the connection, with a TLS close_notify where it could have been used again. */
    public void close() {
        if (tls != null && reusable()) {
            try {
                tls.close();
            } catch (IOException | RuntimeException e) {
                // the server has closed it already; the caller goes on with other connections
            }
        }
        abort();
    }
}
