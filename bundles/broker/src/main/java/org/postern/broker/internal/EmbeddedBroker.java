package org.postern.broker.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.paging.PagingManager;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;
import org.postern.appliance.SecretFile;
import org.postern.broker.Queues;
import org.postern.catalogue.settings.SettingForm;

/** Artemis inside this process: its journal is on the local disk, every queue is durable, and no user is anonymous. */
final class EmbeddedBroker implements AutoCloseable {

    /** The in-process acceptor; unique per process and bundle revision, because each has its own copy of Artemis. */
    static final String VM_URL = "vm://0";

    /**
     * A message up to this size is one record of the journal and is on disk when it is acknowledged to its sender.
     * Artemis writes larger messages to separate files without a sync: on a full disk such a message can be accepted
     * and its content lost.
     */
    static final int LARGEST_RECORD_BYTES = 5 << 19;

    private static final int JOURNAL_BUFFER_BYTES = 3 << 20;
    private static final int PAGE_BYTES = 4 << 20;
    private static final long MIB = 1 << 20;
    private static final long EXPIRED_MILLIS = Duration.ofDays(7).toMillis();
    private static final int DISK_SCAN_MILLIS = 1_000;
    private static final int DUPLICATE_IDS = 20_000;
    private static final int WORK_ATTEMPTS = 10;
    private static final long FIRST_RETRY_MILLIS = 250;
    private static final long MAX_RETRY_MILLIS = 30_000;

    private final EmbeddedActiveMQ server;
    private final int bufferNanos;
    private final List<String> names;
    private final NothingConfirmedAfterIoError confirmations = new NothingConfirmedAfterIoError();

    EmbeddedBroker(BrokerConfig config, String internalPassword, String supplierPassword) throws Exception {
        check(config);
        this.names = PosternQueues.names(config.alertRoles());
        Path data = Path.of(config.dataFolder());
        Files.createDirectories(data);
        this.bufferNanos = config.bufferTimeoutMicros() > 0
                ? Math.multiplyExact(config.bufferTimeoutMicros(), 1000)
                : DiskProbe.syncNanos(data);
        Configuration artemis = new ConfigurationImpl();
        store(artemis, config, data);
        listen(artemis, config);
        queues(artemis, config);
        permissions(artemis);
        artemis.registerBrokerPlugin(new TemporaryReplies());
        artemis.registerBrokerPlugin(new ReadableMessages());
        this.server = new EmbeddedActiveMQ();
        server.setConfiguration(artemis);
        server.setSecurityManager(new BrokerUsers(internalPassword, supplierPassword));
        try {
            server.start();
        } catch (Exception e) {
            stopQuietly(e);
            throw e;
        }
        server().registerIOCriticalErrorListener((error, message, file) -> confirmations.ioError());
        server().getRemotingService().addOutgoingInterceptor(confirmations);
        if (!server.getActiveMQServer().waitForActivation(30, java.util.concurrent.TimeUnit.SECONDS)) {
            server.stop();
            throw new IOException("the embedded broker did not become active; is another process using " + data + "?");
        }
    }

    /** Releases the folder and the acceptors after a start that failed. */
    private void stopQuietly(Exception why) {
        try {
            server.stop();
        } catch (Exception e) {
            why.addSuppressed(e);
        }
    }

    int bufferMicros() {
        return bufferNanos / 1000;
    }

    /** True while the broker runs; false once it has stopped, for whatever reason. */
    boolean running() {
        ActiveMQServer broker = server();
        return broker.isStarted() && broker.isActive();
    }

    /**
     * True while the broker blocks its senders because the disk is fuller than {@code maxDiskUsagePercent}. Artemis
     * checks this every second.
     */
    boolean diskFull() {
        PagingManager paging = server().getPagingManager();
        return paging != null && paging.isDiskFull();
    }

    /**
     * Registers a listener for disk errors. The broker stops itself after such an error.
     *
     * @param listener receives the error and the name of the file on a thread of the broker; it must not block
     */
    void onIoError(BiConsumer<Throwable, String> listener) {
        server().registerIOCriticalErrorListener(
                        (error, message, file) -> listener.accept(error, String.valueOf(file)));
    }

    /**
     * Number of messages in each queue that Postern uses, including the shared work queues if they exist, without the
     * reply queues of single suppliers.
     */
    Map<String, Long> messages() {
        Map<String, Long> messages = new LinkedHashMap<>();
        names.forEach(name -> {
            Queue queue = server().locateQueue(SimpleString.of(name));
            if (queue != null) {
                messages.put(name, queue.getMessageCount());
            }
        });
        return messages;
    }

    /** The broker itself. */
    ActiveMQServer server() {
        return server.getActiveMQServer();
    }

