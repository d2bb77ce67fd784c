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
 * Every way into the process, for every role, against the table in docs/access.md: what is not allowed there must fail
 * here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessIT {

    private static final Duration MOST = Duration.ofSeconds(30);
    private static final List<String> ROLES =
            List.of("none", "viewer", "operator", "security-officer", "manager", "admin");

    /** One way in. */
    @FunctionalInterface
    private interface Way {
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
                () -> "the console answers; " + postern.lastWords(),
                Duration.ofSeconds(150),
                () -> postern.log().contains("no file transfer and no forwarding") && exec("admin", "dcc:status") == 0);
        Await.until(
                () -> "the HTTP interface is open; " + postern.lastWords(),
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
                .verify(MOST)
                .getSession();
        session.addPasswordIdentity(password(user));
        session.auth().verify(MOST);
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
            channel.open().verify(MOST);
            if (channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), MOST).contains(ClientChannelEvent.TIMEOUT)) {
                throw new AssertionError(line + " did not end");
            }
            return channel.getExitStatus() == null ? -1 : channel.getExitStatus();
        }
    }

    private boolean sftp(String user) throws IOException {
        try (ClientSession session = login(user);
                ChannelSubsystem channel = session.createSubsystemChannel("sftp")) {
            channel.open().verify(MOST);
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
            channel.open().verify(MOST);
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
                                    .timeout(MOST)
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

    /** The ways by the words of the table's first column; a command line in backquotes is given over ssh. */
    private Map<String, Way> ways() {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("SFTP", user -> sftp("user-" + user));
        ways.put("SCP, from here", user -> exec("user-" + user, "scp -f etc/users.properties") == 0);
        ways.put("SCP, to here", user -> exec("user-" + user, "scp -t deploy/") == 0);
        ways.put(
                "ssh port forwarding, to a port here",
                user -> forwardsTo("user-" + user, postern.ports().http()));
        ways.put("ssh port forwarding, from a port here", user -> forwardsFrom("user-" + user));
        ways.put("ssh without the role `ssh`", user -> exec("bare-" + user, "logout") == 0);
        ways.put("JMX", user -> jmx("user-" + user));
        ways.put("JMX without the role `ssh`", user -> jmx("bare-" + user));
        ways.put("HTTP with a console user's password", user -> http("user-" + user, password("user-" + user)) != 401);
        ways.put("JMS with a console user's password", user -> jms("user-" + user));
        return ways;
    }

    /** What each cell of docs/access.md says, against what the appliance does. */
    @Test
    void everyWayIsOpenToThoseRolesAloneThatThePolicyNames() throws Exception {
        Map<String, Way> ways = ways();
        Path secret = postern.home().resolve("state/secrets/http-door.token");
        List<String> wrong = new ArrayList<>();
        int cells = 0;
        List<String> unused = new ArrayList<>(ways.keySet());
        for (String line : Files.readAllLines(Path.of(System.getProperty("postern.root"), "docs/access.md"))) {
            List<String> columns =
                    List.of(line.split("\\|", -1)).stream().map(String::strip).toList();
            if (columns.size() != ROLES.size() + 3 || !columns.get(2).matches("yes|no")) {
                continue;
            }
            String name = columns.get(1);
            unused.remove(name);
            Way way = ways.containsKey(name)
                    ? ways.get(name)
                    : user -> allowed(
                            "user-" + user,
                            name.replaceAll("^`|`$", "")
                                    .replace("INSTALLATION", postern.home().toString())
                                    .replace("SECRET", secret.toString()));
            for (int role = 0; role < ROLES.size(); role++) {
                cells++;
                boolean opens = way.opens(ROLES.get(role));
                if (opens != columns.get(role + 2).equals("yes")) {
                    wrong.add(name + " for " + ROLES.get(role) + ": " + (opens ? "open" : "closed"));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(unused).as("ways that the policy does not name").isEmpty();
        assertThat(cells).isGreaterThan(200);
        try (Stream<Path> deployed = Files.list(postern.home().resolve("deploy"))) {
            assertThat(deployed.filter(file -> !file.getFileName().toString().startsWith("README")))
                    .isEmpty();
        }
    }

    /** True where the role may give the command, even if it then fails for a reason of its own. */
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
     * Every command that is not Postern's, as the appliance itself lists them, for every role but the administrator's.
     */
    @Test
    void karafsOwnCommandsAreTheAdministratorsAlone() throws Exception {
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

    /** Whatever a role may do: files of Postern's own are read by no command. */
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

    /** More than a client's window and the pipe behind it hold, read slowly. */
    @Test
    void outputOverSshArrivesWhole() throws Exception {
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

    /** A client cannot set the variable by which others would be blamed. */
    @Test
    void theSecurityLogNamesWhoLoggedIn() throws Exception {
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
