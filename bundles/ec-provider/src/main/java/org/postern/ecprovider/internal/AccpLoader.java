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
 * Amazon Corretto Crypto Provider. Its native library and its cleaner thread stay until the process ends. Loaded by the
 * bundle, every refresh would leave another copy of both, and the bundle's former class loader with them; so inside
 * OSGi it has a class loader of its own, which the framework keeps and the next revision of the bundle takes.
 */
final class AccpLoader {

    private static final Logger LOG = LoggerFactory.getLogger(AccpLoader.class);
    private static final String JAR = "AmazonCorrettoCryptoProvider-*.jar";
    private static final String PROPERTY = "postern.accp";

    private AccpLoader() {}

    /**
     * The class loader that has the provider: the one that the framework keeps, or a new one that it keeps from now on.
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
            for (ServiceReference<ClassLoader> kept :
                    framework.getServiceReferences(ClassLoader.class, "(" + PROPERTY + "=" + name + ")")) {
                return framework.getService(kept);
            }
            // a file, because the bundle's own copy goes with its revision, and the loader opens it later than that
            Path copy = Files.createTempFile("postern-", name);
            copy.toFile().deleteOnExit();
            try (InputStream content = jar.openStream()) {
                Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            ClassLoader loader =
                    new URLClassLoader(new URL[] {copy.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
            @SuppressWarnings("JdkObsolete") // what the service registry takes
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
