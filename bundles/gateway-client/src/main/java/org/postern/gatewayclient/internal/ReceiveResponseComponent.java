package org.postern.gatewayclient.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;
import org.postern.catalogue.settings.SettingsTable;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.gatewayclient.GatewayFault;
import org.postern.gatewayclient.ReceiveResponse;
import org.postern.gatewayclient.TlsFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receive Response as configured. The port stays open while the handler is replaced; while there is none, the DCC is
 * asked to send its documents again later. While no listener is open, opening it is retried, because the port may
 * become free and key files may be corrected. A listener that works stays open where changed settings or key files are
 * not valid. In both cases the part {@code receive response} reports the fault.
 */
@Component(
        service = {ReceiveResponse.class, PartHealth.class},
        immediate = true,
        configurationPid = SettingsTable.IN_FORCE + CallbackServer.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ReceiveResponseComponent.Config.class)
public final class ReceiveResponseComponent implements ReceiveResponse, PartHealth {

    /** Settings of PID {@code org.postern.receiveresponse}. */
    @ObjectClassDefinition(
            name = "Postern Receive Response",
            description = "The web service that the DCC calls with responses and alerts.")
    @interface Config {

        @AttributeDefinition(name = "Address", required = false, description = "Address to listen on; empty for all.")
        @Form(form = SettingForm.LISTEN_ADDRESS)
        String host() default "127.0.0.1";

        @AttributeDefinition(name = "Port", description = "TLS port; 0 for any free one.", min = "0", max = "65535")
        @Form(form = SettingForm.LISTEN_PORT, host = "host")
        int port() default 8443;

        @AttributeDefinition(name = "Path", description = "Path that is registered with the DCC.")
        @Form(form = SettingForm.SERVER_PATH)
        String path() default CallbackServer.Settings.DEFAULT_PATH;

        @AttributeDefinition(
                name = "Server key store",
                description = "PKCS#12 file with our TLS server key and its certificates.")
        @Form(form = SettingForm.EXISTING)
        String keyStore();

        @AttributeDefinition(
                name = "Password file of the key store",
                description = "File that holds the password and nothing else.")
        @Form(form = SettingForm.EXISTING)
        String keyStorePasswordFile();

        @AttributeDefinition(
                name = "Trust store",
                description = "PKCS#12 file with the authorities that may have issued the DCC's client certificate.")
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
                name = "Largest document",
                description = "Maximum size of a document in bytes; a larger one is refused.",
                min = "1024",
                max = "67108864")
        int maxBytes() default CallbackServer.Settings.MAX_BYTES;

        @AttributeDefinition(
                name = "Status for taken",
                description = "HTTP status that acknowledges a document.",
                min = "200",
                max = "299")
        int ackStatus() default CallbackServer.Settings.ACK_STATUS;

        @AttributeDefinition(
                name = "Status for bad",
                description = "HTTP status for a document that is not acceptable.",
                min = "400",
                max = "499")
        int badStatus() default CallbackServer.Settings.BAD_STATUS;

        @AttributeDefinition(
                name = "Status for busy",
                description = "HTTP status while documents cannot be stored.",
                min = "500",
                max = "599")
        int busyStatus() default CallbackServer.Settings.BUSY_STATUS;

        @AttributeDefinition(
                name = "Documents at once",
                description = "Documents handled at the same time; further ones get the status for busy.",
                min = "1",
                max = "512")
        int maxInFlight() default CallbackServer.Settings.MAX_IN_FLIGHT;

        @AttributeDefinition(
                name = "Idle timeout",
                description = "Seconds after which a silent connection is closed.",
                min = "1",
                max = "3600")
        int idleTimeoutSeconds() default CallbackServer.Settings.IDLE_SECONDS;

