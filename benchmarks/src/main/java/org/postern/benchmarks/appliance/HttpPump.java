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
 * Hands requests in over many HTTP connections from one thread, as long as fewer than the limit are in flight. It reads of an answer its
 * status and length and nothing else: what the driver spends is taken from what the machine can do.
 */
final class HttpPump implements Pump {

    private static final int BUFFER = 16 << 10;
    /** Results free places without waking the selector; it looks by itself this often. */
    private static final int LOOK_MILLIS = 2;
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int ACCEPTED = 202;
    private static final int CREATED = 201;

    /** One connection: what was sent, and what has come of the answer so far. */
    private static final class Line {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(BUFFER);
        private long request = -1;

        Line(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private final String headers;
    private final InFlight inFlight;
    private final Selector selector = Selector.open();
    private final Deque<Line> idle = new ArrayDeque<>();
    private final ByteBuffer out = ByteBuffer.allocate(BUFFER);
    private volatile Requests requests;
    private volatile int limit;
    private volatile boolean closed;
    private volatile String trouble = "";
    private final Thread thread = new Thread(this::run, "driver-http");

    /**
     * @param path        where to, /service-requests or /top-ups
     * @param connections how many, all open from the beginning
     */
    HttpPump(int port, String path, String token, int connections, InFlight inFlight) throws IOException {
        this.inFlight = inFlight;
        this.headers = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nIdempotency-Key: ";
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.configureBlocking(false);
            channel.socket().setTcpNoDelay(true);
            Line line = new Line(channel);
            channel.register(selector, SelectionKey.OP_READ, line);
            idle.add(line);
        }
        thread.start();
    }

    @Override
    public void use(Requests from, int most) {
        requests = from;
        limit = most;
        selector.wakeup();
    }

    @Override
    public String trouble() {
        return trouble;
    }

    private void run() {
        try {
            while (!closed) {
                while (!idle.isEmpty() && inFlight.open() < limit) {
                    send(idle.poll());
                }
                selector.select(key -> {
                    try {
                        read((Line) key.attachment());
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }, LOOK_MILLIS);
            }
        } catch (IOException | RuntimeException e) {
            trouble = "the connection to the appliance failed: " + e;
        }
    }

    private void send(Line line) throws IOException {
        byte[] body = requests.next();
        line.request = inFlight.begin(System.nanoTime());
        out.clear();
        out.put((headers + LoadDriver.CORRELATION + line.request + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII)).put(body).flip();
        while (out.hasRemaining()) {
            line.channel.write(out);
        }
    }

    private void read(Line line) throws IOException {
        if (line.channel.read(line.in) < 0) {
            throw new IOException("closed by the appliance");
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
            trouble = head.lines().findFirst().orElse("") + " " + new String(line.in.array(), end, line.in.position() - end,
                    StandardCharsets.UTF_8);
            inFlight.refuse(line.request);
        }
        line.in.clear();
        idle.add(line);
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
            throw new IOException("an answer without a length: " + head.lines().findFirst().orElse(""));
        }
        int from = at + "\r\ncontent-length:".length();
        return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
