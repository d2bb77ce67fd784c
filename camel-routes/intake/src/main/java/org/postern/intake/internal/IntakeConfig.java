package org.postern.intake.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of PID {@code org.postern.intake}: the doors by which requests come in. */
@ObjectClassDefinition(name = "Postern intake", description = "JMS, HTTP and file doors")
public @interface IntakeConfig {

    @AttributeDefinition(name = "Requests admitted at once from the queue; 0 closes the JMS door", min = "0")
    int jmsConsumers() default 8;

    @AttributeDefinition(name = "Largest JMS message in bytes")
    int jmsMaxBytes() default 1 << 20;

    @AttributeDefinition(name = "HTTP address; other than loopback needs a key store")
    String httpHost() default "127.0.0.1";

    @AttributeDefinition(name = "HTTP port; 0 closes the HTTP door", min = "0", max = "65535")
    int httpPort() default 8080;

    @AttributeDefinition(name = "Largest HTTP body in bytes")
    int httpMaxBytes() default 1 << 20;

    @AttributeDefinition(name = "Seconds within which an HTTP request must be here whole, head and body", min = "1", max = "600")
    int httpRequestTimeoutSeconds() default 20;

    @AttributeDefinition(name = "File that holds the HTTP door's token; made at the first start")
    String httpTokenFile() default "state/secrets/http-door.token";

    @AttributeDefinition(name = "TLS key store (PKCS#12) of the HTTP door", required = false)
    String httpKeyStore() default "";

    @AttributeDefinition(name = "File that holds the key store's password", required = false)
    String httpKeyStorePasswordFile() default "";

    @AttributeDefinition(name = "Folder of the file door; empty closes it", required = false)
    String folder() default "state/intake";

    @AttributeDefinition(name = "Largest line of a batch, or largest XML file, in bytes")
    int fileMaxLineBytes() default 1 << 20;

    @AttributeDefinition(name = "Largest batch file in MiB")
    int fileMaxMiB() default 512;

    @AttributeDefinition(name = "A file that has not changed for so many milliseconds is complete", min = "0")
    int fileSettleMillis() default 2000;
}