    private void store(Configuration artemis, BrokerConfig config, Path data) {
        artemis.setName("postern");
        artemis.setPersistenceEnabled(true);
        artemis.setJournalType(JournalType.NIO);
        artemis.setJournalBufferTimeout_NIO(bufferNanos);
        artemis.setJournalBufferSize_NIO(JOURNAL_BUFFER_BYTES);
        artemis.setJournalDirectory(data.resolve("journal").toString());
        artemis.setBindingsDirectory(data.resolve("bindings").toString());
        artemis.setLargeMessagesDirectory(data.resolve("large").toString());
        artemis.setPagingDirectory(data.resolve("pages").toString());
        artemis.setNodeManagerLockDirectory(data.resolve("journal").toString());
        artemis.setGlobalMaxSize(config.memoryMiB() * MIB);
        artemis.setMaxDiskUsage(config.maxDiskUsagePercent());
        artemis.setDiskScanPeriod(DISK_SCAN_MILLIS);
        // A broker with a thread that hangs is as unusable as a stopped one: it is stopped, and its watch starts
        // another.
        artemis.setCriticalAnalyzerPolicy(CriticalAnalyzerPolicy.SHUTDOWN);
        artemis.setIDCacheSize(DUPLICATE_IDS);
        artemis.setPersistIDCache(true);
        artemis.setJMXManagementEnabled(false);
        // The JMS interface must know who submitted a request: the broker sets the user name, so that a sender cannot
        // forge it.
        artemis.setPopulateValidatedUser(true);
        // A queue on an address pattern would receive the messages that were sent to the reply queues of others.
        artemis.setWildCardConfiguration(new WildcardConfiguration().setRoutingEnabled(false));
        temporaryQueues(artemis);
    }

    /**
     * Refuses settings with which no later start can succeed.
     *
     * @throws IOException if passwords would be sent over the network unencrypted
     */
    static void check(BrokerConfig config) throws IOException {
        if (config.acceptorPort() > 0
                && config.acceptorKeyStore().isBlank()
                && !SettingForm.loopback(config.acceptorHost())) {
            throw new IOException("org.postern.broker: acceptorHost " + config.acceptorHost()
                    + " is reachable from other machines and has no acceptorKeyStore; passwords would be sent"
                    + " over the network unencrypted");
        }
    }

    // Artemis has deprecated this method for removal without naming a replacement.
    @SuppressWarnings("removal")
    private static void temporaryQueues(Configuration artemis) {
        artemis.setTemporaryQueueNamespace(Queues.TEMPORARY_PREFIX.substring(0, Queues.TEMPORARY_PREFIX.length() - 1));
    }

    private static void listen(Configuration artemis, BrokerConfig config) throws IOException {
        artemis.addAcceptorConfiguration(
                new TransportConfiguration(InVMAcceptorFactory.class.getName(), Map.of("serverId", "0"), "vm"));
        if (config.acceptorPort() <= 0) {
            return;
        }
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("host", config.acceptorHost());
        parameters.put("port", config.acceptorPort());
        parameters.put("protocols", "CORE");
        if (!config.acceptorKeyStore().isBlank()) {
            parameters.put("sslEnabled", true);
            parameters.put("keyStorePath", config.acceptorKeyStore());
            parameters.put("keyStoreType", "PKCS12");
            parameters.put("keyStorePassword", SecretFile.read(Path.of(config.acceptorKeyStorePasswordFile())));
            parameters.put("enabledProtocols", "TLSv1.2,TLSv1.3");
        }
        artemis.addAcceptorConfiguration(
                new TransportConfiguration(NettyAcceptorFactory.class.getName(), parameters, "suppliers"));
    }

