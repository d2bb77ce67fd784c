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
 * One connection with TLS to a server, on which the calling thread itself writes and reads: no selector, no second
 * thread. For one exchange at a time; only {@link #abort()} may come from another thread, and ends whatever the first
 * one waits for.
 */
public final class KeptConnection {

    /** The answer is larger than allowed. */
    public static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("answer too large");
        }
    }

    /** Status, the headers that matter (empty where absent) and the exact body. */
    public record Answer(int status, String contentType, String retryAfter, byte[] body) {}

    /** A TLS record's. */
    private static final int BUFFER = 16 * 1024;

    private static final Http1Config HTTP = Http1Config.custom()
            .setMaxLineLength(BUFFER)
            .setMaxHeaderCount(200)
            .setMaxEmptyLineCount(2)
            .build();
    private static final int HTTPS_PORT = 443;
    private static final int SWITCHING = 101;
    private static final int MOST_INTERIM_ANSWERS = 8;

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
     * Not connected yet.
     *
     * @param epoch which keys and which state of the pool it belongs to
     */
    public KeptConnection(Object epoch) throws IOException {
        this.channel = SocketChannel.open();
        this.epoch = epoch;
    }

    public Object epoch() {
        return epoch;
    }

    /** True once {@link #open} was through. */
    public boolean opened() {
        return opened;
    }

    /** Connects and shakes hands; the request has not been touched when it fails. */
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

    /** Posts the document; whatever goes wrong in here leaves in doubt whether it was taken. */
    public Answer post(URI address, byte[] document, int mostBytes) throws IOException, HttpException {
        reusable = false;
        tls.getOutputStream().write(request(address, document));
        InputStream in = tls.getInputStream();
        ClassicHttpResponse response = parser.parse(received, in);
        for (int interim = 0; response.getCode() < 200 && response.getCode() != SWITCHING; interim++) {
            if (interim == MOST_INTERIM_ANSWERS) {
                throw new HttpException("interim answers without end");
            }
            response = parser.parse(received, in);
        }
        byte[] body = body(response, in, mostBytes);
        // what is there beyond the answer would be taken for the next one
        reusable = response.getCode() >= 200
                && !received.hasBufferedData()
                && in.available() == 0
                && DefaultConnectionReuseStrategy.INSTANCE.keepAlive(null, response, null);
        answers++;
        return new Answer(response.getCode(), header(response, "Content-Type"), header(response, "Retry-After"), body);
    }

    /** Head and body in one piece: one write, and up to its size one TLS record. */
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

    private byte[] body(ClassicHttpResponse response, InputStream in, int mostBytes) throws IOException, HttpException {
        int status = response.getCode();
        if (status < 200 || status == 204 || status == 304) {
            return new byte[0];
        }
        long length = DefaultContentLengthStrategy.INSTANCE.determineLength(response);
        if (length > mostBytes) {
            throw new TooLarge();
        }
        if (length >= 0) {
            // complains where the connection ends before
            return new ContentLengthInputStream(received, in, length).readNBytes((int) length);
        }
        return unmeasured(
                length == ContentLengthStrategy.CHUNKED
                        ? new ChunkedInputStream(received, in, HTTP)
                        : new IdentityInputStream(received, in),
                mostBytes);
    }

    private static byte[] unmeasured(InputStream in, int mostBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        byte[] part = new byte[4096];
        for (int length = in.read(part); length >= 0; length = in.read(part)) {
            if (bytes.size() + length > mostBytes) {
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

    /** Answers received on it so far. */
    public long answers() {
        return answers;
    }

    /** True where the last exchange left it such that another may follow. */
    boolean reusable() {
        return reusable && !aborted.get();
    }

    void idle() {
        idleSince = System.nanoTime();
    }

    boolean idleFor(Duration time) {
        return System.nanoTime() - idleSince >= time.toNanos();
    }

    /**
     * True where nothing is heard on the idle connection: the other side has neither closed it nor said anything that
     * no request asked for. What a firewall in between has forgotten looks alive too.
     */
    boolean silent() {
        // where it was lost, or something was heard, there is nobody to say goodbye to, and a channel that does not
        // block could not say it
        reusable = false;
        try {
            channel.configureBlocking(false);
            boolean silent = channel.read(ByteBuffer.allocate(1)) == 0;
            channel.configureBlocking(true);
            reusable = silent;
            return silent;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Waits so long for a word of the other side, which TLS 1.3 may refuse our certificate with after the handshake.
     */
    public void listen(Duration time) throws IOException {
        tls.setSoTimeout((int) time.toMillis());
        try {
            tls.getInputStream().read();
        } catch (SocketTimeoutException e) {
            // silence is consent
        }
    }

    /** Ends what another thread waits for on this connection, at once and without a word to the other side. */
    public void abort() {
        aborted.set(true);
        try {
            channel.close();
        } catch (IOException e) {
            // closed all the same
        }
    }

    public boolean aborted() {
        return aborted.get();
    }

    /** Says goodbye, where the connection was in order, and closes it. */
    public void close() {
        if (tls != null && reusable()) {
            try {
                tls.close();
            } catch (IOException | RuntimeException e) {
                // the other side was faster; whoever closes an idle connection goes on with the others
            }
        }
        abort();
    }
}
