package org.postern.ecprovider.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the Amazon Corretto Crypto Provider. Its native library and its cleaner thread remain until the process ends.
 * If the bundle loaded it, every refresh would leave another copy of both, together with the previous class loader of
 * the bundle. In OSGi it therefore has a separate class loader, which is registered with the framework and reused by
 * the next revision of the bundle.
 */
final class AccpLoader {

    private static final Logger LOG = LoggerFactory.getLogger(AccpLoader.class);
    private static final String JAR = "AmazonCorrettoCryptoProvider-*.jar";
    private static final String PROPERTY = "postern.accp";

    private AccpLoader() {}

    /**
     * The class loader of the provider: the one that is registered with the framework, or a new one, which is then
     * registered.
     */
    static synchronized ClassLoader of(BundleContext bundle) {
        Enumeration<URL> jars = bundle.getBundle().findEntries("/", JAR, false);
        if (jars == null) {
            return AccpLoader.class.getClassLoader();
        }
        URL jar = jars.nextElement();
        String name = jar.getPath().replaceFirst(".*/", "");
        BundleContext framework =
                bundle.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        try {
            for (ServiceReference<ClassLoader> registered :
                    framework.getServiceReferences(ClassLoader.class, "(" + PROPERTY + "=" + name + ")")) {
                return framework.getService(registered);
            }
            // copied to a file, because the entry of the bundle is removed with its revision, but the loader needs it
            // longer
            Path copy = Files.createTempFile("postern-", name);
            copy.toFile().deleteOnExit();
            try (InputStream content = jar.openStream()) {
                Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            ClassLoader loader =
                    new URLClassLoader(new URL[] {copy.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
            @SuppressWarnings("JdkObsolete") // required by the service registry
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put(PROPERTY, name);
            framework.registerService(ClassLoader.class, loader, properties);
            return loader;
        } catch (IOException | InvalidSyntaxException e) {
            LOG.warn("{} is loaded by the bundle: {}", name, e.toString());
            return AccpLoader.class.getClassLoader();
        }
    }
}
