package org.postern.benchmarks.appliance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Hands requests in over many HTTP connections from one thread, as long as fewer than the limit are in flight. It reads
 * of an answer its status and length and nothing else: what the driver spends is taken from what the machine can do.
 */
final class HttpPump extends ThreadPump {

    private static final int BUFFER = 16 << 10;
    /** Results free places without waking the selector, so it wakes up this often by itself. */
    private static final int POLL_MILLIS = 2;

    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int ACCEPTED = 202;
    private static final int CREATED = 201;

    /** One connection: what was sent, and what has come of the answer so far. */
    private static final class Line {
        private final ByteBuffer in = ByteBuffer.allocate(BUFFER);
        private SocketChannel channel;
        private long request = -1;
        private long sent;
        /** What is to be answered; null while the connection is idle. */
        private byte[] message;
    }

    private final int port;
    private final String headers;
    private final String correlation;
    private final Selector selector = Selector.open();
    private final Deque<Line> idle = new ArrayDeque<>();
    private final ByteBuffer out = ByteBuffer.allocate(BUFFER);

    /**
     * @param path where to, /service-requests or /top-ups
     * @param correlation what every correlation id begins with
     * @param connections how many, all open from the beginning
     */
    HttpPump(int port, String path, String token, String correlation, int connections, InFlight inFlight)
            throws IOException {
        super("driver-http", "the connection to the appliance", inFlight);
        this.correlation = correlation;
        this.headers = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nIdempotency-Key: ";
        this.port = port;
        for (int i = 0; i < connections; i++) {
            Line line = new Line();
            open(line);
            idle.add(line);
        }
        start();
    }

    @Override
    public void use(Requests from, int max) {
        super.use(from, max);
        selector.wakeup();
    }

    @Override
    void pump() throws IOException {
        while (!closed) {
            while (!idle.isEmpty() && inFlight.open() < limit) {
                send(idle.poll());
            }
            selector.select(
                    key -> {
                        try {
                            read((Line) key.attachment());
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    },
                    POLL_MILLIS);
        }
    }

    private void send(Line line) throws IOException {
        byte[] body = requests.next();
        line.sent = System.nanoTime();
        line.request = inFlight.begin(line.sent);
        out.clear();
        out.put((headers + correlation + line.request + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII))
                .put(body)
                .flip();
        line.message = new byte[out.remaining()];
        out.get(line.message);
        write(line);
    }

    private void open(Line line) throws IOException {
        line.channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        line.channel.configureBlocking(false);
        line.channel.socket().setTcpNoDelay(true);
        line.channel.register(selector, SelectionKey.OP_READ, line);
    }

    private static void write(Line line) {
        ByteBuffer bytes = ByteBuffer.wrap(line.message);
        try {
            while (bytes.hasRemaining()) {
                line.channel.write(bytes);
            }
        } catch (IOException e) {
            // closed in this moment by the other side: reading finds the same, and sends it again over another
            // connection
        }
    }

    /** The other side closes what was idle for long; a request that met this is submitted again under its key. */
    private void reopen(Line line) throws IOException {
        line.channel.close();
        line.in.clear();
        open(line);
        if (line.message != null) {
            write(line);
        }
    }

    private void read(Line line) throws IOException {
        if (ended(line)) {
            reopen(line);
            return;
        }
        int end = end(line.in.array(), line.in.position());
        if (end < 0) {
            return;
        }
        String head = new String(line.in.array(), 0, end, StandardCharsets.US_ASCII);
        if (line.in.position() < end + length(head)) {
            return;
        }
        int status = Integer.parseInt(head.substring(9, 12));
        if (status != ACCEPTED && status != CREATED) {
            trouble = head.lines().findFirst().orElse("") + " "
                    + new String(line.in.array(), end, line.in.position() - end, StandardCharsets.UTF_8);
            inFlight.refuse(line.request);
        }
        inFlight.answered(System.nanoTime() - line.sent);
        line.in.clear();
        line.message = null;
        idle.add(line);
    }

    private static boolean ended(Line line) {
        try {
            return line.channel.read(line.in) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private static int end(byte[] bytes, int length) {
        for (int i = END.length; i <= length; i++) {
            if (bytes[i - 1] == '\n' && bytes[i - 2] == '\r' && bytes[i - 3] == '\n' && bytes[i - 4] == '\r') {
                return i;
            }
        }
        return -1;
    }

    private static int length(String head) throws IOException {
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("\r\ncontent-length:");
        if (at < 0) {
            throw new IOException(
                    "an answer without a length: " + head.lines().findFirst().orElse(""));
        }
        int from = at + "\r\ncontent-length:".length();
        return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    }

    @Override
    public void close() throws IOException {
        super.close();
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
