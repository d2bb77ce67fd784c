package org.postern.gatewayclient.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.Fault;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.gatewayclient.DccGateway;
import org.postern.gatewayclient.Exchange;
import org.postern.gatewayclient.GatewayFault;
import org.postern.gatewayclient.GatewayStatus;
import org.postern.gatewayclient.TlsFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway as configured. Changed settings open a new one. Where settings or key files are not valid, the last good
 * gateway stays in use; where there is none yet, nothing is sent and requests wait. In both cases the part
 * {@code gateway} reports the fault.
 */
@Component(
        service = {DccGateway.class, PartHealth.class},
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + GatewaySettings.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = GatewayComponent.Config.class)
public final class GatewayComponent implements DccGateway, PartHealth {

    /** Settings of PID {@code org.postern.gateway}. */
    @ObjectClassDefinition(
            name = "Postern gateway client",
            description = "The addresses of the DCC's three web services, and how to call them.")
    @interface Config {

        @AttributeDefinition(
                name = "Base address",
                description = "Scheme https, host and port of the DCC User Gateway, without the paths.")
        @Form(form = SettingForm.HTTPS_ADDRESS)
        String baseUrl();

        @AttributeDefinition(name = "Path of Transform", description = "Takes critical Service Requests.")
        @Form(form = SettingForm.URL_PATH)
        String transformPath() default GatewaySettings.TRANSFORM_PATH;

        @AttributeDefinition(
                name = "Path of Send Command",
                description = "Takes non-critical requests and Signed Pre-Commands.")
        @Form(form = SettingForm.URL_PATH)
        String sendCommandPath() default GatewaySettings.SEND_COMMAND_PATH;

        @AttributeDefinition(
                name = "Path of Non-Device",
                description = "Takes requests that the DCC carries out itself, and local delivery.")
        @Form(form = SettingForm.URL_PATH)
        String nonDevicePath() default GatewaySettings.NON_DEVICE_PATH;

        @AttributeDefinition(
                name = "Client key store",
                description = "PKCS#12 file with our TLS client key and its certificates.")
        @Form(form = SettingForm.EXISTING)
        String keyStore();

        @AttributeDefinition(
                name = "Password file of the key store",
                description = "File that holds the password and nothing else.")
        @Form(form = SettingForm.EXISTING)
        String keyStorePasswordFile();

        @AttributeDefinition(
                name = "Trust store",
                description = "PKCS#12 file with the authorities that may have issued the DCC's server certificate.")
        @Form(form = SettingForm.EXISTING)
        String trustStore();

        @AttributeDefinition(
                name = "Password file of the trust store",
                description = "File that holds the password and nothing else.")
        @Form(form = SettingForm.EXISTING)
        String trustStorePasswordFile();

        @AttributeDefinition(name = "TLS versions", description = "TLSv1.3, TLSv1.2 or both, joined by commas.")
        @Form(form = SettingForm.TLS_VERSIONS)
        String protocols() default "TLSv1.3,TLSv1.2";

        @AttributeDefinition(
                name = "Cipher suites",
                description = "JSSE names joined by commas; empty for the default of the JDK.")
        @Form(form = SettingForm.CIPHER_SUITES)
        String cipherSuites() default "";

        @AttributeDefinition(
                name = "Check host name",
                description = "The server's certificate must carry the host name of the base address.")
        boolean checkHostName() default true;

        @AttributeDefinition(
                name = "Connect timeout",
                description = "Seconds within which a connection must be open, including the TLS handshake.",
                min = "1",
                max = "120")
        int connectTimeoutSeconds() default GatewaySettings.CONNECT_SECONDS;

        @AttributeDefinition(
                name = "Answer timeout",
                description = "Seconds from sending to the last byte of the answer; then the exchange is in doubt.",
                min = "1",
                max = "600")
        int answerTimeoutSeconds() default 30;

        @AttributeDefinition(
                name = "Idle timeout",
                description = "Seconds after which an idle connection is closed: firewalls drop"
                        + " idle connections, many after a minute, without notice.",
                min = "1",
                max = "3600")
        int idleTimeoutSeconds() default GatewaySettings.IDLE_SECONDS;

        @AttributeDefinition(
                name = "Connections",
                description = "Maximum number of concurrent exchanges; each has a connection that stays open.",
                min = "1",
                max = "64")
        int maxConnections() default GatewaySettings.CONNECTIONS;

        @AttributeDefinition(
                name = "Connections for prepayment",
                description = "Number of connections that only prepayment and"
                        + " supply-affecting requests may use; at least one is left to the other requests.",
                min = "0",
                max = "63")
        int prepaymentConnections() default GatewaySettings.PREPAYMENT_CONNECTIONS;

        @AttributeDefinition(
                name = "Largest answer",
                description = "Maximum size of an answer in bytes; a larger one is not read.",
                min = "1024",
                max = "67108864")
        int maxAnswerBytes() default GatewaySettings.MAX_ANSWER_BYTES;

        @AttributeDefinition(
                name = "Probe",
                description = "Seconds without any exchange after which a connection is opened to check whether"
                        + " the DCC can be reached; 0: never.",
                min = "0",
                max = "3600")
        int probeSeconds() default 30;
    }

    /** The gateway of one version of the settings. */
    private record Running(HttpsGateway gateway, TlsWatch watch, int probeSeconds) {}

    private static final Logger LOG = LoggerFactory.getLogger(GatewayComponent.class);
    private static final long CHECK_MILLIS = 2000;

