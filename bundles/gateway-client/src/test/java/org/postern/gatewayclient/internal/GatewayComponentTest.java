package org.postern.gatewayclient.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.GatewayFault;
import org.postern.testkit.Await;

/** Changes of settings and key files while the gateway is in use. */
class GatewayComponentTest extends GatewayFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void invalidSettingsAreReportedAndNothingIsSentUntilTheyAreCorrected() throws Exception {
        ScriptedDcc server = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        GatewayComponent component = new GatewayComponent(config("http://localhost:" + server.port()));
        open.add(0, component::deactivate);
        assertThat(component.trouble()).hasValueSatisfying(fault -> {
            assertThat(fault.code()).isEqualTo("PST-7001");
            assertThat(fault.field()).isEqualTo("org.postern.gateway/baseUrl");
        });
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Unreachable.class);
        component.configure(config("https://localhost:" + server.port()));
        assertThat(component.trouble()).isEmpty();
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        component.configure(config("http://localhost:1"));
        assertThat(component.trouble()).isPresent();
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .as("the last good settings")
                .isInstanceOf(Exchange.Answered.class);
    }

    @Test
    void renewedKeyFilesAreUsedForNewConnections() throws Exception {
        ScriptedDcc server = server(ScriptedDcc.answering("200 OK", XML, ANSWER));
        GatewayComponent component = new GatewayComponent(config("https://localhost:" + server.port()));
        open.add(0, component::deactivate);
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        int before = server.handshakes.get();
        authority.renewWithWrongKey("postern");
        Await.until("the fault", PATIENCE, () -> component.trouble().isPresent());
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .as("with the last good key")
                .isInstanceOf(Exchange.Answered.class);
        authority.member("postern", authority);
        Await.until("the end of the fault", PATIENCE, () -> component.trouble().isEmpty());
        assertThat(component.post(Lane.ROUTINE, ServiceEndpoint.TRANSFORM, REQUEST))
                .isInstanceOf(Exchange.Answered.class);
        assertThat(server.handshakes.get())
                .as("a new connection, with the new key")
                .isGreaterThan(before);
    }

    /**
     * A check that opens a gateway with older settings is interrupted by newer settings: in the end the newer ones are
     * in use, whichever of the two began first.
     */
    @Test
    void aCheckWithOlderSettingsDoesNotReplaceNewerSettings() throws Exception {
        String older = "https://localhost:1";
        String newer = "https://localhost:2";
        CountDownLatch checking = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<Thread> check = new AtomicReference<>();
        GatewayComponent.Config blocking = config(older, () -> {
            if (Thread.currentThread() != check.get()) {
                // only the check of this test opens the gateway, so that it is the one that is interrupted
                throw new PosternException(GatewayFault.SETTING.fault("test", "a file", "missing", "add it"));
            }
            checking.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        GatewayComponent component = new GatewayComponent(blocking);
        open.add(0, component::deactivate);
        assertThat(component.trouble()).isPresent();
        check.set(new Thread(component::retryOrCheckKeyFiles, "check"));
        check.get().start();
        assertThat(checking.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Thread configuring = new Thread(() -> component.configure(config(newer)), "configure");
        configuring.start();
        Await.until(
                "configure() has ended or waits for the check",
                PATIENCE,
                () -> configuring.getState() == Thread.State.BLOCKED || !configuring.isAlive());
        release.countDown();
        check.get().join();
        configuring.join();
        assertThat(component.status().baseUrl()).isEqualTo(newer);
        assertThat(component.trouble()).isEmpty();
    }

    private GatewayComponent.Config config(String baseUrl) {
        return config(baseUrl, () -> {});
    }

    /** @param opening runs when a gateway with these settings is about to be complete */
    private GatewayComponent.Config config(String baseUrl, Runnable opening) {
        Map<String, Object> values = Map.of(
                "baseUrl",
                baseUrl,
                "keyStore",
                ours.keyStore().toString(),
                "keyStorePasswordFile",
                ours.keyStorePassword().toString(),
                "trustStore",
                ours.trustStore().toString(),
                "trustStorePasswordFile",
                ours.trustStorePassword().toString(),
                "probeSeconds",
                0);
        return (GatewayComponent.Config) Proxy.newProxyInstance(
                GatewayComponentTest.class.getClassLoader(),
                new Class<?>[] {GatewayComponent.Config.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("probeSeconds")) {
                        opening.run();
                    }
                    return values.getOrDefault(method.getName(), method.getDefaultValue());
                });
    }
}
