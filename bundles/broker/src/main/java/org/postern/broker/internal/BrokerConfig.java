package org.postern.broker.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;

/** Settings of PID {@code org.postern.broker}. */
@ObjectClassDefinition(name = "Postern broker", description = "Embedded Artemis, or an external cluster")
public @interface BrokerConfig {

    @AttributeDefinition(
            name = "Mode",
            options = {@Option("embedded"), @Option("external")})
    @Form(with = "external:url")
    String mode() default "embedded";

    @AttributeDefinition(name = "Folder of journal and pages", description = "embedded only")
    @Form(form = SettingForm.PATH)
    String dataFolder() default "state/artemis";

    @AttributeDefinition(name = "Folder of generated credentials", description = "embedded only")
    @Form(form = SettingForm.PATH)
    String secretsFolder() default "state/secrets";

    @AttributeDefinition(
            name = "Listen address for supplier systems",
            description = "embedded only; anything but a loopback address needs a key store")
    @Form(form = SettingForm.LISTEN_ADDRESS, secure = "acceptorKeyStore")
    String acceptorHost() default "127.0.0.1";

    @AttributeDefinition(
            name = "Listen port for supplier systems",
            min = "0",
            max = "65535",
            description = "embedded only; 0: no listener")
    @Form(form = SettingForm.LISTEN_PORT, host = "acceptorHost")
    int acceptorPort() default 61616;

    @AttributeDefinition(name = "TLS key store (PKCS#12) of the listener", required = false)
    @Form(form = SettingForm.EXISTING, with = "acceptorKeyStorePasswordFile")
    String acceptorKeyStore() default "";

    @AttributeDefinition(name = "File that holds the key store's password", required = false)
    @Form(form = SettingForm.EXISTING)
    String acceptorKeyStorePasswordFile() default "";

    @AttributeDefinition(
            name = "Journal buffer timeout in microseconds",
            min = "0",
            max = "1000000",
            description = "0 measures the disk at start")
    int bufferTimeoutMicros() default 0;

    @AttributeDefinition(
            name = "Memory for messages in MiB",
            min = "1",
            max = "1048576",
            description = "messages beyond this limit are paged to disk")
    int memoryMiB() default 128;

    @AttributeDefinition(name = "Refuse new messages when the disk is this full, in percent", min = "1", max = "100")
    int maxDiskUsagePercent() default 95;

    @AttributeDefinition(
            name = "Failed starts of the embedded broker after which the process ends",
            min = "0",
            max = "1000000",
            description = "Consecutive failures; 0: retried without limit, at intervals of up to 30 seconds")
    int restartTries() default 0;

    @AttributeDefinition(name = "User Roles that have an alert queue", description = "Separated by commas")
    @Form(form = SettingForm.USER_ROLES)
    String alertRoles() default "IS,ES,GS,RSA,ED,GT,OU";

    @AttributeDefinition(name = "Broker URL", description = "external only", required = false)
    @Form(form = SettingForm.BROKER_URL)
    String url() default "";

    @AttributeDefinition(name = "User", description = "external only", required = false)
    @Form(with = "passwordFile")
    String user() default "";

    @AttributeDefinition(name = "File that holds the password", description = "external only", required = false)
    @Form(form = SettingForm.EXISTING)
    String passwordFile() default "";

    @AttributeDefinition(name = "Connections in the pool", min = "1", max = "1000")
    int connections() default 4;
}
