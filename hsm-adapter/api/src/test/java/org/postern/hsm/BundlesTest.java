package org.postern.hsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleReference;
import org.postern.hsm.internal.Bundles;

/** The bundle of a class, inside and outside an OSGi framework. */
class BundlesTest {

    /** Loads two classes of this module again, like the class loader of a bundle. */
    private static final class BundleLoader extends ClassLoader implements BundleReference {

        private BundleLoader() {
            super(BundlesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Bundles.class.getName()) && !name.equals(KeyPurpose.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        public Bundle getBundle() {
            return (Bundle) Proxy.newProxyInstance(
                    BundlesTest.class.getClassLoader(), new Class<?>[] {Bundle.class}, (proxy, method, args) -> {
                        assertThat(method.getName()).isEqualTo("getSymbolicName");
                        return "org.postern.hsm";
                    });
        }
    }

    private static Object nameOf(Class<?> bundles, Class<?> type) throws Exception {
        return bundles.getMethod("symbolicNameOf", Class.class).invoke(null, type);
    }

    @Test
    void insideAFrameworkAClassHasTheNameOfItsBundleAndOtherClassesHaveNone() throws Exception {
        BundleLoader loader = new BundleLoader();
        Class<?> bundles = loader.loadClass(Bundles.class.getName());
        assertThat(nameOf(bundles, loader.loadClass(KeyPurpose.class.getName())))
                .isEqualTo("org.postern.hsm");
        assertThat(nameOf(bundles, BundlesTest.class))
                .as("a class of no bundle")
                .isEqualTo("");
    }

    @Test
    void outsideAFrameworkNoClassHasABundle() {
        assertThat(Bundles.symbolicNameOf(Bundles.class)).isNull();
        assertThat(new ProofAuthority().claim()).isNotNull();
    }
}
