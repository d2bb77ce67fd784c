package org.postern.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;

/** The appliance's console over ssh, used as by an operator's script. */
final class Console implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final SshClient client = SshClient.setUpDefaultClient();
    private final int port;
    private final String password;

    Console(int port, String password) {
        this.port = port;
        this.password = password;
        // the host key was created seconds ago by a process of the demonstration: there is nothing to compare it with
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.start();
    }

    /** The output of a command with {@code --json}. */
    JsonNode json(String command) throws IOException, DemoFailure {
        // options come before arguments; faults are printed in colour, which is removed
        String text = run(command.replaceFirst("( |$)", " --json$1")).replaceAll("\u001B\\[[0-9;]*m", "");
        int start = text.indexOf('{') < 0
                ? text.indexOf('[')
                : text.indexOf('[') < 0 ? text.indexOf('{') : Math.min(text.indexOf('{'), text.indexOf('['));
        try {
            return JSON.readTree(text.substring(Math.max(0, start)));
        } catch (IOException e) {
            throw new DemoFailure("the console answered to '" + command + "': " + text.strip(), e);
        }
    }

    /** Opens a session for each command, since Karaf ends the session after the command. */
    private String run(String command) throws IOException, DemoFailure {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ClientSession session =
                client.connect("admin", "127.0.0.1", port).verify(TIMEOUT).getSession()) {
            session.addPasswordIdentity(password);
            session.auth().verify(TIMEOUT);
            try (ChannelExec channel = session.createExecChannel(command)) {
                channel.setOut(out);
                channel.setErr(out);
                channel.open().verify(TIMEOUT);
                if (channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), TIMEOUT)
                        .contains(ClientChannelEvent.TIMEOUT)) {
                    throw new DemoFailure(
                            "the console did not answer '" + command + "' within " + TIMEOUT.toSeconds() + " s");
                }
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.stop();
    }
}