        @AttributeDefinition(
                name = "Request timeout",
                description = "Seconds within which a request must arrive completely, head and body.",
                min = "1",
                max = "600")
        int requestTimeoutSeconds() default CallbackServer.Settings.REQUEST_SECONDS;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReceiveResponseComponent.class);
    private static final long CHECK_MILLIS = 2000;

    /** The listener of one version of the settings. */
    private record Running(CallbackServer server, TlsWatch watch, String address) {}

    private final ScheduledExecutorService checks = GatewayComponent.daemon("postern-receive-response-checks");
    private volatile @Nullable Running running;
    private volatile @Nullable Fault fault;
    private Config newestSettings;
    private boolean stopped;
    private volatile @Nullable CallbackHandler handler;

    @Activate
    @SuppressWarnings("FutureReturnValueIgnored") // an exception in a check is caught and logged
    public ReceiveResponseComponent(Config config) {
        newestSettings = config;
        configure(config);
        checks.scheduleWithFixedDelay(this::retryOrCheckKeyFiles, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Modified
    synchronized void configure(Config config) {
        newestSettings = config;
        open(true);
    }

    private synchronized void retryOrCheckKeyFiles() {
        if (stopped) {
            return;
        }
        try {
            if (fault != null && running == null) {
                open(false);
            } else if (running != null) {
                running.watch().check();
            }
        } catch (RuntimeException | Error e) {
            LOG.warn("{} the key files of the listener could not be checked", GatewayFault.EXCHANGE_FAILED.code(), e);
        }
    }

    /** Opens a listener with the newest settings, which replaces the present one. */
    private void open(boolean logFault) {
        Running before = running;
        try {
            CallbackServer.Settings settings = settings(newestSettings);
            CallbackServer made = new CallbackServer(settings, this::receive);
            String address = settings.host() + ":" + settings.port();
            boolean sameAddress = before != null && before.address().equals(address);
            if (before != null && sameAddress) {
                before.server().close();
                running = null;
            }
            running = new Running(made.start(), new TlsWatch(CallbackServer.PID, settings.tls(), made::use), address);
            fault = null;
            if (before != null && !sameAddress) {
                before.server().close();
            }
            LOG.info("Receive Response listens on port {}", port());
        } catch (PosternException e) {
            fault = e.fault();
            if (logFault) {
                LOG.error(
                        "{}{}",
                        e.fault(),
                        running == null ? "; the DCC cannot deliver" : "; the last good listener stays open");
            }
        }
    }

    private static CallbackServer.Settings settings(Config config) {
        String pid = CallbackServer.PID;
        TlsFiles tls = new TlsFiles(
                GatewayComponent.file(pid, "keyStore", config.keyStore()),
                GatewayComponent.file(pid, "keyStorePasswordFile", config.keyStorePasswordFile()),
                GatewayComponent.file(pid, "trustStore", config.trustStore()),
                GatewayComponent.file(pid, "trustStorePasswordFile", config.trustStorePasswordFile()),
                SettingForm.list(config.protocols()),
                SettingForm.list(config.cipherSuites()));
        return new CallbackServer.Settings(
                config.host() == null ? "" : config.host().strip(),
                config.port(),
                config.path(),
                tls,
                config.maxBytes(),
                config.ackStatus(),
                config.badStatus(),
                config.busyStatus(),
                config.maxInFlight(),
                Duration.ofSeconds(config.idleTimeoutSeconds()),
                Duration.ofSeconds(config.requestTimeoutSeconds()));
    }

    @Override
    public String part() {
        return "receive response";
    }

    @Override
    public Optional<Fault> trouble() {
        Running now = running;
        Optional<Fault> listening = now == null || now.server().port() > 0
                ? Optional.empty()
                : Optional.of(GatewayFault.PORT.fault(
                        CallbackServer.PID + "/port", "the port is open", "the listener has closed", "see the log"));
        return Optional.ofNullable(fault)
                .or(() -> listening)
                .or(() -> now == null ? Optional.empty() : now.watch().trouble());
    }

    @Override
    public Map<String, Long> figures() {
        Running now = running;
        return now == null ? Map.of() : now.server().figures();
    }

    private CallbackHandler.Receipt receive(byte[] document, String peer) {
        CallbackHandler now = handler;
        return now == null ? CallbackHandler.Receipt.BUSY : now.receive(document, peer);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHandler(CallbackHandler added) {
        handler = added;
    }

    void unbindHandler(CallbackHandler removed) {
        if (handler == removed) {
            handler = null;
        }
    }

    @Override
    public int port() {
        Running now = running;
        return now == null ? -1 : now.server().port();
    }

    @Deactivate
    synchronized void deactivate() {
        // a check that waits for this method must not open another listener
        stopped = true;
        checks.shutdownNow();
        Running now = running;
        if (now != null) {
            now.server().close();
        }
    }
}
