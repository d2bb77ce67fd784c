package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.postern.catalogue.Fault;
import org.postern.hsm.KeyVaultException.Kind;
import org.postern.testkit.Await;
import org.postern.testkit.FakeConfigurations;

/** A keeper in an OSGi framework: the service that it registers, and the configurations that it counts. */
class VaultHostTest {

    private static final String PID = "org.postern.hsm.test";
    private static final TestKey KEY = TestKey.of("is-xml", KeyPurpose.XML_SIGNING);

    @TempDir
    Path etc;

    private final FakeConfigurations configurations = new FakeConfigurations();
    private final List<Object> services = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final List<Object> properties = new ArrayList<>();
    private boolean bundleStopped;
    private String formerEtc;
    private VaultKeeper keeper;

    @BeforeEach
    void setEtc() {
        formerEtc = System.setProperty("karaf.etc", etc.toString());
    }

    @AfterEach
    void restoreEtc() {
        if (keeper != null) {
            keeper.close();
        }
        if (formerEtc == null) {
            System.clearProperty("karaf.etc");
        } else {
            System.setProperty("karaf.etc", formerEtc);
        }
    }

    private BundleContext bundle() {
        return (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, args) -> {
                    assertThat(method.getName()).isEqualTo("registerService");
                    assertThat(args[0]).isEqualTo(KeyVault.class);
                    properties.add(((Dictionary<?, ?>) args[2]).get("vault"));
                    services.add(args[1]);
                    return registration(args[1]);
                });
    }

    private Object registration(Object service) {
        return Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServiceRegistration.class}, (proxy, method, args) -> {
                    assertThat(method.getName()).isEqualTo("unregister");
                    if (bundleStopped) {
                        throw new IllegalStateException("the bundle has stopped");
                    }
                    services.remove(service);
                    return null;
                });
    }

    private VaultKeeper start(ConfigurationAdmin admin) {
        keeper = VaultHost.start(bundle(), admin, Map.of(), new VaultKeeper.Source() {
            @Override
            public String pid() {
                return PID;
            }

            @Override
            public AbstractKeyVault open() {
                return new AbstractKeyVault(
                        List.of(KEY.found()),
                        new ProductionRule(false),
                        new ProofAuthority(),
                        new KeyUseListener() {
                            @Override
                            public void beforeRelease(KeyUse use) {
                                throw new IllegalStateException("no key is used");
                            }

                            @Override
                            public void refused(KeyUse use, KeyVaultException why) {
                                throw new IllegalStateException("no key is used");
                            }
                        },
                        TestKey.EC) {};
            }

            @Override
            public String fingerprint() {
                return "";
            }
        });
        return keeper;
    }

    private void awaitTrouble(Kind kind) throws Exception {
        Await.until(
                kind.name(),
                Duration.ofSeconds(20),
                () -> keeper.trouble().map(Fault::kind).filter(kind::equals).isPresent());
    }

    @Test
    void theOpenVaultIsAServiceWithThePidOfItsSettings() throws Exception {
        start(configurations.admin());
        Await.until(
                "the service", Duration.ofSeconds(20), () -> keeper.trouble().isEmpty() && !services.isEmpty());
        assertThat(properties).containsExactly(PID);
        keeper.close();
        Await.until("unregistered", Duration.ofSeconds(20), services::isEmpty);
    }

    @Test
    void closingAfterTheBundleHasStoppedIsNotAnError() throws Exception {
        start(configurations.admin());
        Await.until("the service", Duration.ofSeconds(20), () -> !services.isEmpty());
        bundleStopped = true;
        keeper.close();
    }

    @Test
    void twoConfiguredVaultsAreRefused() throws Exception {
        for (String pid : List.of(PID, "org.postern.hsm.other")) {
            configurations.file(pid, Map.of());
            configurations.stored.get(pid).remove(SingleVaultCheck.FILE_INSTALL_PROPERTY);
        }
        start(configurations.admin());
        awaitTrouble(Kind.TWO_VAULTS);
        assertThat(services).isEmpty();
    }

    @Test
    void aConfigurationIsCountedAsLongAsItsFileExists() throws Exception {
        Path file = Files.writeString(etc.resolve("other.file"), "");
        configurations.file(PID, Map.of());
        configurations.stored.get(PID).remove(SingleVaultCheck.FILE_INSTALL_PROPERTY);
        configurations.file("org.postern.hsm.other", Map.of());
        configurations
                .stored
                .get("org.postern.hsm.other")
                .put(SingleVaultCheck.FILE_INSTALL_PROPERTY, file.toUri().toString());
        start(configurations.admin());
        awaitTrouble(Kind.TWO_VAULTS);
        Files.delete(file);
        Await.until("the service", Duration.ofSeconds(20), () -> !services.isEmpty());
    }

    @Test
    void configurationsThatCannotBeListedLeaveTheVaultClosed() throws Exception {
        start((ConfigurationAdmin) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ConfigurationAdmin.class}, (proxy, method, args) -> {
                    throw new InvalidSyntaxException("played", "filter");
                }));
        // whether or not the thread of the keeper has run its first check, nothing is published
        Await.until(
                "the first step", Duration.ofSeconds(20), () -> keeper.trouble().isPresent());
        assertThat(services).isEmpty();
    }

    @Test
    void aConfigurationWithoutPropertiesCountsAsAVault() throws Exception {
        configurations.file(PID, Map.of());
        configurations.stored.get(PID).remove(SingleVaultCheck.FILE_INSTALL_PROPERTY);
        configurations.stored.put("org.postern.hsm.other", null);
        start(configurations.admin());
        awaitTrouble(Kind.TWO_VAULTS);
    }
}