    private static void queues(Configuration artemis, BrokerConfig config) {
        artemis.addAddressSetting("#", settings().setMaxDeliveryAttempts(WORK_ATTEMPTS));
        // Intake fails only while the ledger cannot write: a request waits until it can and is never moved to the dead
        // letters.
        artemis.addAddressSetting(Queues.REQUESTS, settings().setMaxDeliveryAttempts(-1));
        artemis.addAddressSetting(
                Queues.WORK_PREFIX + "#",
                settings()
                        .setMaxDeliveryAttempts(WORK_ATTEMPTS)
                        .setAutoCreateQueues(true)
                        .setAutoCreateAddresses(true)
                        .setDefaultQueueRoutingType(RoutingType.ANYCAST)
                        .setDefaultAddressRoutingType(RoutingType.ANYCAST));
        artemis.addAddressSetting(
                Queues.REPLY_PREFIX + "#",
                settings().setMaxDeliveryAttempts(-1).setAutoCreateQueues(true).setAutoCreateAddresses(true));
        // A result stays available to its client however often the client rolls back, because only Postern can read the
        // dead letters.
        artemis.addAddressSetting(Queues.RESULTS, settings().setMaxDeliveryAttempts(-1));
        // Expired messages remain available for inspection for some days; the ledger has their content permanently.
        artemis.addAddressSetting(
                Queues.EXPIRED, settings().setExpiryAddress(SimpleString.of("")).setExpiryDelay(EXPIRED_MILLIS));
        // An alert for a role without a queue goes to the dead letters instead of being dropped.
        artemis.addAddressSetting(
                Queues.ALERTS, settings().setMaxDeliveryAttempts(-1).setSendToDLAOnNoRoute(true));
        // Sending must not create the queue again: sending a result to a removed queue must fail, so that it goes to
        // the common results.
        artemis.addAddressSetting(
                Queues.TEMPORARY_PREFIX + "#",
                settings().setMaxDeliveryAttempts(-1).setAutoDeleteQueues(true).setAutoDeleteAddresses(true));
        Map<String, CoreAddressConfiguration> addresses = new LinkedHashMap<>();
        for (QueueConfiguration queue : PosternQueues.of(config.alertRoles())) {
            addresses
                    .computeIfAbsent(
                            queue.getAddress().toString(),
                            name -> new CoreAddressConfiguration().setName(name).addRoutingType(queue.getRoutingType()))
                    .addQueueConfiguration(queue);
        }
        addresses.values().forEach(artemis::addAddressConfiguration);
    }

    private static AddressSettings settings() {
        return new AddressSettings()
                .setDeadLetterAddress(SimpleString.of(Queues.DEAD))
                .setExpiryAddress(SimpleString.of(Queues.EXPIRED))
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
                .setMaxSizeBytes(16 * MIB)
                .setPageSizeBytes(PAGE_BYTES)
                .setRedeliveryDelay(FIRST_RETRY_MILLIS)
                .setRedeliveryMultiplier(2)
                .setMaxRedeliveryDelay(MAX_RETRY_MILLIS)
                .setAutoCreateQueues(false)
                .setAutoCreateAddresses(false)
                .setAutoDeleteQueues(false)
                .setAutoDeleteAddresses(false);
    }

    private static void permissions(Configuration artemis) {
        Role everything = role(
                BrokerUsers.INTERNAL,
                EnumSet.of(
                        CheckType.SEND,
                        CheckType.CONSUME,
                        CheckType.BROWSE,
                        CheckType.CREATE_ADDRESS,
                        CheckType.DELETE_ADDRESS,
                        CheckType.CREATE_DURABLE_QUEUE,
                        CheckType.DELETE_DURABLE_QUEUE,
                        CheckType.CREATE_NON_DURABLE_QUEUE,
                        CheckType.DELETE_NON_DURABLE_QUEUE));
        Set<CheckType> read = EnumSet.of(CheckType.CONSUME, CheckType.BROWSE);
        Set<CheckType> own = EnumSet.of(
                CheckType.CONSUME,
                CheckType.BROWSE,
                CheckType.CREATE_ADDRESS,
                CheckType.CREATE_DURABLE_QUEUE,
                CheckType.CREATE_NON_DURABLE_QUEUE,
                CheckType.DELETE_NON_DURABLE_QUEUE);
        // Only the most specific match applies, so each entry also names the role of Postern itself.
        artemis.putSecurityRoles("#", Set.of(everything));
        artemis.putSecurityRoles(
                Queues.REQUESTS, Set.of(everything, role(BrokerUsers.SUPPLIER, EnumSet.of(CheckType.SEND))));
        artemis.putSecurityRoles(Queues.RESULTS, Set.of(everything, role(BrokerUsers.SUPPLIER, read)));
        artemis.putSecurityRoles(Queues.ALERTS, Set.of(everything, role(BrokerUsers.SUPPLIER, read)));
        artemis.putSecurityRoles(Queues.ALERTS + ".#", Set.of(everything, role(BrokerUsers.SUPPLIER, read)));
        artemis.putSecurityRoles(Queues.REPLY_PREFIX + "#", Set.of(everything, role(BrokerUsers.SUPPLIER, own)));
        artemis.putSecurityRoles(Queues.TEMPORARY_PREFIX + "#", Set.of(everything, role(BrokerUsers.SUPPLIER, own)));
    }

    private static Role role(String name, Set<CheckType> may) {
        return new Role(
                name,
                may.contains(CheckType.SEND),
                may.contains(CheckType.CONSUME),
                may.contains(CheckType.CREATE_DURABLE_QUEUE),
                may.contains(CheckType.DELETE_DURABLE_QUEUE),
                may.contains(CheckType.CREATE_NON_DURABLE_QUEUE),
                may.contains(CheckType.DELETE_NON_DURABLE_QUEUE),
                false,
                may.contains(CheckType.BROWSE),
                may.contains(CheckType.CREATE_ADDRESS),
                may.contains(CheckType.DELETE_ADDRESS),
                false,
                false);
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
