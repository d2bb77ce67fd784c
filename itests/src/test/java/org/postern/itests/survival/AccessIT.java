package org.postern.itests.survival;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ChannelSubsystem;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Await;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.PosternProcess;

/**
 * Compares every access to the process, for every role, with the table in docs/access.md: what that does not allow must
 * fail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> ROLES =
            List.of("none", "viewer", "operator", "security-officer", "manager", "admin");

    /** One kind of access. */
    @FunctionalInterface
    private interface AccessCheck {
        boolean opens(String user) throws Exception;
    }

    private final SshClient client = SshClient.setUpDefaultClient();
    private PosternProcess postern;

    @BeforeAll
    void start() throws Exception {
        if (!Prerequisites.met()) {
            return;
        }
        Path work = Path.of("target", "survival", "access").toAbsolutePath();
        PosternProcess.delete(work);
        SimulatorPki pki = SimulatorPki.create(work.resolve("pki"), new Population(3, 1), Clock.systemUTC());
        postern = PosternProcess.unpack(Prerequisites.distribution(), work.resolve("appliance"), pki, Ports.free());
        List<String> users = new ArrayList<>(List.of(
                "admin = " + password("admin") + ",_g_:admingroup",
                "_g_\\:admingroup = group,admin,manager,viewer,systembundles,ssh,operator,security-officer"));
        for (String role : ROLES) {
            users.add("user-" + role + " = " + password("user-" + role) + (role.equals("none") ? "" : "," + role)
                    + ",ssh");
            users.add("bare-" + role + " = " + password("bare-" + role) + (role.equals("none") ? "" : "," + role));
        }
        Files.write(postern.home().resolve("etc/users.properties"), users);
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        client.start();
        postern.start();
        Await.until(
                () -> "the console answers; " + postern.lastLogLines(),
                Duration.ofSeconds(150),
                () -> postern.log().contains("no file transfer and no forwarding") && exec("admin", "dcc:status") == 0);
        Await.until(
                () -> "the HTTP interface is open; " + postern.lastLogLines(),
                Duration.ofSeconds(150),
                () -> http("x", "y") == 401);
    }

    @BeforeEach
    void prerequisites() {
        Prerequisites.distribution();
    }

    @AfterAll
    void stop() {
        client.stop();
        if (postern != null) {
            postern.close();
        }
    }

    private static String password(String user) {
        return "Pw-" + user;
    }

    private ClientSession login(String user) throws IOException {
        ClientSession session = client.connect(
                        user, "127.0.0.1", postern.ports().ssh())
                .verify(TIMEOUT)
                .getSession();
        session.addPasswordIdentity(password(user));
        session.auth().verify(TIMEOUT);
        return session;
    }

    private int exec(String user, String line) throws IOException {
        return exec(user, line, new ByteArrayOutputStream());
    }

    private int exec(String user, String line, ByteArrayOutputStream out) throws IOException {
        try (ClientSession session = login(user)) {
            return exec(session, line, out);
        } catch (org.apache.sshd.common.SshException e) {
            return -1;
        }
    }

    private static int exec(ClientSession session, String line, ByteArrayOutputStream out) throws IOException {
        try (ChannelExec channel = session.createExecChannel(line)) {
            channel.setOut(out);
            channel.setErr(out);
            channel.open().verify(TIMEOUT);
            if (channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), TIMEOUT).contains(ClientChannelEvent.TIMEOUT)) {
                throw new AssertionError(line + " did not end");
            }
            return channel.getExitStatus() == null ? -1 : channel.getExitStatus();
        }
    }

    private boolean sftp(String user) throws IOException {
        try (ClientSession session = login(user);
                ChannelSubsystem channel = session.createSubsystemChannel("sftp")) {
            channel.open().verify(TIMEOUT);
            // SSH_FXP_INIT, version 3: a server of that protocol answers with its version
            channel.getInvertedIn().write(new byte[] {0, 0, 0, 5, 1, 0, 0, 0, 3});
            channel.getInvertedIn().flush();
            return channel.getInvertedOut().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean forwardsTo(String user, int port) throws IOException {
        try (ClientSession session = login(user);
                ChannelDirectTcpip channel = session.createDirectTcpipChannel(
                        new SshdSocketAddress("127.0.0.1", 1), new SshdSocketAddress("127.0.0.1", port))) {
            channel.open().verify(TIMEOUT);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean forwardsFrom(String user) throws IOException {
        try (ClientSession session = login(user)) {
            session.startRemotePortForwarding(
                    new SshdSocketAddress("127.0.0.1", 0),
                    new SshdSocketAddress("127.0.0.1", postern.ports().http()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @SuppressWarnings("BanJNDI") // it is refused, which is what is tried
    private static boolean jmx(String user) {
        for (int port : new int[] {1099, 44444, 9999}) {
            try (JMXConnector connector = JMXConnectorFactory.connect(
                    new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/karaf-root"),
                    Map.of(JMXConnector.CREDENTIALS, new String[] {user, password(user)}))) {
                connector.getMBeanServerConnection().getMBeanCount();
                return true;
            } catch (IOException | SecurityException e) {
                // closed
            }
        }
        return false;
    }

    private int http(String user, String password) throws Exception {
        String basic = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                            + postern.ports().http() + "/service-requests"))
                                    .header("Authorization", "Basic " + basic)
                                    .header("Content-Type", "application/json")
                                    .timeout(TIMEOUT)
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    private boolean jms(String user) {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(
                        "tcp://127.0.0.1:" + postern.ports().broker());
                Connection connection = factory.createConnection(user, password(user))) {
            connection.start();
            return true;
        } catch (JMSException e) {
            return false;
        }
    }

    /** The kinds of access, by the text in the table's first column; a text in backquotes is a command line for ssh. */
    private Map<String, AccessCheck> accessChecks() {
        Map<String, AccessCheck> checks = new LinkedHashMap<>();
        checks.put("SFTP", user -> sftp("user-" + user));
        checks.put("SCP, download", user -> exec("user-" + user, "scp -f etc/users.properties") == 0);
        checks.put("SCP, upload", user -> exec("user-" + user, "scp -t deploy/") == 0);
        checks.put(
                "ssh port forwarding, to a port of this machine",
                user -> forwardsTo("user-" + user, postern.ports().http()));
        checks.put("ssh port forwarding, from a port of this machine", user -> forwardsFrom("user-" + user));
        checks.put("ssh without the role `ssh`", user -> exec("bare-" + user, "logout") == 0);
        checks.put("JMX", user -> jmx("user-" + user));
        checks.put("JMX without the role `ssh`", user -> jmx("bare-" + user));
        checks.put(
                "HTTP with a console user's password", user -> http("user-" + user, password("user-" + user)) != 401);
        checks.put("JMS with a console user's password", user -> jms("user-" + user));
        return checks;
    }

    /** Compares each cell of docs/access.md with the appliance. */
    @Test
    void everyAccessIsOpenOnlyToTheRolesThatThePolicyNames() throws Exception {
        Map<String, AccessCheck> checks = accessChecks();
        Path secret = postern.home().resolve("state/secrets/http-door.token");
        List<String> wrong = new ArrayList<>();
        int cells = 0;
        List<String> unused = new ArrayList<>(checks.keySet());
        for (String line : Files.readAllLines(Path.of(System.getProperty("postern.root"), "docs/access.md"))) {
            List<String> columns =
                    List.of(line.split("\\|", -1)).stream().map(String::strip).toList();
            if (columns.size() != ROLES.size() + 3 || !columns.get(2).matches("yes|no")) {
                continue;
            }
            String name = columns.get(1);
            unused.remove(name);
            AccessCheck check = checks.containsKey(name)
                    ? checks.get(name)
                    : user -> allowed(
                            "user-" + user,
                            name.replaceAll("^`|`$", "")
                                    .replace("INSTALLATION", postern.home().toString())
                                    .replace("SECRET", secret.toString()));
            for (int role = 0; role < ROLES.size(); role++) {
                cells++;
                boolean opens = check.opens(ROLES.get(role));
                if (opens != columns.get(role + 2).equals("yes")) {
                    wrong.add(name + " for " + ROLES.get(role) + ": " + (opens ? "open" : "closed"));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(unused).as("kinds of access that the policy does not name").isEmpty();
        assertThat(cells).isGreaterThan(200);
        try (Stream<Path> deployed = Files.list(postern.home().resolve("deploy"))) {
            assertThat(deployed.filter(file -> !file.getFileName().toString().startsWith("README")))
                    .isEmpty();
        }
    }

    /** True if the role may run the command, even if the command then fails for another reason. */
    private boolean allowed(String user, String line) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = exec(user, line, out);
        String text = out.toString(StandardCharsets.UTF_8);
        return status == 0
                || status == 1
                        && !text.contains("Command not found")
                        && !text.contains("Insufficient credentials")
                        && !text.contains("PST-7095")
                        && !text.contains("PST-7096");
    }

    /**
     * Tries every command that is not Postern's, as listed by the appliance, with every role but the administrator's.
     */
    @Test
    void karafsOwnCommandsAreForTheAdministratorOnly() throws Exception {
        ByteArrayOutputStream help = new ByteArrayOutputStream();
        assertThat(exec("admin", "*:help", help)).isZero();
        List<String> commands = help.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceAll("\u001B\\[[0-9;]*m", "").strip().split(" ")[0])
                .filter(name -> name.matches("[a-z]+:[A-Za-z-]+")
                        && !name.matches("(dcc|gbcs|hsm|audit|sim):.*|shell:(logout|clear)"))
                .toList();
        assertThat(commands).hasSizeGreaterThan(150);
        List<String> open = new ArrayList<>();
        for (String role : ROLES.subList(0, ROLES.size() - 1)) {
            try (ClientSession session = login("user-" + role)) {
                for (String command : commands) {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    int status = exec(session, command + " --help", out);
                    String text = out.toString(StandardCharsets.UTF_8);
                    if (status == 0
                            || !text.contains("Command not found") && !text.contains("Insufficient credentials")) {
                        open.add(command + " for " + role + ": " + status + " " + text);
                    }
                }
            }
        }
        System.out.printf("%d commands of Karaf's tried for %d roles%n", commands.size(), ROLES.size() - 1);
        assertThat(open).isEmpty();
    }

    /** No command reads Postern's own files, whatever the role. */
    @Test
    void noCommandReadsAFileOfPosterns() throws Exception {
        Path home = postern.home();
        Path in = home.resolve("state/import");
        Files.createSymbolicLink(in.resolve("link.xml"), home.resolve("etc/users.properties"));
        Files.createLink(in.resolve("hard.xml"), home.resolve("state/ledger/ledger.db"));
        for (String file : List.of(
                home.resolve("state/ledger/ledger.db").toString(),
                home.resolve("etc/users.properties").toString(),
                "../ledger/ledger.db",
                "link.xml",
                "hard.xml",
                "/etc/passwd",
                "/proc/self/environ")) {
            for (String command : List.of("dcc:submit", "dcc:check-certificates")) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                assertThat(exec("admin", command + " " + file, out))
                        .as("%s %s", command, file)
                        .isEqualTo(1);
                assertThat(out.toString(StandardCharsets.UTF_8))
                        .as("%s %s", command, file)
                        .contains("PST-7095")
                        .doesNotContain("Pw-");
            }
        }
    }

    /** More output than the client's window and the pipe behind it can hold, read slowly. */
    @Test
    void outputOverSshArrivesCompletely() throws Exception {
        int size = 3 << 20;
        Path big = Files.writeString(
                Path.of("target", "survival", "access", "big.txt").toAbsolutePath(), "x".repeat(size));
        for (int i = 0; i < 3; i++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream() {
                @Override
                public synchronized void write(byte[] bytes, int from, int length) {
                    java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
                    super.write(bytes, from, length);
                }
            };
            assertThat(exec("admin", "shell:cat " + big, out)).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)
                            .chars()
                            .filter(c -> c == 'x')
                            .count())
                    .isEqualTo(size);
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        exec("admin", "gbcs:use-cases --json; ".repeat(64), json);
        assertThat(json.size()).isGreaterThan(1 << 20);
        assertThat(json.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.contains("\"code\":\"1001\""))
                        .count())
                .isEqualTo(64);
    }

    /** A client cannot set the session variable USER, by which another user would be recorded. */
    @Test
    void theSecurityLogNamesTheUserWhoLoggedIn() throws Exception {
        Files.writeString(postern.home().resolve("state/import/request.json"), "{}");
        exec("user-operator", "USER = admin; dcc:submit request.json");

        String log;
        try (Stream<Path> files = Files.walk(postern.home().resolve("state/security-log"))) {
            log = files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .map(AccessIT::text)
                    .reduce("", String::concat);
        }
        String last = log.lines()
                .filter(line -> line.contains("dcc:submit"))
                .reduce((a, b) -> b)
                .orElseThrow();
        assertThat(last).contains("user-operator");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
