package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import jakarta.jms.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PrivilegedAction;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.security.auth.Subject;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.features.Repository;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.MethodSorters;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.postern.catalogue.UserRole;
import org.postern.ledger.RequestState;

/**
 * Checks the distribution of this build from within; one container for all tests, which run in the order of their
 * names.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public class InsideTheApplianceIT extends InTheContainer {

    private static final String ROLE = "electricity-network-operator";
    private static final int IN_FLIGHT = 12;
    /** A register that was read and is not zero. */
    private static final Pattern READING =
            Pattern.compile("\"ActiveImportRegister\"\\s*:\\s*\\{\\s*\"Value\"\\s*:\\s*\"[1-9]");

    private static final Set<String> SCOPES = Set.of("dcc", "gbcs", "hsm", "audit", "sim");

    @Inject
    private FeaturesService features;

    @Inject
    private SessionFactory sessions;

    @Inject
    private ConfigurationAdmin settings;

    @Configuration
    public Option[] distribution() throws IOException {
        return Distribution.withSimulatorsPki(Map.of());
    }

    @Test
    public void a_everyPartComesUpAndTheReadyMarkerAppears() throws Exception {
        Path ready = Path.of(System.getProperty("karaf.data"), "ready");
        await("the ready marker", () -> Files.exists(ready));
        List<String> notActive = Arrays.stream(context().getBundles())
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE
                        && bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
                .map(Bundle::getSymbolicName)
                .toList();
        assertEquals(List.of(), notActive);
        assertTrue(Files.readString(ready)
                .startsWith("pid=" + ProcessHandle.current().pid()));
    }

    @Test
    public void b_nobodyHasADefaultPassword() throws Exception {
        Path etc = Path.of(System.getProperty("karaf.etc"));
        assertEquals("rw-------", mode(etc.resolve("users.properties")));
        Path secrets = Path.of(System.getProperty("postern.state"), "secrets");
        Set<String> contents = new TreeSet<>();
        for (String name : List.of(
                "console-admin.password", "broker-postern.password", "broker-supplier.password", "http-door.token")) {
            assertEquals("rw-------", mode(secrets.resolve(name)));
            String secret = Files.readString(secrets.resolve(name)).strip();
            assertTrue(name, secret.length() >= 32);
            contents.add(secret);
        }
        assertEquals("no two are the same", 4, contents.size());
    }

    @Test
    public void c_everyCommandHasALineInItsScopesAcl() throws Exception {
        features.installFeature("postern-simulator");
        Set<String> commands = new TreeSet<>();
        Set<String> open = new TreeSet<>();
        // The console shows a user only what the user may run.
        Subject everyRole = new Subject();
        List.of("admin", "manager", "viewer", "operator", "security-officer")
                .forEach(role -> everyRole.getPrincipals().add(new RolePrincipal(role)));
        List<Command> visible = Subject.doAs(everyRole, (PrivilegedAction<List<Command>>)
                () -> sessions.getRegistry().getCommands());
        for (Command command : visible) {
            if (SCOPES.contains(command.getScope())) {
                commands.add(command.getScope() + ":" + command.getName());
                Dictionary<String, Object> acl = settings.getConfiguration(
                                "org.apache.karaf.command.acl." + command.getScope(), null)
                        .getProperties();
                if (acl == null || acl.get(command.getName()) == null) {
                    open.add(command.getScope() + ":" + command.getName());
                }
            }
        }
        assertEquals("commands without an ACL line", Set.of(), open);
        assertTrue(
                commands.toString(),
                commands.containsAll(List.of(
                        "dcc:status",
                        "dcc:submit",
                        "dcc:requests",
                        "dcc:show",
                        "gbcs:parse",
                        "hsm:keys",
                        "hsm:test",
                        "audit:tail",
                        "audit:verify")));
    }

    @Test
    public void d_aRoleComesAndGoesWhileRequestsAreInFlight() throws Exception {
        features.uninstallFeature("postern-roles");
        await("the role is gone", () -> role() == null);
        ConcurrentLinkedQueue<BundleEvent> events = new ConcurrentLinkedQueue<>();
        BundleListener listener = events::add;
        context().addBundleListener(listener);
        try (RoleTraffic traffic = new RoleTraffic(context(), UserRole.ED)) {
            assertRefused(traffic);

            deploy();
            assertRead(traffic, traffic.read());
            traffic.raiseAlert();
            Message alert = traffic.alert("ED", WAIT_MILLIS);
            assertNotNull("the role's alert", alert);
            assertEquals("ALERT", alert.getStringProperty("postern_kind"));

            // The DCC delays two rounds of the four senders of this lane; the other requests wait unsigned behind them.
            traffic.fault("delay 5000 times=8");
            List<String> inFlight =
                    Stream.generate(traffic::read).limit(IN_FLIGHT).toList();
            await(
                    "all are admitted",
                    () -> inFlight.stream().allMatch(id -> traffic.state(id).isPresent()));
            await("the DCC holds some of them", () -> traffic.held() >= 4);
            undeploy();
            List<RequestState> states =
                    inFlight.stream().map(id -> traffic.state(id).orElseThrow()).toList();
            assertTrue(states.toString(), states.stream().noneMatch(RequestState::isEnd));
            assertTrue("some have yet to be signed: " + states, states.contains(RequestState.ADMITTED));
            assertRefused(traffic);
            for (String id : inFlight) {
                assertRead(traffic, id);
            }
            traffic.raiseAlert();
            assertNotNull("an alert for nobody", traffic.alert("unassigned", WAIT_MILLIS));

            deploy();
            assertRead(traffic, traffic.read());
            undeploy();
        } finally {
            context().removeBundleListener(listener);
            Files.deleteIfExists(deployed());
        }
        List<String> disturbed = events.stream()
                .filter(event -> event.getType() == BundleEvent.STOPPED || event.getType() == BundleEvent.UNRESOLVED)
                .map(event -> event.getBundle().getSymbolicName())
                .filter(name -> !name.equals("org.postern." + ROLE))
                .toList();
        assertEquals("other bundles that were stopped or refreshed", List.of(), disturbed);
    }

    static void assertRead(RoleTraffic traffic, String id) throws InterruptedException {
        traffic.await("the result of " + id, () -> traffic.answer(id).isPresent());
        RoleTraffic.Answer answer = traffic.answer(id).orElseThrow();
        assertEquals(answer.text(), "RESULT", answer.kind());
        assertTrue(answer.text(), READING.matcher(answer.text()).find());
        assertEquals("copies of " + id, 1, answer.copies());
        traffic.await(id + " is delivered", () -> traffic.state(id).orElseThrow() == RequestState.DELIVERED);
    }

    private static void assertRefused(RoleTraffic traffic) throws InterruptedException {
        String id = traffic.read();
        traffic.await("the refusal of " + id, () -> traffic.answer(id).isPresent());
        RoleTraffic.Answer answer = traffic.answer(id).orElseThrow();
        assertEquals(answer.text(), "REFUSAL", answer.kind());
        assertEquals("PST-2110", answer.code());
    }

    private static Path deployed() {
        return Path.of(System.getProperty("karaf.base"), "deploy", ROLE + ".jar");
    }

    private void deploy() throws IOException, InterruptedException {
        String version = System.getProperty("postern.version", "0.1.0-SNAPSHOT");
        Path draft = deployed().resolveSibling("." + ROLE + ".part");
        Files.copy(
                Path.of(
                        System.getProperty("karaf.home"),
                        "system/org/postern",
                        ROLE,
                        version,
                        ROLE + "-" + version + ".jar"),
                draft,
                StandardCopyOption.REPLACE_EXISTING);
        Files.move(draft, deployed(), StandardCopyOption.ATOMIC_MOVE);
        await("the role is active", () -> role() != null && role().getState() == Bundle.ACTIVE);
        await("the role is registered", () -> registered() == 1);
    }

    private void undeploy() throws IOException, InterruptedException {
        Files.delete(deployed());
        await("the role is removed", () -> role() == null);
        await("the role is no longer registered", () -> registered() == 0);
    }

    @Test
    public void e_everyFeatureInstalls() throws Exception {
        for (Repository repository : features.listRepositories()) {
            if (repository.getName().startsWith("postern-")) {
                for (Feature feature : repository.getFeatures()) {
                    if (!features.isInstalled(feature)) {
                        features.installFeature(feature.getName(), feature.getVersion());
                    }
                    assertTrue(feature.getName(), features.isInstalled(feature));
                }
            }
        }
        assertFalse(Boolean.parseBoolean((String) settings.getConfiguration("org.apache.karaf.features", null)
                .getProperties()
                .get("autoRefresh")));
    }

    private Bundle role() {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> ("org.postern." + ROLE).equals(bundle.getSymbolicName()))
                .findFirst()
                .orElse(null);
    }

    /** Number of services that this role's bundle registers as a User Role. */
    private int registered() {
        try {
            ServiceReference<?>[] all =
                    context().getAllServiceReferences("org.postern.servicerequests.RoleBundle", null);
            return all == null
                    ? 0
                    : (int) Arrays.stream(all)
                            .filter(reference -> ("org.postern." + ROLE)
                                    .equals(reference.getBundle().getSymbolicName()))
                            .count();
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static String mode(Path file) throws IOException {
        return java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
