package org.postern.intake.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.postern.catalogue.settings.Form;
import org.postern.catalogue.settings.SettingForm;

/** Settings of PID {@code org.postern.intake}: the interfaces through which requests are submitted. */
@ObjectClassDefinition(name = "Postern intake", description = "JMS, HTTP and file interfaces")
public @interface IntakeConfig {

    @AttributeDefinition(
            name = "Requests admitted at once from the queue; 0 closes the JMS interface",
            min = "0",
            max = "1000")
    int jmsConsumers() default 8;

    @AttributeDefinition(name = "Largest JMS message in bytes", min = "1024", max = "1073741824")
    int jmsMaxBytes() default 1 << 20;

    @AttributeDefinition(name = "HTTP address; other than loopback needs a key store")
    @Form(form = SettingForm.LISTEN_ADDRESS, secure = "httpKeyStore")
    String httpHost() default "127.0.0.1";

    @AttributeDefinition(name = "HTTP port; 0 closes the HTTP interface", min = "0", max = "65535")
    @Form(form = SettingForm.LISTEN_PORT, host = "httpHost")
    int httpPort() default 8080;

    @AttributeDefinition(name = "Largest HTTP body in bytes", min = "1024", max = "1073741824")
    int httpMaxBytes() default 1 << 20;

    @AttributeDefinition(
            name = "Seconds within which a whole HTTP request, head and body, must arrive",
            min = "1",
            max = "600")
    int httpRequestTimeoutSeconds() default 20;

    @AttributeDefinition(name = "File that holds the token of the HTTP interface; created at the first start")
    @Form(form = SettingForm.PATH)
    String httpTokenFile() default "state/secrets/http-door.token";

    @AttributeDefinition(name = "TLS key store (PKCS#12) of the HTTP interface", required = false)
    @Form(form = SettingForm.EXISTING, with = "httpKeyStorePasswordFile")
    String httpKeyStore() default "";

    @AttributeDefinition(name = "File that holds the key store's password", required = false)
    @Form(form = SettingForm.EXISTING)
    String httpKeyStorePasswordFile() default "";

    @AttributeDefinition(name = "Folder of the file interface; empty closes it", required = false)
    @Form(form = SettingForm.PATH)
    String folder() default "state/intake";

    @AttributeDefinition(
            name = "Largest line of a batch, or largest XML file, in bytes",
            min = "1024",
            max = "1073741824")
    int fileMaxLineBytes() default 1 << 20;

    @AttributeDefinition(name = "Largest batch file in MiB", min = "1", max = "1048576")
    int fileMaxMiB() default 512;

    @AttributeDefinition(
            name = "Milliseconds without a change after which a file is complete",
            min = "0",
            max = "86400000")
    int fileSettleMillis() default 2000;
}
