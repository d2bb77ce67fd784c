package org.postern.itests.survival;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.postern.testkitprocess.PosternProcess;

/** Runs commands of the appliance's console over ssh, several in one session, as an operator's script does. */
final class ConsoleScript implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int AT_ONCE = 40;

    private final SshClient client = SshClient.setUpDefaultClient();
    private final PosternProcess postern;

    ConsoleScript(PosternProcess postern) {
        this.postern = postern;
        // the host key was created seconds ago by a process of this test: there is nothing to compare it with
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.start();
    }

    /** Runs the commands; returns the JSON document that each prints. */
    List<JsonNode> json(List<String> commands) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        for (int from = 0; from < commands.size(); from += AT_ONCE) {
            List<String> part = commands.subList(from, Math.min(from + AT_ONCE, commands.size()));
            String text = run(String.join("; ", part)).replaceAll("\u001B\\[[0-9;]*m", "");
            int before = documents.size();
            try (var values = JSON.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
                values.forEachRemaining(documents::add);
            } catch (RuntimeException e) {
                throw new AssertionError("not JSON: " + text.substring(0, Math.min(2000, text.length())), e);
            }
            if (documents.size() != before + part.size()) {
                throw new AssertionError((documents.size() - before) + " answers to " + part.size()
                        + " commands, the last: " + text.substring(Math.max(0, text.length() - 500)));
            }
        }
        return documents;
    }

    /** Runs the commands; returns their output without colours. */
    String text(String commands) throws IOException {
        return run(commands).replaceAll("\u001B\\[[0-9;]*m", "");
    }

    private String run(String commands) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ClientSession session = client.connect(
                        "admin", "127.0.0.1", postern.ports().ssh())
                .verify(TIMEOUT)
                .getSession()) {
            session.addPasswordIdentity(postern.secret("console-admin.password"));
            session.auth().verify(TIMEOUT);
            try (ChannelExec channel = session.createExecChannel(commands)) {
                channel.setOut(out);
                channel.setErr(out);
                channel.open().verify(TIMEOUT);
                if (channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), TIMEOUT)
                        .contains(ClientChannelEvent.TIMEOUT)) {
                    throw new AssertionError("the console did not answer within " + TIMEOUT.toSeconds() + " s");
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
