package org.postern.intake.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One connection on which raw bytes are sent, and the answers to them. */
final class RawHttp implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private boolean begun;

    /** An answer; status 0 where the connection was closed without one. */
    record Answer(int status, Map<String, String> headers, String body) {}

    RawHttp(int port, int waitMillis) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(waitMillis);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static byte[] post(String path, String token, String type, byte[] body) {
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\nContent-Type: "
                        + type + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    Answer exchange(byte[] request) throws IOException {
        try {
            socket.getOutputStream().write(request);
        } catch (SocketException e) {
            // refused during the write: the answer may have arrived nevertheless
        }
        return answer();
    }

    Answer answer() throws IOException {
        return answer(true);
    }

    /** @param withBody false for the answer to HEAD */
    Answer answer(boolean withBody) throws IOException {
        String status;
        try {
            status = line();
        } catch (SocketException e) {
            status = "";
        }
        if (status.isEmpty()) {
            return new Answer(0, Map.of(), "");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(withBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0);
        return new Answer(Integer.parseInt(status.split(" ")[1]), headers, new String(body, StandardCharsets.UTF_8));
    }

    /** False once the other side has closed. */
    boolean open() throws IOException {
        try {
            return in.read() >= 0;
        } catch (SocketException e) {
            return false;
        }
    }

    void send(byte[] bytes) throws IOException {
        begun = bytes.length > 0;
        socket.getOutputStream().write(bytes);
    }

    /** Sends one more byte of a request that has been started. */
    void dripIfBegun() throws IOException {
        if (begun) {
            socket.getOutputStream().write('x');
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