    private final ScheduledExecutorService checks = daemon("postern-gateway-checks");
    private final ScheduledExecutorService probes = daemon("postern-gateway-probe");
    private volatile @Nullable Running running;
    private volatile @Nullable Fault settingsFault;
    /** The newest settings: opening a gateway with them is retried while there is none. */
    private Config newestSettings;

    private boolean stopped;

    @Activate
    @SuppressWarnings("FutureReturnValueIgnored") // neither task ends with an exception: each one is caught and logged
    public GatewayComponent(Config config) {
        newestSettings = config;
        configure(config);
        checks.scheduleWithFixedDelay(this::retryOrCheckKeyFiles, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        probes.scheduleWithFixedDelay(this::probe, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    static ScheduledExecutorService daemon(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Synchronised with the checks: one that has begun with older settings must not replace the gateway of newer ones.
     */
    @Modified
    synchronized void configure(Config config) {
        newestSettings = config;
        try {
            Running before = running;
            running = open(config);
            settingsFault = null;
            if (before != null) {
                before.gateway().close();
            }
        } catch (PosternException e) {
            settingsFault = e.fault();
            LOG.error(
                    "{}{}",
                    e.fault(),
                    running == null ? "; nothing is sent to the DCC" : "; the last good settings stay in use");
        }
    }

    /** Opens a gateway where there is none, because files may have been added since; otherwise checks its key files. */
    synchronized void retryOrCheckKeyFiles() {
        if (stopped) {
            return;
        }
        Running now = running;
        try {
            if (now == null) {
                String before = String.valueOf(settingsFault);
                running = open(newestSettings);
                settingsFault = null;
                LOG.info("the gateway to the DCC is open; fault before: {}", before);
            } else {
                now.watch().check();
            }
        } catch (PosternException e) {
            settingsFault = e.fault();
        } catch (RuntimeException | Error e) {
            LOG.warn("{} the key files of the gateway could not be checked", GatewayFault.EXCHANGE_FAILED.code(), e);
        }
    }

    private void probe() {
        Running now = running;
        try {
            if (now != null && now.probeSeconds() > 0) {
                now.gateway().probe(Duration.ofSeconds(now.probeSeconds()));
            }
        } catch (RuntimeException | Error e) {
            LOG.warn("{} the DCC could not be probed", GatewayFault.EXCHANGE_FAILED.code(), e);
        }
    }

    private static Running open(Config config) {
        String baseUrl = present(GatewaySettings.PID, "baseUrl", config.baseUrl());
        TlsFiles tls = new TlsFiles(
                file(GatewaySettings.PID, "keyStore", config.keyStore()),
                file(GatewaySettings.PID, "keyStorePasswordFile", config.keyStorePasswordFile()),
                file(GatewaySettings.PID, "trustStore", config.trustStore()),
                file(GatewaySettings.PID, "trustStorePasswordFile", config.trustStorePasswordFile()),
                SettingForm.list(config.protocols()),
                SettingForm.list(config.cipherSuites()));
        HttpsGateway gateway = new HttpsGateway(
                new GatewaySettings(
                        GatewaySettings.uri("baseUrl", baseUrl, ""),
                        GatewaySettings.endpoints(
                                baseUrl, config.transformPath(), config.sendCommandPath(), config.nonDevicePath()),
                        tls,
                        Duration.ofSeconds(config.connectTimeoutSeconds()),
                        Duration.ofSeconds(config.answerTimeoutSeconds()),
                        Duration.ofSeconds(config.idleTimeoutSeconds()),
                        config.maxConnections(),
                        config.prepaymentConnections(),
                        config.maxAnswerBytes(),
                        config.checkHostName()),
                Clock.systemUTC());
        return new Running(gateway, new TlsWatch(GatewaySettings.PID, tls, gateway::use), config.probeSeconds());
    }

    static Path file(String pid, String name, String value) {
        return Path.of(present(pid, name, value));
    }

    static String present(String pid, String name, String value) {
        if (value == null || value.isBlank()) {
            throw new PosternException(GatewayFault.SETTING.fault(pid + "/" + name, "a value", "missing", "set it"));
        }
        return value.strip();
    }

    @Override
    public Exchange post(Lane lane, ServiceEndpoint endpoint, byte[] signedDuis) {
        Running now = running;
        return now == null
                ? new Exchange.Unreachable("no usable settings: " + settingsFault)
                : now.gateway().post(lane, endpoint, signedDuis);
    }

    @Override
    public GatewayStatus status() {
        Running now = running;
        GatewayStatus of = now == null
                ? new GatewayStatus("", 0, 0, 0, 0, 0, Optional.empty(), Optional.empty())
                : now.gateway().status();
        Optional<Fault> trouble = Optional.ofNullable(settingsFault)
                .or(() -> now == null ? Optional.empty() : now.watch().trouble())
                .or(of::trouble);
        return new GatewayStatus(
                of.baseUrl(),
                of.answered(),
                of.refused(),
                of.inDoubt(),
                of.unreachable(),
                of.handshakes(),
                of.lastAnswerAt(),
                trouble);
    }

    @Override
    public String part() {
        return "gateway";
    }

    @Override
    public Optional<Fault> trouble() {
        return status().trouble();
    }

    @Override
    public Map<String, Long> figures() {
        Running now = running;
        return Map.of(
                "postern_gateway_certificates_refused_total",
                now == null ? 0 : now.gateway().refusedCertificates(),
                "postern_gateway_handshakes_total",
                now == null ? 0 : now.gateway().status().handshakes());
    }

    @Deactivate
    synchronized void deactivate() {
        // a check that waits for this method must not open another gateway
        stopped = true;
        checks.shutdownNow();
        probes.shutdownNow();
        Running now = running;
        if (now != null) {
            now.gateway().close();
        }
    }
}
